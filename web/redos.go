package web

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"flowdeck/flows"
	"flowdeck/flows/store"
	"flowdeck/views"
)

func (s *Server) redosRoutes(app *echo.Group) {
	app.GET("/redos/new", s.showNewRedo)
	app.POST("/redos", s.createRedo)
	app.GET("/redos/:redo", s.showRedos)
	app.POST("/redos/:redo/stop", s.stopRedoPage)
}

// showNewRedo opens the dialog that takes failed runs up again: first of all it says
// what would happen a second time.
func (s *Server) showNewRedo(c echo.Context) error {
	ctx, q := c.Request().Context(), c.QueryParams()
	p, err := s.pick(ctx, q.Get("flow"), strings.TrimSpace(q.Get("q")), q.Get("upto"))
	if err != nil {
		return err
	}
	version := cmp.Or(q.Get("version"), sameVersion)
	w, err := s.weigh(ctx, p, version)
	if err != nil {
		return err
	}
	m := views.NewRedoModel{FlowID: p.flowID, Query: p.query, UpTo: p.upTo, From: cmp.Or(q.Get("from"), store.FromFailed), Version: version, Total: len(p.runs), More: p.more, Cut: w.cut,
		Failed: w.draw(w.failed), Start: w.draw(w.start)}
	return render(c, http.StatusOK, views.NewRedoDialog(m))
}

func (w weighed) draw(list []*written) []views.RedoWrite {
	var drawn []views.RedoWrite
	for _, x := range list {
		flow := ""
		if len(w.flows) > 1 {
			flow = w.flows[x.flowID]
		}
		drawn = append(drawn, views.RedoWrite{Card: placed(x.title, x.number, flow), Text: x.words()})
	}
	return drawn
}

// newRedo stores a redo of what was picked, and goes on with it in the background.
func (s *Server) newRedo(ctx context.Context, p picked, from, version, by string) (store.Redo, error) {
	if from != store.FromStart && from != store.FromFailed {
		return store.Redo{}, echo.NewHTTPError(http.StatusUnprocessableEntity, "Choose where the runs begin.")
	}
	if version != sameVersion && version != liveVersion {
		return store.Redo{}, echo.NewHTTPError(http.StatusUnprocessableEntity, "Choose the version that the runs take.")
	}
	if len(p.runs) == 0 {
		return store.Redo{}, echo.NewHTTPError(http.StatusUnprocessableEntity, "There is no failed run left that nobody has dealt with.")
	}
	r := store.Redo{ID: store.NewID("rd_"), Created: s.Now(), By: by, FlowID: p.flowID, Query: p.query, From: from, Version: version, Status: store.RedoRunning, Total: len(p.runs)}
	if err := s.Store.CreateRedo(ctx, r, p.runs); err != nil {
		return r, err
	}
	s.goOnWith(r.ID)
	return r, nil
}

// createRedo begins a redo.
func (s *Server) createRedo(c echo.Context) error {
	ctx := c.Request().Context()
	p, err := s.pick(ctx, c.FormValue("flow"), c.FormValue("q"), c.FormValue("upto"))
	if err != nil {
		return err
	}
	r, err := s.newRedo(ctx, p, c.FormValue("from"), c.FormValue("version"), s.user(c).Name)
	if err != nil {
		return err
	}
	return goTo(c, "/redos/"+r.ID)
}

// stopRedoPage has a redo begin nothing more.
func (s *Server) stopRedoPage(c echo.Context) error {
	id := c.Param("redo")
	if err := s.stopRedo(c.Request().Context(), id); err != nil && !errors.Is(err, flows.ErrConflict) {
		return err
	}
	return goTo(c, "/redos/"+id)
}

// redoURL is the address of the dialog for what a list shows.
func (h history) redoURL(path string) string {
	q := url.Values{}
	if h.flowID != "" {
		q.Set("flow", h.flowID)
	}
	if h.query != "" {
		q.Set("q", h.query)
	}
	if len(q) > 0 {
		path += "?" + q.Encode()
	}
	return path
}

// liveVersion takes the version that is live now.
const liveVersion = "live"
