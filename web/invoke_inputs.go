package web

import (
	"net/http"
	"strings"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

// asked is what a flow's author asks callers for: the declared inputs of its
// API Endpoint card.
type asked struct {
	form    schema.Form
	sources []inputSource // one for each field
}

// inputSource says where callers put an input.
type inputSource struct {
	from    string // body, query or header
	headers []string
}

// askedFor reads the settings of an API Endpoint card. They were checked when the
// flow was published.
func askedFor(settings schema.Values) *asked {
	list, _ := settings["inputs"].([]any)
	a := &asked{}
	a.form, _ = schema.Declared(list)
	for _, f := range a.form.Fields {
		from := "body"
		for _, x := range list {
			if m, _ := x.(map[string]any); m["name"] == f.Name {
				if s, _ := m["from"].(string); s != "" {
					from = s
				}
			}
		}
		source := inputSource{from: from}
		if from == "header" { // header names have hyphens where names of inputs have underscores
			source.headers = []string{http.CanonicalHeaderKey(strings.ReplaceAll(f.Name, "_", "-")), http.CanonicalHeaderKey(f.Name)}
		}
		a.sources = append(a.sources, source)
	}
	return a
}

// read returns every declared input, nil for one that was not sent, or all that
// is wrong with them.
func (a *asked) read(h http.Header, query map[string]any, body sent) (schema.Values, []refusalField) {
	if len(a.form.Fields) == 0 {
		return nil, nil
	}
	object, isObject := body.value.(map[string]any)
	given := make(schema.Values, len(a.form.Fields))
	for i, f := range a.form.Fields {
		var v any
		written := true // as text, not as JSON
		switch source := a.sources[i]; source.from {
		case "query":
			v = query[f.Name]
		case "header":
			v = source.header(h)
		default:
			v, written = object[f.Name], body.form
		}
		if s, isText := v.(string); isText && written && f.Type == schema.List && !strings.HasPrefix(strings.TrimSpace(s), "[") {
			v = []any{s} // ?tag=a is a list of one
		}
		if v != nil {
			given[f.Name] = v
		}
	}
	values, problems := a.form.Convert(given)
	if len(problems) == 0 {
		for _, f := range a.form.Fields {
			if _, ok := values[f.Name]; !ok {
				values[f.Name] = nil
			}
		}
		return values, nil
	}
	return nil, a.refused(problems, given, body, isObject)
}

func (a *asked) refused(problems schema.Problems, given schema.Values, body sent, isObject bool) []refusalField {
	var out []refusalField
	for _, p := range problems {
		top, _, _ := strings.Cut(p.Field, ".")
		r := refusalField{Field: p.Field, Detail: p.Message}
		for i, f := range a.form.Fields {
			if f.Name != top {
				continue
			}
			r.From = a.sources[i].from
			if given[f.Name] == nil || given[f.Name] == "" {
				r.Detail = a.sources[i].missing(f.Name, body, isObject)
			}
		}
		out = append(out, r)
	}
	return out
}

func (s inputSource) header(h http.Header) any {
	for _, name := range s.headers {
		if values := h[name]; len(values) > 0 && !cards.Withheld(name) {
			return strings.Join(values, ", ")
		}
	}
	return nil
}

// missing says where an input is to be sent.
func (s inputSource) missing(name string, body sent, isObject bool) string {
	switch {
	case s.from == "header":
		return "is required in the header " + s.headers[0]
	case s.from == "query":
		return "is required in the query: ?" + name + "=…"
	case body.raw == "":
		return "is required in the body, and there is no body"
	case body.form && strings.HasPrefix(strings.TrimSpace(body.raw), "{"):
		return "is required in the body, which was read as a form because of its Content-Type; for JSON send Content-Type: application/json"
	case !isObject:
		return "is required in the body, and the body is " + schema.Describe(body.value)
	}
	return "is required in the body"
}
