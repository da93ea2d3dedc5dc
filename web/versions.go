package web

import (
	"context"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"flowdeck/cards/schema"
	"flowdeck/flows"
	"flowdeck/flows/store"
	"flowdeck/views"
)

// versionsShown is how many versions a page lists.
const versionsShown = 30

// draftKey is how addresses name the draft among the versions.
const draftKey = "draft"

func (s *Server) versionsRoutes(app *echo.Group) {
	app.GET("/flows/:id/versions", s.showVersions)
	app.POST("/flows/:id/restore", s.restore)
	app.GET("/flows/:id/publish", s.showPublish)
}

// showVersions lists what was published, and compares two states of the flow.
func (s *Server) showVersions(c echo.Context) error {
	flow, err := s.Store.Flow(c.Request().Context(), c.Param("id"))
	if err != nil {
		return err
	}
	return s.answerVersions(c, http.StatusOK, flow, nil)
}

func (s *Server) answerVersions(c echo.Context, status int, flow flows.Flow, note *views.NoteModel) error {
	ctx := c.Request().Context()
	m := views.VersionsPage{FlowID: flow.ID, Name: flow.Name, Revision: flow.Revision, Note: note}
	m.Shell = s.shell(c, flow.Name+" · Versions", "flows")
	m.Shell.Plain = true
	var err error
	if flow.Versions > 0 {
		err = s.compareVersions(ctx, &m, flow, c.QueryParam("from"), c.QueryParam("to"))
	}
	if err == nil {
		err = s.listVersions(ctx, &m, flow, c.QueryParam("before"))
	}
	if err != nil {
		return err
	}
	return render(c, status, views.Versions(m))
}

// listVersions fills the list, each version with what it changed.
func (s *Server) listVersions(ctx context.Context, m *views.VersionsPage, flow flows.Flow, before string) error {
	from := flow.Versions + 1
	if before != "" {
		n, err := strconv.ParseInt(before, 10, 64)
		if err != nil {
			return schema.Problems{{Field: "before", Message: "must be the number of a version"}}
		}
		from = n
	}
	list, err := s.Store.VersionsBefore(ctx, flow.ID, from, versionsShown+1)
	if err != nil {
		return err
	}
	if before == "" && flow.Versions > 0 && len(list) > 0 {
		m.List = append(m.List, s.draftRow(*m, flow, list[0]))
	}
	for i, v := range list {
		if i == versionsShown {
			m.Older = "/flows/" + flow.ID + "/versions?before=" + strconv.FormatInt(list[i-1].Number, 10)
			break
		}
		key := strconv.FormatInt(v.Number, 10)
		row := views.VersionRow{Key: key, Label: "v" + key, By: v.By, At: clock(v.At), Text: v.Message, Live: flow.On && v.Number == flow.Version,
			Summary: "first version", Href: "/flows/" + flow.ID + "/versions?from=" + strconv.FormatInt(v.Number-1, 10) + "&to=" + key}
		if i+1 < len(list) {
			row.Summary = flows.Compare(list[i+1].Document, v.Document, s.Cards).Summary()
		}
		row.Current = m.To == key && m.From == strconv.FormatInt(v.Number-1, 10)
		m.List = append(m.List, row)
	}
	return nil
}

func (s *Server) draftRow(m views.VersionsPage, flow flows.Flow, newest flows.Version) views.VersionRow {
	row := views.VersionRow{Key: draftKey, Label: "Draft", By: flow.UpdatedBy, At: clock(flow.Updated),
		Summary: flows.Compare(newest.Document, flow.Draft, s.Cards).Summary()}
	from := strconv.FormatInt(newest.Number, 10)
	row.Href = "/flows/" + flow.ID + "/versions?from=" + from + "&to=" + draftKey
	row.Current = m.To == draftKey && m.From == from
	return row
}

// compareVersions draws two states side by side; without names the draft and what
// is live, or the last two versions.
func (s *Server) compareVersions(ctx context.Context, m *views.VersionsPage, flow flows.Flow, from, to string) error {
	if to == "" {
		if to = draftKey; !flow.Changed {
			to = strconv.FormatInt(flow.Version, 10)
		}
	}
	if from == "" {
		from = strconv.FormatInt(flow.Version, 10)
		if from == to {
			from = strconv.FormatInt(flow.Version-1, 10)
		}
	}
	before, err := s.stateOf(ctx, flow, "from", from)
	if err != nil {
		return err
	}
	after, err := s.stateOf(ctx, flow, "to", to)
	if err != nil {
		return err
	}
	d, err := s.newDrawing(ctx, flow)
	if err != nil {
		return err
	}
	list, err := s.Store.Versions(ctx, flow.ID)
	if err != nil {
		return err
	}
	m.From, m.To, m.Choices = from, to, versionChoices(list)
	diff := d.diff(before, after)
	diff.Before, diff.After = stateWords(from), stateWords(to)
	switch {
	case from == nothingKey && to != draftKey && to != nothingKey:
		m.Restore = to
	case from != nothingKey && from != draftKey:
		m.Restore = from
		if to == draftKey {
			restoring(diff.Cards, from)
		}
	}
	m.Diff = &diff
	return nil
}

// nothingKey stands for what there was before the first version.
const nothingKey = "0"

// stateOf is the document of a version, or of the draft.
func (s *Server) stateOf(ctx context.Context, flow flows.Flow, field, key string) (flows.Document, error) {
	switch key {
	case draftKey:
		return flow.Draft, nil
	case nothingKey:
		return flows.Document{Format: flow.Draft.Format}, nil
	}
	n, err := strconv.ParseInt(key, 10, 64)
	if err != nil {
		return flows.Document{}, schema.Problems{{Field: field, Message: "must be the number of a version, or draft"}}
	}
	v, err := s.Store.Version(ctx, flow.ID, n)
	return v.Document, err
}

func stateWords(key string) string {
	switch key {
	case draftKey:
		return draftKey
	case nothingKey:
		return "nothing"
	}
	return "v" + key
}

func versionChoices(list []store.VersionRow) []views.OptionModel {
	choices := []views.OptionModel{{Value: draftKey, Label: "Draft"}}
	for _, v := range list {
		key := strconv.FormatInt(v.Number, 10)
		label := "v" + key + " · " + clock(v.At) + ", " + v.By
		if v.Message != "" {
			label += " · " + inCharacters(v.Message, 40)
		}
		choices = append(choices, views.OptionModel{Value: key, Label: label})
	}
	return append(choices, views.OptionModel{Value: nothingKey, Label: "Nothing"})
}

// restoring offers to take each card back to how a version had it.
func restoring(cards []views.DiffCard, version string) {
	for i := range cards {
		cards[i].RestoreTo = version
		switch cards[i].Kind {
		case "added":
			cards[i].RestoreLabel = "Take it out again"
		case "removed":
			cards[i].RestoreLabel = "Bring it back"
		default:
			cards[i].RestoreLabel = "Restore this card from v" + version
		}
	}
}

// inCharacters is the beginning of a text.
func inCharacters(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return s
}
