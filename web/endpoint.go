package web

import (
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"flowdeck/cards/schema"
	"flowdeck/flows"
	"flowdeck/views"
)

// endpointRoutes are the settings of a flow's endpoint.
func (s *Server) endpointRoutes(app *echo.Group) {
	app.GET("/flows/:id/endpoint", s.showEndpoint)
	app.POST("/flows/:id/endpoint", s.saveEndpoint)
	app.POST("/flows/:id/endpoint/token", s.makeToken)
	app.POST("/flows/:id/endpoint/token/end", s.endToken)
	app.POST("/flows/:id/endpoint/alias/drop", s.dropAlias)
	app.GET("/flows/:id/endpoint/postman.json", s.postmanCollection)
	app.GET("/flows/:id/endpoint/openapi.json", s.endpointOpenAPI)
	app.GET("/flows/:id/endpoint/docs", s.endpointDocs)
	app.GET("/openapi.json", s.everyOpenAPI)
}

func (s *Server) showEndpoint(c echo.Context) error {
	flow, err := s.Store.Flow(c.Request().Context(), c.Param("id"))
	if err != nil {
		return err
	}
	m, err := s.endpointModel(c, flow, formOf(flow), nil)
	if err != nil {
		return err
	}
	return s.renderEndpoint(c, http.StatusOK, m)
}

func (s *Server) renderEndpoint(c echo.Context, status int, m views.EndpointModel) error {
	if isHTMX(c) {
		return render(c, status, views.EndpointDialog(m))
	}
	return render(c, status, views.EndpointPage(s.shell(c, m.Title(), "flows"), m))
}

// saveEndpoint stores the settings; calls see them at once.
func (s *Server) saveEndpoint(c echo.Context) error {
	posted, err := c.FormParams()
	if err != nil {
		return err
	}
	form := postedEndpoint(posted)
	settings, problems := form.settings(s.bounds())
	id, by := c.Param("id"), s.user(c).Name
	if len(problems) == 0 {
		err = s.storeEndpoint(c.Request().Context(), id, by, form, settings)
	}
	if errors.Is(err, flows.ErrTaken) {
		problems, err = schema.Problems{{Field: "alias", Message: "is taken by another flow; choose another one"}}, nil
	}
	if err != nil {
		return err
	}
	if len(problems) > 0 {
		return s.refuseEndpoint(c, id, form, problems)
	}
	if !isHTMX(c) {
		return c.Redirect(http.StatusSeeOther, "/flows/"+id)
	}
	trigger(c, "fd:close", map[string]string{})
	trigger(c, "fd:toast", map[string]string{"text": "Settings saved"})
	return s.canvasAgain(c, id)
}

func (s *Server) refuseEndpoint(c echo.Context, id string, form endpointForm, problems schema.Problems) error {
	flow, err := s.Store.Flow(c.Request().Context(), id)
	if err != nil {
		return err
	}
	m, err := s.endpointModel(c, flow, form, problems)
	if err != nil {
		return err
	}
	return s.renderEndpoint(c, http.StatusUnprocessableEntity, m)
}

// canvasAgain has a page that shows the flow load again: its first card says how it is called.
func (s *Server) canvasAgain(c echo.Context, id string) error {
	c.Response().Header().Set("HX-Reswap", "none")
	if currentPath(c) == "/flows/"+id {
		c.Response().Header().Set("HX-Refresh", "true")
	}
	return c.NoContent(http.StatusOK)
}
