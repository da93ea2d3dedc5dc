package web

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"flowdeck/cards/schema"
)

// formValues reads a posted form as form declares it; prefix ("" or "auth.") stands
// before every name. A member of an object is "auth.user", a value of an open
// object "query.0.key" with "query.0.value", an element of a list "headers.0.name"
// or, of plain values, "scopes.0". Blank fields are left out, so a required one
// that is blank is a problem and a secret that is blank stays as it was.
func formValues(c echo.Context, form schema.Form, prefix string) (schema.Values, error) {
	posted, err := c.FormParams()
	if err != nil {
		return nil, err
	}
	r := reader{posted: posted}
	v := r.object(form, prefix)
	return v, r.problems.Err()
}

// reader turns posted text into values and gathers what is wrong with it.
type reader struct {
	posted   url.Values
	rows     map[string][]int // of every list that was posted; made when the first is read
	problems schema.Problems
}

func (r *reader) object(form schema.Form, prefix string) schema.Values {
	v := schema.Values{}
	for _, f := range form.Fields {
		if x, ok := r.field(f, prefix+f.Name); ok {
			v[f.Name] = x
		}
	}
	return v
}

func (r *reader) field(f schema.Field, name string) (any, bool) {
	switch f.Type {
	case schema.Boolean:
		return r.posted.Get(name) == "true" || r.posted.Get(name) == "on", true
	case schema.Object:
		if f.Members.Open || len(f.Members.Fields) == 0 {
			return r.pairs(name)
		}
		v := r.object(f.Members, name+".")
		return v, len(v) > 0
	case schema.List:
		return r.list(f, name)
	}
	return r.scalar(f, name)
}

func (r *reader) scalar(f schema.Field, name string) (any, bool) {
	text := r.posted.Get(name)
	if !f.Secret && f.Format != schema.Multiline && f.Format != schema.JSON {
		text = strings.TrimSpace(text)
	}
	template := !f.Fixed && strings.Contains(text, "{{")
	switch {
	case text == "":
		return nil, false
	case template:
		return text, true
	case f.Type == schema.Number:
		n, ok := number(text)
		if !ok {
			r.problems = append(r.problems, schema.Problem{Field: name, Message: "must be a number, such as 30 or 2.5"})
		}
		return n, ok
	case f.Type == schema.Any:
		if v, err := schema.DecodeJSON([]byte(text)); err == nil {
			return v, true
		}
	}
	return text, true
}

// number reads a number as flows carry it.
func number(text string) (any, bool) { return schema.ParseNumber(text) }

func (r *reader) pairs(name string) (any, bool) {
	v := schema.Values{}
	for _, i := range r.indices(name) {
		row := name + "." + i
		key, value := strings.TrimSpace(r.posted.Get(row+".key")), r.posted.Get(row+".value")
		switch _, twice := v[key]; {
		case key == "" && value == "":
		case key == "":
			r.problems = append(r.problems, schema.Problem{Field: row + ".key", Message: "needs a name"})
		case twice:
			r.problems = append(r.problems, schema.Problem{Field: row + ".key", Message: "is there twice"})
		default:
			v[key] = value
		}
	}
	return v, len(v) > 0
}

func (r *reader) list(f schema.Field, name string) (any, bool) {
	var v []any
	for _, i := range r.indices(name) {
		if len(f.Members.Fields) == 0 {
			if text := strings.TrimSpace(r.posted.Get(name + "." + i)); text != "" {
				v = append(v, text)
			}
			continue
		}
		if row := r.object(f.Members, name+"."+i+"."); !blank(row) {
			v = append(v, row)
		}
	}
	return v, len(v) > 0
}

// blank reports whether nobody filled the row in: switches that are off do not count.
func blank(row schema.Values) bool {
	for _, v := range row {
		if v != false {
			return false
		}
	}
	return true
}

// indices returns the rows that were posted under name, in order.
func (r *reader) indices(name string) []string {
	if r.rows == nil {
		r.rows = rowsOf(r.posted)
	}
	rows := make([]string, len(r.rows[name]))
	for n, i := range r.rows[name] {
		rows[n] = strconv.Itoa(i)
	}
	return rows
}

// maxDepth is how many parts of a posted name are looked at: no form nests so deep.
const maxDepth = 16

// rowsOf returns the rows of every list of a form, in order. It looks at each name once.
func rowsOf(posted url.Values) map[string][]int {
	all := map[string][]int{}
	seen := map[string]bool{}
	for key := range posted {
		at := 0
		for range maxDepth {
			dot := strings.IndexByte(key[at:], '.')
			if dot < 0 {
				break
			}
			name := key[:at+dot]
			at += dot + 1
			head, _, _ := strings.Cut(key[at:], ".")
			row := key[:at+len(head)]
			if i, err := strconv.Atoi(head); err == nil && i >= 0 && !seen[row] {
				seen[row] = true
				all[name] = append(all[name], i)
			}
		}
	}
	for name, rows := range all {
		slices.Sort(rows)
		all[name] = slices.Compact(rows)
	}
	return all
}

// problemOf returns what is wrong with a field, or "".
func problemOf(p schema.Problems, field string) string {
	for _, x := range p {
		if x.Field == field {
			return x.Message
		}
	}
	return ""
}
