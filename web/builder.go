package web

import (
	"context"
	"errors"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"flowdeck/connectors"
	"flowdeck/flows"
	"flowdeck/flows/store"
	"flowdeck/views"
)

func (s *Server) builderRoutes(app *echo.Group) {
	app.GET("/flows/:id", s.showBuilder)
	app.GET("/flows/:id/canvas", s.showCanvas)
	app.GET("/flows/:id/cards", s.showCards)
	app.GET("/flows/:id/clip", s.copyCards)
	app.GET("/flows/:id/find", s.findInFlow)
	app.POST("/flows/:id/edit", s.editFlow)
	app.POST("/flows/:id/undo", s.undoEdit)
	app.POST("/flows/:id/redo", s.redoEdit)
	app.POST("/flows/:id/publish", s.publishFlow)
	s.versionsRoutes(app)
	s.pinRoutes(app)
	s.testsRoutes(app)
	app.GET("/flows/:id/steps/:step/run", s.showTrial)
	app.POST("/flows/:id/revert", s.revertDraft)
	app.POST("/flows/:id/switch", s.switchFlow)
	app.GET("/flows/:id/steps/:step/connections", s.stepConnections)
	app.GET("/flows/:id/steps/:step/test", s.showCardTest)
	app.GET("/flows/:id/steps/:step/answer", s.downloadAnswer)
	app.GET("/flows/:id/steps/:step/answer/more", s.moreOfAnswer)
	app.POST("/flows/:id/steps/:step/test", s.testCard)
	s.curlRoutes(app)
	app.GET("/flows/:id/run", s.showRunDialog)
	app.POST("/flows/:id/run", s.runDraft)
}

func (s *Server) showBuilder(c echo.Context) error {
	page, err := s.builderPage(c, c.Param("id"))
	if err != nil {
		return err
	}
	return render(c, http.StatusOK, views.Builder(page))
}

func (s *Server) showCanvas(c echo.Context) error {
	page, err := s.builderPage(c, c.Param("id"))
	if err != nil {
		return err
	}
	c.Response().Header().Set("FD-Rev", strconv.FormatInt(page.Revision, 10))
	return render(c, http.StatusOK, views.BuilderUpdate(page))
}

// builderPage draws the flow as it is stored now.
func (s *Server) builderPage(c echo.Context, flowID string) (views.BuilderPage, error) {
	flow, err := s.Store.Flow(c.Request().Context(), flowID)
	if err != nil {
		return views.BuilderPage{}, err
	}
	return s.drawBuilder(c, flow, "")
}

// drawBuilder draws a flow that has just been read or written. Fresh is the step
// that was just added: that it is still empty is not yet held against it.
func (s *Server) drawBuilder(c echo.Context, flow flows.Flow, fresh string) (views.BuilderPage, error) {
	d, err := s.drawing(c, flow, fresh)
	if err != nil {
		return views.BuilderPage{}, err
	}
	return s.framed(c, d)
}

func (s *Server) drawing(c echo.Context, flow flows.Flow, fresh string) (*drawing, error) {
	d, err := s.newDrawing(c.Request().Context(), flow)
	if err != nil {
		return nil, err
	}
	d.base = s.baseURL(c.Request())
	if id := runShown(c); id != "" {
		if err := s.showRunIn(c.Request().Context(), d, id); err != nil && !notFound(err) {
			return nil, err
		}
	}
	d.spare(fresh)
	d.whole = wholeCards(flow.Draft, append(shown(c), fresh))
	return d, nil
}

// framed draws the page with its frame and the undo buttons.
func (s *Server) framed(c echo.Context, d *drawing) (page views.BuilderPage, err error) {
	page = d.page()
	page.Shell = s.shell(c, d.flow.Name, "flows")
	page.Shell.Plain = true
	page.Undo, page.Redo, err = s.undoable(c.Request().Context(), d.flow.ID, s.user(c).ID)
	return page, err
}

func (s *Server) undoable(ctx context.Context, flowID, userID string) (undo, redo views.UndoModel, err error) {
	last, err := s.Store.LastEdit(ctx, flowID, userID, false)
	if err == nil {
		undo = views.UndoModel{Able: true, Label: lowerFirst(last.Label)}
	} else if !errors.Is(err, flows.ErrNotFound) {
		return undo, redo, err
	}
	undone, err := s.Store.LastEdit(ctx, flowID, userID, true)
	if err == nil {
		redo = views.UndoModel{Able: true, Label: lowerFirst(undone.Label)}
	} else if !errors.Is(err, flows.ErrNotFound) {
		return undo, redo, err
	}
	return undo, redo, nil
}

// stepConnections answers the menu of a card's connection row.
func (s *Server) stepConnections(c echo.Context) error {
	ctx := c.Request().Context()
	flow, err := s.Store.Flow(ctx, c.Param("id"))
	if err != nil {
		return err
	}
	step, ok := flow.Draft.Step(c.Param("step"))
	if !ok {
		return flows.ErrNotFound
	}
	list, err := s.Store.Connections(ctx)
	if err != nil {
		return err
	}
	m := views.ConnMenuModel{Step: step.ID, NewURL: "/connections/new?flow=" + flow.ID + "&step=" + step.ID}
	for _, x := range list {
		state, text := connectionState(x)
		m.Choices = append(m.Choices, views.ConnChoice{ID: x.ID, Name: x.Name, Text: text, State: state, Chosen: x.ID == step.Connection})
	}
	return render(c, http.StatusOK, views.ConnMenu(m))
}

// connectionState says in a word how a connection is, and whether that is good.
func connectionState(x connectors.Connection) (kind, text string) {
	switch x.State {
	case connectors.Ready:
		return "ok", "connected"
	case connectors.Untested:
		return "ok", "not tested"
	case connectors.SigningIn:
		return "warn", "signing in"
	case connectors.Failing:
		return "err", "failing"
	}
	return "err", "needs sign-in"
}

// asConflict finds out who saved first.
func asConflict(err error) (*store.Conflict, bool) {
	var conflict *store.Conflict
	return conflict, errors.As(err, &conflict)
}
