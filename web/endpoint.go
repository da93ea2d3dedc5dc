package web

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
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
	return render(c, status, views.EndpointPage(s.shell(c, "Endpoint settings", "flows"), m))
}

// saveEndpoint stores the settings; calls see them at once.
func (s *Server) saveEndpoint(c echo.Context) error {
	posted, err := c.FormParams()
	if err != nil {
		return err
	}
	form := postedEndpoint(posted)
	settings, problems := form.settings()
	id, by := c.Param("id"), s.user(c).Name
	if len(problems) == 0 {
		err = s.Store.UpdateFlow(c.Request().Context(), id, func(f *flows.Flow) error {
			settings.RequireTests = f.Settings.RequireTests // the page of the tests decides that
			f.Alias, f.Settings, f.Updated, f.UpdatedBy = form.alias, settings, s.Now(), by
			return nil
		})
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
	trigger(c, "fd:toast", map[string]string{"text": "Endpoint settings saved"})
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

// makeToken makes a client token, the only one from now on, and shows it this once.
func (s *Server) makeToken(c echo.Context) error {
	ctx := c.Request().Context()
	flow, err := s.Store.Flow(ctx, c.Param("id"))
	if err != nil {
		return err
	}
	token, err := s.newToken(ctx, flow.ID, s.user(c).Name)
	if err != nil {
		return err
	}
	m, err := s.endpointModel(c, flow, formOf(flow), nil)
	if err != nil {
		return err
	}
	m.Token.Fresh = token
	if isHTMX(c) {
		return render(c, http.StatusOK, views.EndpointTokenBox(m))
	}
	return render(c, http.StatusOK, views.EndpointPage(s.shell(c, "Endpoint settings", "flows"), m))
}

// newToken stores the hash of a fresh token of 130 random bits and returns the token.
func (s *Server) newToken(ctx context.Context, flowID, by string) (string, error) {
	token := "fdt_" + rand.Text()
	sum := sha256.Sum256([]byte(token))
	return token, s.Store.SetToken(ctx, flowID, hex.EncodeToString(sum[:]), "…"+token[len(token)-4:], by)
}
