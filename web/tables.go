package web

import (
	"errors"
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"flowdeck/cards"
	"flowdeck/cards/schema"
	"flowdeck/flows"
	"flowdeck/flows/store"
	"flowdeck/views"
)

func (s *Server) tablesRoutes(app *echo.Group) {
	app.GET("/tables", s.showTables)
	app.GET("/tables/new", s.newTable)
	app.POST("/tables", s.createTable)
	app.GET("/tables/:id", s.showTable)
	app.GET("/tables/:id/details", s.showTableDetails)
	app.POST("/tables/:id/details", s.saveTableDetails)
	app.GET("/tables/:id/delete", s.askDeleteTable)
	app.DELETE("/tables/:id", s.deleteTable)
	app.GET("/tables/:id/columns", s.showColumns)
	app.POST("/tables/:id/columns", s.saveColumns)
	app.GET("/tables/:id/row", s.newRow)
	app.GET("/tables/:id/rows/:row", s.showRow)
	app.POST("/tables/:id/rows", s.saveRow)
	app.POST("/tables/:id/rows/:row", s.saveRow)
	app.POST("/tables/:id/rows/:row/cell", s.saveCell)
	app.POST("/tables/:id/delete-rows", s.deleteRows)
	app.POST("/tables/:id/clear", s.clearTable)
	app.GET("/tables/:id/import", s.showTableImport)
	app.POST("/tables/:id/import", s.importTable)
	app.GET("/tables/:id/export.csv", s.exportTable)
}

func (s *Server) showTables(c echo.Context) error {
	query := strings.TrimSpace(c.QueryParam("q"))
	list, err := s.Store.Tables(c.Request().Context(), query, cards.MaxTables)
	if err != nil {
		return err
	}
	m := views.TablesModel{Shell: s.shell(c, "Tables", "tables"), Query: query, None: len(list) == 0 && query == "", New: c.QueryParam("new") != ""}
	for _, t := range list {
		m.Rows = append(m.Rows, views.TableRowModel{ID: t.ID, Name: t.Name, Description: t.Description, Columns: count(len(t.Columns), "column", "columns"),
			Rows: rowWords(t.Rows), Changed: moment(t.Updated, s.Now())})
	}
	return render(c, http.StatusOK, views.TablesPage(m))
}

func (s *Server) newTable(c echo.Context) error {
	if !isHTMX(c) {
		return c.Redirect(http.StatusSeeOther, "/tables?new=1")
	}
	return render(c, http.StatusOK, views.TableDetails(views.TableDetailsModel{}))
}

// createTable makes a table with one column, and opens it.
func (s *Server) createTable(c echo.Context) error {
	t := cards.Table{ID: store.NewID("tbl_"), UpdatedBy: s.user(c).Name, Columns: []cards.Column{{Key: "name", Name: "Name", Type: schema.Text}}}
	problems := named(c, &t.Name, &t.Description)
	if len(problems) == 0 {
		err := s.Store.CreateTable(c.Request().Context(), t)
		switch {
		case errors.Is(err, flows.ErrTaken):
			problems = schema.Problems{{Field: "name", Message: "Another table has this name."}}
		case err != nil:
			return tableProblem(err)
		default:
			return goTo(c, "/tables/"+t.ID)
		}
	}
	return render(c, http.StatusUnprocessableEntity, views.TableDetails(views.TableDetailsModel{Name: t.Name, Description: t.Description, Problems: byField(problems)}))
}

// maxName is how long the name of a table, a column or a variable may be, in letters.
const maxName = 80

// named reads the name and the description of something.
func named(c echo.Context, name, description *string) (problems schema.Problems) {
	*name, *description = strings.TrimSpace(c.FormValue("name")), strings.TrimSpace(c.FormValue("description"))
	switch {
	case *name == "":
		problems = append(problems, schema.Problem{Field: "name", Message: "Give it a name."})
	case utf8.RuneCountInString(*name) > maxName:
		problems = append(problems, schema.Problem{Field: "name", Message: "A name may be 80 letters long."})
	}
	if utf8.RuneCountInString(*description) > 500 {
		problems = append(problems, schema.Problem{Field: "description", Message: "A description may be 500 letters long."})
	}
	return problems
}

