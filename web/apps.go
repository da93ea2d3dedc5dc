package web

import (
	"crypto/rand"
	"errors"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"flowdeck/cards/schema"
	"flowdeck/flows"
	"flowdeck/oauth"
	"flowdeck/views"
)

// appsRoutes are the client apps that may call endpoints.
func (s *Server) appsRoutes(app *echo.Group) {
	app.GET("/apps", s.showApps)
	app.POST("/apps", s.createApp)
	app.GET("/apps/new", s.newApp)
	app.GET("/apps/:id", s.showApp)
	app.POST("/apps/:id", s.saveApp)
	app.GET("/apps/:id/edit", s.editApp)
	app.POST("/apps/:id/active", s.switchApp)
	app.POST("/apps/:id/delete", s.deleteApp)
	app.POST("/apps/:id/scopes", s.grantScope)
	app.POST("/apps/:id/scopes/take", s.takeScope)
	app.POST("/apps/:id/jwks", s.setJWKSURL)
	app.GET("/apps/:id/keys/new", s.newKey)
	app.GET("/apps/:id/keys/generate", s.generateKey)
	app.POST("/apps/:id/keys", s.addKey)
	app.POST("/apps/:id/keys/change", s.changeKey)
	app.POST("/apps/:id/secrets", s.addSecret)
	app.POST("/apps/:id/secrets/end", s.endSecret)
	app.POST("/apps/:id/tokens/revoke", s.revokeAppToken)
}

func (s *Server) showApps(c echo.Context) error {
	s.authority.ledger.flush(c.Request().Context())
	query := strings.TrimSpace(c.QueryParam("q"))
	rows, err := s.Store.Apps(c.Request().Context(), query)
	if err != nil {
		return err
	}
	m := views.AppsModel{Shell: s.shell(c, "Client apps", "settings"), Query: query}
	for _, r := range rows {
		m.Rows = append(m.Rows, views.AppRowModel{ID: r.ID, Name: r.Name, Owner: r.Owner, Auth: authWords(r.Auth), Scopes: strings.Join(r.Scopes, " "),
			Active: r.Active, LastUsed: moment(r.LastUsed, s.Now()), Proofs: proofs(r)})
	}
	return render(c, http.StatusOK, views.AppsPage(m))
}

func (s *Server) newApp(c echo.Context) error {
	return s.renderAppForm(c, http.StatusOK, views.AppFormModel{Post: "/apps", Title: "New client app", Owner: s.user(c).Name, Auth: oauth.AuthKey, New: true})
}

func (s *Server) renderAppForm(c echo.Context, status int, m views.AppFormModel) error {
	if isHTMX(c) {
		return render(c, status, views.AppDialog(m))
	}
	return render(c, status, views.AppFormPage(s.shell(c, m.Title, "settings"), m))
}

// postedApp reads what a person says of an app.
func postedApp(c echo.Context, m views.AppFormModel) (views.AppFormModel, schema.Problems) {
	m.Name, m.Description, m.Owner = strings.TrimSpace(c.FormValue("name")), strings.TrimSpace(c.FormValue("description")), strings.TrimSpace(c.FormValue("owner"))
	var problems schema.Problems
	for _, x := range []struct {
		field, value string
		least, most  int
	}{{"name", m.Name, 1, 80}, {"description", m.Description, 0, 500}, {"owner", m.Owner, 0, 100}} {
		if n := len([]rune(x.value)); n < x.least {
			problems = append(problems, schema.Problem{Field: x.field, Message: "is required"})
		} else if n > x.most {
			problems = append(problems, schema.Problem{Field: x.field, Message: "is too long"})
		}
	}
	return m, problems
}

func (s *Server) createApp(c echo.Context) error {
	m, problems := postedApp(c, views.AppFormModel{Post: "/apps", Title: "New client app", New: true})
	m.Auth = oauth.AuthKey
	if c.FormValue("auth") == oauth.AuthSecret {
		m.Auth = oauth.AuthSecret
	}
	now, by := s.Now(), s.user(c).Name
	a := oauth.App{ID: "app_" + strings.ToLower(rand.Text()[:20]), Name: m.Name, Description: m.Description, Owner: m.Owner, Active: true, Auth: m.Auth,
		Created: now, CreatedBy: by, Updated: now, UpdatedBy: by}
	var err error
	if len(problems) == 0 {
		err = s.Store.CreateApp(c.Request().Context(), a)
	}
	return s.appSaved(c, a.ID, m, problems, err)
}

// appSaved goes to the app, or says at the fields what is wrong.
func (s *Server) appSaved(c echo.Context, id string, m views.AppFormModel, problems schema.Problems, err error) error {
	if errors.Is(err, flows.ErrTaken) {
		problems, err = schema.Problems{{Field: "name", Message: "is the name of another app"}}, nil
	}
	if err != nil {
		return err
	}
	if len(problems) > 0 {
		m.Problems = byField(problems)
		return s.renderAppForm(c, http.StatusUnprocessableEntity, m)
	}
	return goTo(c, "/apps/"+id)
}

func (s *Server) editApp(c echo.Context) error {
	a, err := s.Store.App(c.Request().Context(), c.Param("id"))
	if err != nil {
		return err
	}
	return s.renderAppForm(c, http.StatusOK, views.AppFormModel{Post: "/apps/" + a.ID, Title: "Edit client app", Name: a.Name, Description: a.Description, Owner: a.Owner})
}

func (s *Server) saveApp(c echo.Context) error {
	id := c.Param("id")
	m, problems := postedApp(c, views.AppFormModel{Post: "/apps/" + id, Title: "Edit client app"})
	var err error
	if len(problems) == 0 {
		err = s.changeApp(c, func(a *oauth.App) error {
			a.Name, a.Description, a.Owner = m.Name, m.Description, m.Owner
			return nil
		})
	}
	return s.appSaved(c, id, m, problems, err)
}

// changeApp changes the app of the address and notes who did.
func (s *Server) changeApp(c echo.Context, change func(*oauth.App) error) error {
	by := s.user(c).Name
	return s.Store.UpdateApp(c.Request().Context(), c.Param("id"), func(a *oauth.App) error {
		a.Updated, a.UpdatedBy = s.Now(), by
		return change(a)
	})
}

func (s *Server) switchApp(c echo.Context) error {
	on := c.FormValue("active") == "true"
	if err := s.changeApp(c, func(a *oauth.App) error { a.Active = on; return nil }); err != nil {
		return err
	}
	return s.appAgain(c, http.StatusOK, appNotes{})
}

func (s *Server) deleteApp(c echo.Context) error {
	if err := s.Store.DeleteApp(c.Request().Context(), c.Param("id")); err != nil {
		return err
	}
	return goTo(c, "/apps")
}

func authWords(auth string) string {
	if auth == oauth.AuthSecret {
		return "Client secret"
	}
	return "Public key / private key"
}
