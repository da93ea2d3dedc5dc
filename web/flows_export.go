package web

import (
	"fmt"
	"net/http"

	"github.com/labstack/echo/v4"

	"flowdeck/flows"
	"flowdeck/flows/bundle"
	"flowdeck/flows/store"
	"flowdeck/views"
)

// exportFlow sends the draft as a file.
func (s *Server) exportFlow(c echo.Context) error {
	f, err := s.Store.Flow(c.Request().Context(), c.Param("id"))
	if err != nil {
		return err
	}
	named, err := s.connectionNames(c.Request().Context())
	if err != nil {
		return err
	}
	text, err := bundle.FileOf(f, named).Encode()
	if err != nil {
		return fmt.Errorf("export flow %s: %w", f.ID, err)
	}
	c.Response().Header().Set(echo.HeaderContentDisposition, `attachment; filename="`+flows.AliasFrom(f.Name)+`.flow.json"`)
	return c.Blob(http.StatusOK, echo.MIMEApplicationJSON, text)
}

// mostOffered is how many flows the export dialog lists to choose from.
const mostOffered = 200

// showExport asks which flows to export: those that the list shows.
func (s *Server) showExport(c echo.Context) error {
	if !isHTMX(c) {
		return c.Redirect(http.StatusSeeOther, "/flows") // the dialog stands over a page
	}
	rows, next, err := s.Store.Flows(c.Request().Context(), filterOf(pageQuery(c), mostOffered))
	if err != nil {
		return err
	}
	m := views.ExportModel{More: next != ""}
	for _, r := range rows {
		m.Flows = append(m.Flows, views.CheckModel{ID: "ex-" + r.ID, Name: "flow", Value: r.ID, Label: r.Name, On: true})
	}
	return render(c, http.StatusOK, views.ExportDialog(m))
}

// exportFlows sends the chosen flows with the connections that they use as a zip file, or
// everything there is when none was chosen.
func (s *Server) exportFlows(c echo.Context) error {
	files, err := s.bundle().Export(c.Request().Context(), bundle.Selection{Flows: c.QueryParams()["flow"]})
	if err != nil {
		return err
	}
	text, err := bundle.Zip(files)
	if err != nil {
		return err
	}
	c.Response().Header().Set(echo.HeaderContentDisposition, `attachment; filename="flowdeck.zip"`)
	return c.Blob(http.StatusOK, zipType, text)
}

// filterOf reads which flows a list's address asks for.
func filterOf(query map[string][]string, limit int) store.FlowFilter {
	get := func(name string) string {
		if v := query[name]; len(v) > 0 {
			return v[0]
		}
		return ""
	}
	return store.FlowFilter{Query: get("q"), State: get("state"), Label: get("label"), Folder: get("folder"), Cursor: get("cursor"), Limit: limit}
}
