package web

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"flowdeck/flows"
	"flowdeck/views"
)

// rerun runs a flow again with the event of a run: the version that is live now,
// or with version=same the one that ran. Of what would take effect twice it asks first.
func (s *Server) rerun(c echo.Context) error {
	ctx, id := c.Request().Context(), c.Param("run")
	if c.FormValue("sure") == "" {
		m, err := s.twice(ctx, id)
		if err != nil {
			return err
		}
		if len(m.Writes) > 0 || m.Cut {
			m.Version = c.FormValue("version")
			return askRerun(c, m)
		}
	}
	run, err := s.runAgain(ctx, id, c.FormValue("version") == sameVersion, s.user(c).Name, nil)
	if err != nil {
		return busyOr(err)
	}
	return goTo(c, "/runs/"+run.ID)
}

// askRerun opens the dialog that asks, whatever was pressed. A form that was sent before
// scripts were there has no dialog.
func askRerun(c echo.Context, m views.RerunModel) error {
	if !isHTMX(c) {
		var titles []string
		for _, w := range m.Writes {
			titles = append(titles, w.Card)
		}
		return echo.NewHTTPError(http.StatusConflict, "Nothing has begun: cards that took effect would do so a second time: "+
			cmp.Or(strings.Join(titles, ", "), "there are too many to look at all of them")+". Press Re-run again when the page is loaded; it asks then.")
	}
	c.Response().Header().Set("HX-Retarget", "#dialogs")
	c.Response().Header().Set("HX-Reswap", "innerHTML")
	return render(c, http.StatusOK, views.RerunDialog(m))
}

// twice lists the cards of a run, and of the runs that it began, that took effect or may have.
func (s *Server) twice(ctx context.Context, id string) (m views.RerunModel, err error) {
	m.RunID = id
	old, err := s.Store.Run(ctx, id)
	if err == nil {
		err = repeatable(old)
	}
	if err != nil {
		return m, err
	}
	w, err := s.weigh(ctx, alone(old), sameVersion)
	if err != nil {
		return m, err
	}
	m.Cut = w.cut
	m.Writes = w.draw(slices.DeleteFunc(w.start, func(x *written) bool { return x.done+x.doubtful == 0 }))
	return m, nil
}

// alone is one run, picked.
func alone(run flows.Run) picked {
	return picked{runs: []string{run.ID}, flows: map[string]string{run.FlowID: run.FlowName}}
}
