package flows

import (
	"slices"
	"strconv"
	"strings"

	"flowdeck/cards/schema"
	"flowdeck/flows/expr"
)

// inputPlanner makes nodes of what an author typed into a card's form, and
// gathers what does not parse.
type inputPlanner struct {
	lib      expr.Library
	problems schema.Problems
}

// form plans the answers to a form. Fields come in the form's order, then names
// that it does not have, sorted. Answers that are not asked for are left out.
func (x *inputPlanner) form(form schema.Form, v schema.Values, path string) expr.Node {
	var names []string
	for _, f := range form.Fields {
		if _, ok := v[f.Name]; ok && form.Applies(&f, v) {
			names = append(names, f.Name)
		}
	}
	declared := len(names)
	for name := range v {
		if _, known := form.Field(name); !known {
			names = append(names, name)
		}
	}
	slices.Sort(names[declared:])
	nodes := make([]expr.Node, len(names))
	for i, name := range names {
		f, ok := form.Field(name)
		if !ok {
			f = schema.Field{Name: name, Type: schema.Any}
		}
		nodes[i] = x.field(form, f, v, expr.Below(path, name))
	}
	return expr.Object(names, nodes)
}

func (x *inputPlanner) field(form schema.Form, f schema.Field, siblings schema.Values, path string) expr.Node {
	v := siblings[f.Name]
	if f.Fixed && len(f.Members.Fields) == 0 { // the members of a fixed list say themselves whether they are fixed
		return expr.Literal(v)
	}
	text, isText := v.(string)
	written := format(form, f, siblings)
	if v != nil && written == schema.Inline {
		return x.inline(expr.Text(v), f, path)
	}
	if isText && written == schema.JSON {
		return x.json(text, path)
	}
	if isText {
		n := x.value(text, path)
		if f.Type == schema.Text || written == schema.Multiline {
			n = n.Text()
		}
		return n
	}
	if len(f.Members.Fields) > 0 {
		switch v := v.(type) {
		case map[string]any:
			if f.Type == schema.Object {
				return x.form(f.Members, v, path)
			}
		case []any:
			return x.list(f, v, path)
		}
	}
	return x.value(v, path)
}

func (x *inputPlanner) list(f schema.Field, v []any, path string) expr.Node {
	nodes := make([]expr.Node, len(v))
	for i, item := range v {
		at := expr.Below(path, strconv.Itoa(i))
		if object, ok := item.(map[string]any); ok {
			nodes[i] = x.form(f.Members, object, at)
		} else {
			nodes[i] = x.value(item, at)
		}
	}
	return expr.List(nodes)
}

func (x *inputPlanner) json(text, path string) expr.Node {
	if strings.TrimSpace(text) == "" {
		return expr.Literal(nil)
	}
	n, err := x.lib.ParseJSON(text)
	if err != nil {
		x.problems = append(x.problems, schema.Problem{Field: path, Message: "this is not JSON: " + err.Error()})
	}
	return n
}

// inline plans an expression that the card evaluates itself.
func (x *inputPlanner) inline(text string, f schema.Field, path string) expr.Node {
	if strings.TrimSpace(text) == "" {
		return expr.Literal(nil)
	}
	n, err := x.lib.Inline(text, f.Vars)
	if err != nil {
		x.problems = append(x.problems, schema.Problem{Field: path, Message: err.Error()})
	}
	return n
}

func (x *inputPlanner) value(v any, path string) expr.Node {
	n, errs := x.lib.Value(v)
	for _, e := range errs {
		at := path
		if e.Path != "" {
			at += "." + e.Path
		}
		x.problems = append(x.problems, schema.Problem{Field: at, Message: e.Error()})
	}
	return n
}

// format is how the text of f is written; "@name" is what the field of that name says.
func format(form schema.Form, f schema.Field, siblings schema.Values) string {
	name, refers := strings.CutPrefix(f.Format, "@")
	if !refers {
		return f.Format
	}
	says, _ := siblings[name].(string)
	if says == "" {
		sibling, _ := form.Field(name)
		says = sibling.Default
	}
	if says == "json" {
		return schema.JSON
	}
	return schema.Multiline
}
