package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"flowdeck/cards"
	"flowdeck/cards/schema"
	"flowdeck/cards/table"
	"flowdeck/views"
)

// rowsOnPage is how many rows of a table one page shows.
const rowsOnPage = 100

// tableView is how a person looks at a table: what the address of the page says.
type tableView struct {
	column, operator, value string // the filter; column is "" without one
	sort                    string
	descending              bool
	page                    int64
}

func tableViewOf(q url.Values) tableView {
	v := tableView{column: q.Get("column"), operator: q.Get("operator"), value: q.Get("value"), sort: q.Get("sort"), descending: q.Get("dir") == "desc"}
	v.page, _ = strconv.ParseInt(q.Get("page"), 10, 64)
	v.page = min(max(v.page, 1), cards.MaxRows)
	if v.operator == "" {
		v.operator = "contains"
	}
	return v
}

// url is the address of the view.
func (v tableView) url(id string) string {
	q := url.Values{}
	if v.column != "" {
		q.Set("column", v.column)
		q.Set("operator", v.operator)
		q.Set("value", v.value)
	}
	if v.sort != "" {
		q.Set("sort", v.sort)
	}
	if v.descending {
		q.Set("dir", "desc")
	}
	if v.page > 1 {
		q.Set("page", strconv.FormatInt(v.page, 10))
	}
	if len(q) == 0 {
		return "/tables/" + id
	}
	return "/tables/" + id + "?" + q.Encode()
}

func (v tableView) query(t cards.Table) (cards.RowQuery, error) {
	var q cards.RowQuery
	if v.column != "" {
		var err error
		if q, err = table.Filter(t, v.column, v.operator, v.value); err != nil {
			return q, err
		}
	}
	q.Sort, q.Descending = v.sort, v.descending
	return q, nil
}

func (s *Server) showTable(c echo.Context) error {
	ctx := c.Request().Context()
	t, err := s.Store.Table(ctx, c.Param("id"))
	if err != nil {
		return err
	}
	v := tableViewOf(c.QueryParams())
	m := views.TableModel{Shell: s.shell(c, t.Name, "tables"), ID: t.ID, Name: t.Name, Description: t.Description, Rows: rowWords(t.Rows), Empty: t.Rows == 0,
		Export: strings.Replace(v.url(t.ID), "/tables/"+t.ID, "/tables/"+t.ID+"/export.csv", 1), Self: v.url(t.ID)}
	m.Filter = views.TableFilter{Column: v.column, Operator: v.operator, Value: v.value, Columns: filterColumns(t), Operators: operators(), Clear: tableView{sort: v.sort, descending: v.descending}.url(t.ID)}
	m.Filter.Sort, m.Filter.Descending = v.sort, v.descending
	q, err := v.query(t)
	if err == nil {
		q.Offset, q.Limit = (v.page-1)*rowsOnPage, rowsOnPage+1
		err = s.Store.EachRow(ctx, t.ID, q, func(r cards.Row) error {
			m.Lines = append(m.Lines, lineOf(t, r))
			return nil
		})
	}
	if err != nil {
		if err = tableProblem(err); explain(err).status != http.StatusUnprocessableEntity {
			return err
		}
		m.Filter.Problem = explain(err).text
	}
	m.Columns = headsOf(t, v)
	s.pages(&m, t, v)
	return render(c, http.StatusOK, views.TablePage(m))
}

// pages are the ways to the pages before and after.
func (s *Server) pages(m *views.TableModel, t cards.Table, v tableView) {
	more := len(m.Lines) > rowsOnPage
	m.Lines = m.Lines[:min(len(m.Lines), rowsOnPage)]
	from := (v.page-1)*rowsOnPage + 1
	switch {
	case len(m.Lines) == 0:
	case v.column == "":
		m.Shown = "Rows " + thousands(from) + "–" + thousands(from+int64(len(m.Lines))-1) + " of " + thousands(t.Rows)
	default:
		m.Shown = "Rows " + thousands(from) + "–" + thousands(from+int64(len(m.Lines))-1) + " of those that fit"
	}
	to := func(page int64) string { x := v; x.page = page; return x.url(t.ID) }
	if v.page > 1 {
		m.First, m.Before = to(1), to(v.page-1)
	}
	if more {
		m.Next = to(v.page + 1)
		if v.column == "" {
			m.Last = to((t.Rows + rowsOnPage - 1) / rowsOnPage)
		}
	}
}

func headsOf(t cards.Table, v tableView) []views.TableHead {
	heads := make([]views.TableHead, len(t.Columns))
	for i, c := range t.Columns {
		x := tableView{column: v.column, operator: v.operator, value: v.value, sort: c.Key}
		heads[i] = views.TableHead{Key: c.Key, Name: c.Name, Type: string(c.Type), Required: c.Required, Unique: c.Unique}
		if v.sort == c.Key {
			heads[i].Sorted = "ascending"
			if v.descending {
				heads[i].Sorted, x.sort = "descending", ""
			} else {
				x.descending = true
			}
		}
		if c.Sortable() {
			heads[i].Sort = x.url(t.ID)
		}
	}
	return heads
}

// cellShown is how many bytes of a cell a page shows; longer ones are edited by themselves.
const cellShown = 200

func lineOf(t cards.Table, r cards.Row) views.TableLine {
	line := views.TableLine{ID: r.ID, Cells: make([]views.TableCell, len(t.Columns))}
	for i, c := range t.Columns {
		line.Cells[i] = cellOf(c, r.Values[c.Key])
	}
	return line
}

func cellOf(c cards.Column, v any) views.TableCell {
	text := cellText(v)
	return views.TableCell{Key: c.Key, Text: clip(text, cellShown), Long: len(text) > cellShown || strings.ContainsAny(text, "\r\n") || c.Type == schema.Object || c.Type == schema.List, Number: c.Type == schema.Number}
}

// cellText is a value as it is typed.
func cellText(v any) string {
	if v == nil {
		return ""
	}
	if text, ok := schema.ToText(v); ok {
		return text
	}
	data, err := schema.EncodeJSON(v)
	if err != nil {
		return ""
	}
	return string(data)
}

func filterColumns(t cards.Table) []views.OptionModel {
	list := []views.OptionModel{{Label: "Every row"}}
	for _, c := range t.Columns {
		list = append(list, views.OptionModel{Value: c.Key, Label: c.Name})
	}
	return append(list, views.OptionModel{Value: cards.RowID, Label: "Row ID"}, views.OptionModel{Value: cards.RowCreated, Label: "Created"}, views.OptionModel{Value: cards.RowUpdated, Label: "Updated"})
}

func operators() []views.OptionModel {
	var list []views.OptionModel
	for _, o := range table.Operators() {
		list = append(list, views.OptionModel{Value: o.Value, Label: o.Label})
	}
	return list
}
