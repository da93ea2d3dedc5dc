package web

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"flowdeck/static"
)

// routes lists every route there is, resource by resource. What is registered
// in open answers anybody; app asks for a sign-in first.
func (s *Server) routes(e *echo.Echo) {
	open := e.Group("")
	app := e.Group("", s.signedIn)

	open.GET("/healthz", s.healthz)
	open.GET("/readyz", s.readyz)
	open.GET(static.Prefix+"*", echo.WrapHandler(static.Handler()))
	open.HEAD(static.Prefix+"*", echo.WrapHandler(static.Handler()))

	s.loginRoutes(open, app)
	s.setupRoutes(open)
	s.callbackRoutes(open)
	s.flowsRoutes(app)
	s.templatesRoutes(app)
	s.builderRoutes(app)
	s.expressionRoutes(app)
	s.choiceRoutes(app)
	s.endpointRoutes(app)
	s.appsRoutes(app)
	s.runsRoutes(app)
	s.dashboardRoutes(app)
	s.redosRoutes(app)
	s.failuresRoutes(app)
	s.connectionsRoutes(app)
	s.tablesRoutes(app)
	s.variablesRoutes(app)
	s.settingsRoutes(app)

	app.GET("/", func(c echo.Context) error { return c.Redirect(http.StatusSeeOther, "/flows") })
	app.Any("/*", func(echo.Context) error { return echo.ErrNotFound })
}
