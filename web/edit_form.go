package web

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"flowdeck/cards/schema"
	"flowdeck/flows"
	"flowdeck/flows/schedule"
)

// editOf reads a posted edit. What it names need not be there: Apply says so.
func (s *Server) editOf(c echo.Context, doc flows.Document) (flows.Edit, error) {
	v := c.FormValue
	e := flows.Edit{Op: v("op"), Step: v("step"), Field: v("field")}
	switch e.Op {
	case flows.OpInsert:
		e.Card, e.Parent = v("card"), v("parent")
		return s.at(c, e)
	case flows.OpMove:
		e.Parent = v("parent")
		return s.at(c, e)
	case flows.OpMoveAll:
		e.Parent, e.Steps = v("parent"), strings.Fields(v("steps"))
		return s.at(c, e)
	case flows.OpPaste:
		e.Parent = v("parent")
		at, err := s.at(c, e)
		if err != nil {
			return e, err
		}
		return s.pasteEdit(c, at)
	case flows.OpRemoveAll, flows.OpCopyAll:
		e.Steps = strings.Fields(v("steps"))
	case flows.OpRemove, flows.OpDuplicate, flows.OpToggle:
	case flows.OpRename:
		e.Title = strings.TrimSpace(v("title"))
	case flows.OpNote, flows.OpConnect:
		e.Value = v("value")
	case flows.OpSet:
		e.Field = fieldPath(c)
		e.Value = s.typed(doc, e.Step, c)
	case flows.OpUnset:
		e.Field = fieldPath(c)
	case flows.OpRenameKey:
		e.Field, e.Name = fieldPath(c), v("to")
	case flows.OpAddItem:
	case flows.OpRemoveItem:
		e.Field = fieldPath(c)
	case flows.OpOutputAdd:
		e.Field, e.Value = v("path"), v("type")
		if e.Value == "" {
			e.Value = string(schema.Any)
		}
	case flows.OpOutputDrop:
		e.Field = v("path")
	case flows.OpPolicy:
		policy, err := policyOf(c)
		e.Value = policy
		return e, err
	case flows.OpTrigger:
		e.Card = v("card")
		if zone := v("zone"); schedule.KnownZone(zone) {
			e.Zone = zone
		}
	case flows.OpWrap:
		e.Card, e.Index, e.Steps = v("card"), 1, strings.Fields(v("steps"))
	case flows.OpResultSet, flows.OpResultUnset:
		e.Parent, e.Field, e.Value = e.Step+"/"+v("block"), flows.FieldPath(v("key")), v("value")
	case "result_rename":
		e.Op, e.Parent, e.Field, e.Name = flows.OpRenameKey, e.Step+"/"+v("block"), flows.FieldPath(v("key")), v("to")
	case opCurl:
		return s.curlEdit(c, doc)
	default:
		return e, schema.Problems{{Field: "op", Message: "is not an edit: " + strconv.Quote(e.Op)}}
	}
	return e, nil
}

func (s *Server) at(c echo.Context, e flows.Edit) (flows.Edit, error) {
	i, err := strconv.Atoi(c.FormValue("index"))
	if err != nil || i < 0 {
		return e, schema.Problems{{Field: "index", Message: "must be a place in the chain, a whole number from 0"}}
	}
	e.Index = i
	return e, nil
}

// fieldPath joins the posted parts of a field's address.
func fieldPath(c echo.Context) string {
	v := c.FormValue
	parts := flows.SplitField(v("field"))
	for _, name := range []string{"key", "row", "col"} {
		if v(name) != "" {
			parts = append(parts, v(name))
		}
	}
	return flows.FieldPath(parts...)
}

// typed gives a posted value the type of its field: a number or a switch that is
// typed as one. Templates and everything else stay text, as typed.
func (s *Server) typed(doc flows.Document, stepID string, c echo.Context) any {
	text := c.FormValue("value")
	step, ok := doc.Step(stepID)
	if !ok || strings.Contains(text, "{{") {
		return text
	}
	card, _ := s.Cards.Card(step.Card)
	if c.FormValue("key") != "" {
		return text
	}
	f := fieldAt(card.Inputs, flows.SplitField(fieldPath(c)))
	switch f.Type {
	case schema.Boolean:
		return text == "true"
	case schema.Number:
		if n, ok := number(strings.TrimSpace(text)); ok {
			return n
		}
	}
	return text
}

// fieldAt is the declaration of what stands at a path of a form, through lists and
// objects; the zero Field when nothing declares it.
func fieldAt(form schema.Form, path []string) (f schema.Field) {
	for _, name := range path {
		if _, err := strconv.Atoi(name); err == nil && f.Type == schema.List {
			continue
		}
		f, _ = form.Field(name)
		form = f.Members
	}
	return f
}

// policyOf reads a whole posted policy.
func policyOf(c echo.Context) (flows.Policy, error) {
	var problems schema.Problems
	read := func(name string) flows.Duration {
		text := strings.TrimSpace(c.FormValue(name))
		if text == "" {
			return flows.Duration{}
		}
		d, err := time.ParseDuration(text)
		if err != nil || d < 0 {
			problems = append(problems, schema.Problem{Field: name, Message: "must be a time such as 500ms, 30s, 5m or 1h30m, not " + strconv.Quote(text)})
		}
		return flows.Duration{Duration: d}
	}
	p := flows.Policy{Timeout: read("timeout"), OnError: c.FormValue("on_error"), InDoubt: c.FormValue("in_doubt")}
	if p.OnError == "stop" {
		p.OnError = ""
	}
	if p.InDoubt == "fail" {
		p.InDoubt = ""
	}
	for i := 0; c.Request().Form.Has("retry." + strconv.Itoa(i) + ".match"); i++ {
		if c.FormValue("drop") == strconv.Itoa(i) {
			continue
		}
		prefix := "retry." + strconv.Itoa(i) + "."
		r := flows.Retry{Match: names(c.FormValue(prefix + "match")), Interval: read(prefix + "interval"), Max: read(prefix + "max"),
			Jitter: c.FormValue(prefix+"jitter") == "true"}
		var err error
		if r.Attempts, err = strconv.Atoi(strings.TrimSpace(c.FormValue(prefix + "attempts"))); err != nil {
			problems = append(problems, schema.Problem{Field: prefix + "attempts", Message: "must be a whole number from 2 to 20"})
		}
		if text := strings.TrimSpace(c.FormValue(prefix + "backoff")); text != "" {
			if r.Backoff, err = strconv.ParseFloat(text, 64); err != nil || math.IsNaN(r.Backoff) || math.IsInf(r.Backoff, 0) {
				problems = append(problems, schema.Problem{Field: prefix + "backoff", Message: "must be a number such as 2"})
			}
		}
		p.Retry = append(p.Retry, r)
	}
	if c.FormValue("add") == "1" {
		p.Retry = append(p.Retry, defaultRetry())
	}
	return p, problems.Err()
}

// names splits a list written with commas or spaces.
func names(text string) []string {
	return slices.DeleteFunc(strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' || r == '\n' || r == '\t' }),
		func(s string) bool { return s == "" })
}
