package web

import (
	"errors"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"flowdeck/cards"
	"flowdeck/cards/schema"
	"flowdeck/views"
)

func (s *Server) newRow(c echo.Context) error {
	return s.rowDialog(c, http.StatusOK, cards.Row{}, nil, nil)
}

func (s *Server) showRow(c echo.Context) error {
	r, err := s.Store.Row(c.Request().Context(), c.Param("id"), c.Param("row"))
	if err != nil {
		return err
	}
	return s.rowDialog(c, http.StatusOK, r, nil, nil)
}

// rowDialog shows all cells of a row, or of a new one. Typed are the values as they were
// posted, when there are any.
func (s *Server) rowDialog(c echo.Context, status int, r cards.Row, typed map[string]typedCell, problems schema.Problems) error {
	t, err := s.Store.Table(c.Request().Context(), c.Param("id"))
	if err != nil {
		return err
	}
	m := views.RowModel{Table: t.ID, ID: r.ID, Name: t.Name, Problem: problemOf(problems, "")}
	if r.ID != "" {
		m.Facts = "Made " + s.clockOf(r.Created) + ", changed " + s.clockOf(r.Updated)
	}
	for _, col := range t.Columns {
		f := views.RowField{Key: col.Key, Name: col.Name, Type: string(col.Type), Required: col.Required, Value: cellText(r.Values[col.Key]), Problem: problemOf(problems, col.Key)}
		if r.ID == "" {
			f.Value = cellText(col.Default)
		}
		if r.ID != "" {
			f.Was = markOf(f.Value)
		}
		if cell, posted := typed[col.Key]; posted {
			f.Value, f.Was = cell.text, cell.was
		}
		m.Fields = append(m.Fields, f)
	}
	return render(c, status, views.RowDialog(m))
}

// typedCell is a cell as it was posted, and the mark of what it was when the dialog opened.
type typedCell struct{ text, was string }

// markOf tells whether the text of a cell was changed; browsers end lines in their own way.
func markOf(text string) string { return hashToken(ofLines(text))[:16] }

func ofLines(text string) string { return strings.ReplaceAll(text, "\r\n", "\n") }

// saveRow stores the cells of a row that were changed in the dialog, as flows may have
// changed others meanwhile, or all of a new one.
func (s *Server) saveRow(c echo.Context) error {
	ctx, id, row := c.Request().Context(), c.Param("id"), c.Param("row")
	t, err := s.Store.Table(ctx, id)
	if err != nil {
		return err
	}
	values, typed := schema.Values{}, map[string]typedCell{}
	for _, col := range t.Columns {
		cell := typedCell{ofLines(c.FormValue("c." + col.Key)), c.FormValue("was." + col.Key)}
		typed[col.Key] = cell
		if row == "" || cell.was != markOf(cell.text) {
			values[col.Key] = cell.text
		}
	}
	_, err = s.Store.WriteRows(ctx, id, "", []cards.RowWrite{{Row: row, Values: values, Empty: true}})
	if err == nil {
		return s.tableAgain(c, "Saved")
	}
	problems, err := rowProblems(err)
	if err != nil {
		return err
	}
	return s.rowDialog(c, http.StatusUnprocessableEntity, cards.Row{ID: row}, typed, problems)
}

// rowProblems are what a row is refused for, by column.
func rowProblems(err error) (schema.Problems, error) {
	var problems schema.Problems
	var e *cards.Error
	switch {
	case errors.As(err, &problems):
		return problems, nil
	case errors.As(err, &e) && e.Code == cards.CodeNotUnique:
		key, _ := e.Details["column"].(string)
		return schema.Problems{{Field: key, Message: e.Message}}, nil
	case errors.As(err, &e) && e.Code == cards.CodeLimit:
		return schema.Problems{{Message: e.Message}}, nil
	}
	return nil, err
}

// saveCell stores one cell and answers how it looks then.
func (s *Server) saveCell(c echo.Context) error {
	ctx, id, row, key := c.Request().Context(), c.Param("id"), c.Param("row"), c.FormValue("column")
	t, err := s.Store.Table(ctx, id)
	if err != nil {
		return err
	}
	_, err = s.Store.WriteRows(ctx, id, "", []cards.RowWrite{{Row: row, Values: schema.Values{key: c.FormValue("value")}, Empty: true}})
	if err != nil {
		problems, err := rowProblems(err)
		if err != nil {
			return err
		}
		return c.JSON(http.StatusUnprocessableEntity, map[string]string{"problem": sentence(unnamed(problems, key))})
	}
	r, err := s.Store.Row(ctx, id, row)
	if err != nil {
		return err
	}
	col, _ := t.Column(key)
	return c.JSON(http.StatusOK, map[string]string{"text": cellOf(col, r.Values[key]).Text})
}

// unnamed leaves the name of the column out of its own problems.
func unnamed(problems schema.Problems, key string) schema.Problems {
	for i, p := range problems {
		if p.Field == key {
			problems[i].Field = ""
		}
	}
	return problems
}

func (s *Server) deleteRows(c echo.Context) error {
	form, err := c.FormParams()
	if err != nil {
		return err
	}
	n, err := s.Store.DeleteRows(c.Request().Context(), c.Param("id"), "", form["row"])
	if err != nil {
		return err
	}
	return s.tableAgain(c, rowWords(n)+" deleted")
}

func (s *Server) clearTable(c echo.Context) error {
	n, err := s.Store.ClearTable(c.Request().Context(), c.Param("id"), "")
	if err != nil {
		return err
	}
	return s.tableAgain(c, rowWords(n)+" deleted")
}
