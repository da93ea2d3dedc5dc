package web

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"flowdeck/cards"
	"flowdeck/cards/schema"
	"flowdeck/flows"
	"flowdeck/views"
)

const (
	boxLines  = 300       // of a value, until more are asked for
	mostLines = 5000      // that a page shows at all; the rest is for downloading
	boxKeys   = 200       // of one object or list
	boxText   = 2000      // characters of one text
	boxCopy   = 256 << 10 // bytes that a copy button carries
)

// boxes are the values of an attempt: what it got, and what it gave or what came back.
func (d *runDrawing) boxes(step flows.StepInfo, a flows.Attempt) []views.RunBox {
	boxes := []views.RunBox{d.box(step, "input", "Input", "", a.Number, shownInput(step.Card, a.Input))}
	switch {
	case a.Error != nil && len(a.Error.Details) > 0:
		b := d.box(step, "output", "Response", "body", a.Number, responseOf(a.Error.Details))
		b.Tag = statusTag(a.Error.Details, "err")
		boxes = append(boxes, b)
	case a.Error != nil && a.Output == nil:
	case a.Status == flows.Succeeded && a.Output["status_code"] != nil:
		b := d.box(step, "output", "Response", "body", a.Number, responseOf(a.Output))
		b.Tag = statusTag(a.Output, "ok")
		boxes = append(boxes, b)
	case a.Status == flows.Succeeded:
		boxes = append(boxes, d.box(step, "output", "Output", "", a.Number, anyOf(a.Output)))
	}
	return boxes
}

// shownInput leaves out what nobody filled in.
func shownInput(card cards.Card, in schema.Values) any {
	out := schema.Values{}
	for k, v := range in {
		if f, ok := card.Inputs.Field(k); ok && f.Advanced && literal(v) == f.Default || v == nil || v == "" {
			continue
		}
		out[k] = v
	}
	return anyOf(out)
}

func anyOf(v schema.Values) any {
	if len(v) == 0 {
		return nil
	}
	return v
}

// responseOf is the body, which is what people look for; headers have their own place.
func responseOf(v schema.Values) any {
	if body, ok := v["body"]; ok {
		return body
	}
	return anyOf(v)
}

func statusTag(v schema.Values, kind string) *views.TagModel {
	status, ok := v["status_code"]
	if !ok {
		return nil
	}
	return &views.TagModel{Text: statusWords(literal(status)), Kind: kind}
}

// box lays a value out; part names it in addresses.
func (d *runDrawing) box(step flows.StepInfo, part, title, root string, number int, v any) views.RunBox {
	b := views.RunBox{ID: "box-" + part, Title: title, Empty: "Nothing"}
	if m, ok := v.(schema.Values); v == nil || ok && len(m) == 0 {
		return b
	}
	limit := boxLines
	if n, err := strconv.Atoi(d.h.lines); err == nil {
		limit = min(max(n, boxLines), mostLines)
	}
	t := lines{limit: limit}
	if m, ok := v.(schema.Values); ok {
		t.members(0, root, m) // the outermost braces say nothing
	} else {
		t.value(0, "", root, v)
	}
	b.Rows = t.rows
	if t.left > 0 {
		b.Rows = append(b.Rows, views.JSONRow{Text: fmt.Sprintf("… %d more lines", t.left), Kind: "p"})
		if limit < mostLines {
			b.More = d.stepURL(step.Path, "try", d.h.try, "lines", strconv.Itoa(min(10*limit, mostLines)))
		}
	}
	more := []string{"part", part}
	if number > 0 {
		more = append(more, "try", strconv.Itoa(number))
	}
	b.Raw = history{}.at("/runs/"+d.run.ID+"/raw/"+escapePath(step.Path), more...)
	if text, err := schema.EncodeJSON(v); err == nil && len(text) <= boxCopy {
		b.Copy = string(text)
	}
	return b
}

// lines lays values out with bounds at every level: a page never grows with the
// data. What is cut says how much it is.
type lines struct {
	rows        []views.JSONRow
	limit, left int
}

