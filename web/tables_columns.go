package web

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"flowdeck/cards"
	"flowdeck/cards/schema"
	"flowdeck/flows"
	"flowdeck/views"
)

func (s *Server) showColumns(c echo.Context) error {
	t, err := s.Store.Table(c.Request().Context(), c.Param("id"))
	if err != nil {
		return err
	}
	return render(c, http.StatusOK, views.ColumnsDialog(columnsModel(t, columnForms(t.Columns), nil)))
}

// columnForm is a column as it was typed.
type columnForm struct {
	cards.Column
	def string
}

func columnForms(list []cards.Column) []columnForm {
	forms := make([]columnForm, len(list))
	for i, c := range list {
		forms[i] = columnForm{c, cellText(c.Default)}
	}
	return forms
}

func columnsModel(t cards.Table, forms []columnForm, problems schema.Problems) views.ColumnsModel {
	m := views.ColumnsModel{Table: t.ID, Revision: t.Revision, Problem: problemOf(problems, "")}
	for _, o := range cards.ColumnTypes() {
		m.Types = append(m.Types, views.OptionModel{Value: o.Value, Label: o.Label})
	}
	for i, f := range forms {
		prefix := "columns." + strconv.Itoa(i)
		m.Columns = append(m.Columns, views.ColumnForm{Key: f.Key, Name: f.Name, Type: string(f.Type), Required: f.Required, Unique: f.Unique, Default: f.def,
			NameProblem: problemOf(problems, prefix+".name"), DefaultProblem: problemOf(problems, prefix+".default")})
	}
	for _, p := range problems {
		if strings.HasPrefix(p.Field, "row_") {
			m.Rows = append(m.Rows, rowProblem(t, p))
		}
	}
	return m
}

// rowProblem tells of a row that does not fit: "row_… · Age must be a number".
func rowProblem(t cards.Table, p schema.Problem) string {
	id, key, _ := strings.Cut(p.Field, ".")
	if col, ok := t.Column(key); ok {
		key = col.Name
	}
	return key + " " + p.Message + " (row " + id + ")"
}

// saveColumns stores the columns as they were typed, or shows the form with one more.
func (s *Server) saveColumns(c echo.Context) error {
	ctx, id := c.Request().Context(), c.Param("id")
	t, err := s.Store.Table(ctx, id)
	if err != nil {
		return err
	}
	forms := postedColumns(c)
	if c.FormValue("add") != "" || c.FormValue("drop") != "" {
		if c.FormValue("add") != "" {
			forms = append(forms, columnForm{Column: cards.Column{Type: schema.Text}})
		}
		m := columnsModel(t, forms, nil)
		m.Revision, _ = strconv.ParseInt(c.FormValue("revision"), 10, 64)
		m.Focus = len(forms) - 1
		trigger(c, "fd:focus", map[string]string{"to": "#col-" + strconv.Itoa(max(m.Focus, 0)) + "-name"})
		return render(c, http.StatusOK, views.ColumnsDialog(m))
	}
	columns, problems := columnsOf(forms)
	if len(problems) == 0 {
		revision, _ := strconv.ParseInt(c.FormValue("revision"), 10, 64)
		err := s.Store.SetColumns(ctx, id, revision, columns, s.user(c).Name)
		switch {
		case errors.As(err, &problems):
			next := t
			next.Columns = columns
			return render(c, http.StatusUnprocessableEntity, views.ColumnsDialog(columnsModel(next, forms, problems)))
		case errors.Is(err, flows.ErrConflict) && t.Revision == revision:
			problems = schema.Problems{{Message: "A flow was writing rows of the table at the same moment. Nothing was changed: save again."}}
			forms = columnForms(columns)
		case errors.Is(err, flows.ErrConflict): // to save what was typed would take out what others added
			problems = schema.Problems{{Message: t.UpdatedBy + " changed the table meanwhile. Nothing of yours was saved. This is how it is now: make your changes again."}}
			forms = columnForms(t.Columns)
		case err != nil:
			return err
		default:
			return s.tableAgain(c, "Columns saved")
		}
	}
	return render(c, http.StatusUnprocessableEntity, views.ColumnsDialog(columnsModel(t, forms, problems)))
}

// postedColumns reads the columns that were not taken out.
func postedColumns(c echo.Context) (list []columnForm) {
	for i := 0; c.Request().Form.Has("columns." + strconv.Itoa(i) + ".name"); i++ {
		at := "columns." + strconv.Itoa(i) + "."
		if c.FormValue(at+"drop") != "" || c.FormValue("drop") == strconv.Itoa(i) {
			continue
		}
		list = append(list, columnForm{def: strings.TrimSpace(c.FormValue(at + "default")), Column: cards.Column{Key: c.FormValue(at + "key"), Name: strings.TrimSpace(c.FormValue(at + "name")),
			Type: schema.Type(c.FormValue(at + "type")), Required: c.FormValue(at+"required") != "", Unique: c.FormValue(at+"unique") != ""}})
	}
	return list
}

// columnsOf checks columns as they were typed, and gives new ones a key.
func columnsOf(forms []columnForm) (list []cards.Column, problems schema.Problems) {
	if len(forms) == 0 || len(forms) > cards.MaxColumns {
		return nil, schema.Problems{{Message: fmt.Sprintf("A table has 1 to %d columns; this one would have %d.", cards.MaxColumns, len(forms))}}
	}
	keys, names := map[string]bool{}, map[string]bool{}
	for _, f := range forms {
		keys[f.Key] = true
	}
	for i, f := range forms {
		at := "columns." + strconv.Itoa(i)
		name := strings.ToLower(f.Name)
		switch {
		case f.Name == "":
			problems = append(problems, schema.Problem{Field: at + ".name", Message: "Give the column a name."})
		case utf8.RuneCountInString(f.Name) > maxName:
			problems = append(problems, schema.Problem{Field: at + ".name", Message: "A name may be 80 letters long."})
		case names[name]:
			problems = append(problems, schema.Problem{Field: at + ".name", Message: "Another column has this name."})
		}
		names[name] = true
		if f.Key == "" {
			f.Key = columnKey(f.Name, keys)
		}
		keys[f.Key] = true
		if !validType(f.Type) || !cards.ValidColumnKey(f.Key) {
			problems = append(problems, schema.Problem{Message: "A column was posted that is none."})
		}
		if f.Default = nil; f.def != "" {
			one := schema.Form{Fields: []schema.Field{{Name: "default", Type: f.Type, Members: schema.Form{Open: true}}}}
			v, wrong := one.Convert(schema.Values{"default": f.def})
			for _, p := range wrong {
				problems = append(problems, schema.Problem{Field: at + ".default", Message: p.Message})
			}
			f.Default = v["default"]
		}
		list = append(list, f.Column)
	}
	return list, problems
}

func validType(t schema.Type) bool {
	for _, o := range cards.ColumnTypes() {
		if o.Value == string(t) {
			return true
		}
	}
	return false
}

// columnKey makes a key of a name that no column has.
func columnKey(name string, taken map[string]bool) string {
	base := strings.Trim(strings.ReplaceAll(flows.AliasFrom(name), "-", "_"), "_")
	if base == "flow" && !strings.EqualFold(name, "flow") {
		base = "column" // a name without a letter that a key can have
	}
	base = clip(base, 56)
	key := base
	for n := 2; taken[key] || !cards.ValidColumnKey(key); n++ {
		key = base + "_" + strconv.Itoa(n)
		if n == 2 && base != "" && base[0] >= '0' && base[0] <= '9' {
			base = "c_" + base
			key = base
		}
	}
	return key
}