// tableProblem makes what a table refuses a problem of the person's, not ours.
func tableProblem(err error) error {
	var e *cards.Error
	if errors.As(err, &e) && e.Code != cards.CodeBug && !errors.Is(err, flows.ErrNotFound) {
		return schema.Problems{{Message: upperFirst(e.Message) + "."}}
	}
	return err
}

func (s *Server) showTableDetails(c echo.Context) error {
	t, err := s.Store.Table(c.Request().Context(), c.Param("id"))
	if err != nil {
		return err
	}
	m := views.TableDetailsModel{ID: t.ID, Name: t.Name, Description: t.Description}
	if m.Uses, err = s.usesOf(c, t.ID); err != nil {
		return err
	}
	return render(c, http.StatusOK, views.TableDetails(m))
}

// usesShown is how many flows are listed that use something.
const usesShown = 50

func (s *Server) usesOf(c echo.Context, id string) ([]views.MenuItemModel, error) {
	uses, err := s.Store.Mentioning(c.Request().Context(), id, usesShown)
	return useLinks(uses), err
}

func useLinks(uses []store.FlowUse) []views.MenuItemModel {
	var list []views.MenuItemModel
	for _, u := range uses {
		list = append(list, views.MenuItemModel{Label: u.Name, Href: "/flows/" + u.ID})
	}
	return list
}

func (s *Server) saveTableDetails(c echo.Context) error {
	id, ctx := c.Param("id"), c.Request().Context()
	m := views.TableDetailsModel{ID: id}
	problems := named(c, &m.Name, &m.Description)
	if len(problems) == 0 {
		err := s.Store.UpdateTable(ctx, id, func(t *cards.Table) error {
			t.Name, t.Description, t.UpdatedBy = m.Name, m.Description, s.user(c).Name
			return nil
		})
		switch {
		case errors.Is(err, flows.ErrTaken):
			problems = schema.Problems{{Field: "name", Message: "Another table has this name."}}
		case err != nil:
			return err
		default:
			return s.tableAgain(c, "Saved")
		}
	}
	m.Problems = byField(problems)
	return render(c, http.StatusUnprocessableEntity, views.TableDetails(m))
}

// tableAgain closes the dialog and loads the table's page again, as the person sees it.
func (s *Server) tableAgain(c echo.Context, text string) error {
	if !isHTMX(c) {
		return c.Redirect(http.StatusSeeOther, "/tables/"+c.Param("id"))
	}
	trigger(c, "fd:close", struct{}{})
	if text != "" {
		trigger(c, "fd:toast", map[string]string{"text": text})
	}
	trigger(c, "fd:table", struct{}{})
	return c.NoContent(http.StatusNoContent)
}

// askDeleteTable shows the question, or the flows because of which there is none.
func (s *Server) askDeleteTable(c echo.Context) error {
	t, err := s.Store.Table(c.Request().Context(), c.Param("id"))
	if err != nil {
		return err
	}
	return s.deleteQuestion(c, http.StatusOK, t)
}

func (s *Server) deleteQuestion(c echo.Context, status int, t cards.Table) error {
	uses, err := s.usesOf(c, t.ID)
	if err != nil {
		return err
	}
	return render(c, status, views.DeleteDialog(views.DeleteModel{What: "table", Name: t.Name, URL: "/tables/" + t.ID, Uses: uses,
		Text: "Its " + rowWords(t.Rows) + " go with it. This cannot be undone."}))
}

func (s *Server) deleteTable(c echo.Context) error {
	ctx, id := c.Request().Context(), c.Param("id")
	t, err := s.Store.Table(ctx, id)
	if err != nil {
		return err
	}
	if err := s.Store.DeleteTable(ctx, id); errors.Is(err, flows.ErrInUse) {
		return s.deleteQuestion(c, http.StatusConflict, t)
	} else if err != nil {
		return err
	}
	return goTo(c, "/tables")
}

// rowWords says how many rows there are: "1 row", "100,000 rows".
func rowWords(n int64) string {
	if n == 1 {
		return "1 row"
	}
	return thousands(n) + " rows"
}