func (t *lines) add(r views.JSONRow) {
	if len(t.rows) < t.limit {
		t.rows = append(t.rows, r)
		return
	}
	t.left++
}

func (t *lines) value(depth int, key, path string, v any) {
	switch x := v.(type) {
	case schema.Values:
		if len(x) > 0 {
			t.object(depth, key, path, x)
			return
		}
	case []any:
		if len(x) > 0 {
			t.list(depth, key, path, x)
			return
		}
	case string:
		if n := utf8.RuneCountInString(x); n > boxText {
			v = string([]rune(x)[:boxText]) + fmt.Sprintf("… %d more characters", n-boxText)
		}
	}
	row := views.JSONRows(v, path, 1)[0]
	row.Depth, row.Key = depth, key
	if v == schema.Redacted {
		row.Hidden, row.Text, row.Kind = true, views.Redacted, "p"
	}
	t.add(row)
}

func (t *lines) object(depth int, key, path string, m schema.Values) {
	t.add(views.JSONRow{Depth: depth, Key: key, Text: "{", Kind: "p", Path: path})
	t.members(depth+1, path, m)
	t.add(views.JSONRow{Depth: depth, Text: "}", Kind: "p"})
}

func (t *lines) members(depth int, path string, m schema.Values) {
	for i, k := range slices.Sorted(maps.Keys(m)) {
		if i == boxKeys {
			t.add(views.JSONRow{Depth: depth, Text: fmt.Sprintf("… %d more keys", len(m)-boxKeys), Kind: "p"})
			return
		}
		t.value(depth, k, strings.TrimPrefix(path+"."+k, "."), m[k])
	}
}

func (t *lines) list(depth int, key, path string, list []any) {
	t.add(views.JSONRow{Depth: depth, Key: key, Text: "[", Kind: "p", Path: path})
	for i, x := range list {
		if i == boxKeys {
			t.add(views.JSONRow{Depth: depth + 1, Text: fmt.Sprintf("… %d more items", len(list)-boxKeys), Kind: "p"})
			break
		}
		t.value(depth+1, strconv.Itoa(i), path+"["+strconv.Itoa(i)+"]", x)
	}
	t.add(views.JSONRow{Depth: depth, Text: "]", Kind: "p"})
}

// downloadValue sends a whole value as a file: part=input or output, of the attempt try.
func (s *Server) downloadValue(c echo.Context) error {
	ctx := c.Request().Context()
	run, err := s.Store.Run(ctx, c.Param("run"))
	if err != nil {
		return err
	}
	d, err := s.drawRun(ctx, history{try: c.QueryParam("try")}, flows.Flow{}, run, flows.Path(c.Param("*")))
	if err != nil {
		return err
	}
	step, ok := d.stepAt(flows.Path(c.Param("*")))
	if !ok {
		return flows.ErrNotFound
	}
	var v any = run.Event
	if step.Card.Kind != cards.Event {
		tries, err := s.Store.AttemptsAt(ctx, run.ID, step.Path)
		if err != nil {
			return err
		}
		if len(tries) == 0 {
			return flows.ErrNotFound
		}
		v = partOf(tries[d.shown(tries)], c.QueryParam("part"))
	}
	body, err := schema.EncodeJSON(v)
	if err != nil {
		return err
	}
	h := c.Response().Header()
	h.Set(echo.HeaderContentDisposition, `attachment; filename="`+step.ID+"-"+c.QueryParam("part")+`.json"`)
	if c.QueryParam("part") != "input" && c.QueryParam("part") != "output" {
		h.Set(echo.HeaderContentDisposition, `attachment; filename="value.json"`)
	}
	h.Set(echo.HeaderCacheControl, "no-store")
	return c.Blob(http.StatusOK, echo.MIMEApplicationJSON, body)
}

func partOf(a flows.Attempt, part string) any {
	switch {
	case part == "input":
		return a.Input
	case a.Error != nil && len(a.Error.Details) > 0:
		return a.Error.Details
	}
	return a.Output
}
