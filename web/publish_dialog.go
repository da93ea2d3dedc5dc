package web

import (
	"context"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"flowdeck/flows"
	"flowdeck/flows/flowtest"
	"flowdeck/views"
)

// openCards is how many cards of a difference a dialog shows unfolded.
const openCards = 6

// showPublish opens the dialog that shows what publishing would change.
func (s *Server) showPublish(c echo.Context) error {
	ctx := c.Request().Context()
	flow, err := s.Store.Flow(ctx, c.Param("id"))
	if err != nil {
		return err
	}
	m := views.PublishDialogModel{FlowID: flow.ID, Revision: flow.Revision, Next: "v" + strconv.FormatInt(flow.Versions+1, 10)}
	live := flows.Document{Format: flow.Draft.Format}
	if flow.Version > 0 {
		if live, err = s.stateOf(ctx, flow, "version", strconv.FormatInt(flow.Version, 10)); err != nil {
			return err
		}
	}
	d, err := s.newDrawing(ctx, flow)
	if err != nil {
		return err
	}
	m.Diff = d.diff(live, flow.Draft)
	m.Diff.Before, m.Diff.After, m.Diff.Compact = "live", draftKey, len(m.Diff.Cards) > openCards
	if flow.Version == 0 {
		m.Diff.Before, m.Diff.Compact = "nothing", true
		m.Diff.Summary = "The first version: " + m.Diff.Summary
	}
	if err := s.testDraft(ctx, &m, flow); err != nil {
		return err
	}
	return render(c, http.StatusOK, views.PublishDialog(m))
}

// testDraft runs the flow's tests and says how they went.
func (s *Server) testDraft(ctx context.Context, m *views.PublishDialogModel, flow flows.Flow) error {
	if _, _, err := s.testAll(ctx, flow, flow.Draft); err != nil {
		return err
	}
	list, err := s.Store.FlowTests(ctx, flow.ID)
	for _, t := range list {
		row := s.testRow(t)
		m.Tests = append(m.Tests, row)
		if row.Kind != "ok" {
			m.Failed++
		}
	}
	m.Blocked = flowtest.Refusal(flow.Settings, m.Failed) != ""
	return err
}
