package web

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"flowdeck/flows"
	"flowdeck/flows/bundle"
	"flowdeck/flows/templates"
	"flowdeck/views"
)

func (s *Server) templatesRoutes(app *echo.Group) {
	app.GET("/templates", s.showTemplates)
	app.POST("/templates/:slug", s.useTemplate)
}

func (s *Server) showTemplates(c echo.Context) error {
	query := strings.ToLower(strings.TrimSpace(c.QueryParam("q")))
	m := views.TemplatesModel{Shell: s.shell(c, "Templates", "flows"), Query: c.QueryParam("q")}
	for _, t := range templates.All() {
		if !strings.Contains(strings.ToLower(t.Name+"\n"+t.Category+"\n"+t.Summary+"\n"+t.Doc), query) {
			continue
		}
		if n := len(m.Groups); n == 0 || m.Groups[n-1].Name != t.Category {
			m.Groups = append(m.Groups, views.TemplateGroup{Name: t.Category})
		}
		g := &m.Groups[len(m.Groups)-1]
		g.Rows = append(g.Rows, views.TemplateModel{Slug: t.Slug, Name: t.Name, Summary: t.Summary, Doc: t.Doc})
	}
	return render(c, http.StatusOK, views.TemplatesPage(m))
}

// useTemplate makes drafts of a template's flows, and its tables, and opens the main one.
func (s *Server) useTemplate(c echo.Context) error {
	t, ok := templates.Find(c.Param("slug"))
	if !ok {
		return flows.ErrNotFound
	}
	made, err := s.importFiles(c.Request().Context(), t.Files(), bundle.Options{By: *s.user(c), Copy: true})
	if wrong, ok := err.(bundle.Problems); ok {
		return echo.NewHTTPError(http.StatusConflict, "The template cannot be used: "+wrong.Error())
	}
	if err != nil {
		return err
	}
	for _, x := range made {
		if x.Kind == "flow" && strings.HasSuffix(x.File, "/"+t.Main+".json") {
			return goTo(c, "/flows/"+x.ID)
		}
	}
	return goTo(c, "/flows")
}
