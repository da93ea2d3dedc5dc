package web

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"flowdeck/cards/schema"
	"flowdeck/views"
)

// fieldReader makes the blanks of a type's form from what was filled in.
type fieldReader struct {
	filled   schema.Values
	saved    map[string]bool
	problems map[string]string
	add      string // the list that gets one more row
	fresh    bool   // nothing was filled in yet: defaults apply to switches
	post     string // stands before the names that are posted
}

// fields splits the form into what everybody fills in and what is folded away.
func (r fieldReader) fields(form schema.Form) (open, folded []views.ConnectionField) {
	for _, f := range form.Fields {
		x := r.field(f, f.Name, r.filled[f.Name])
		if f.Advanced {
			folded = append(folded, x)
		} else {
			open = append(open, x)
		}
	}
	return open, folded
}

func (r fieldReader) field(f schema.Field, path string, value any) views.ConnectionField {
	x := views.ConnectionField{Field: f, ID: "conn-" + strings.ReplaceAll(path, ".", "-"), Post: r.post + path, Problem: r.problems[path]}
	switch v := value.(type) {
	case bool:
		x.On = v
	case nil:
		x.On = r.fresh && f.Default == "true"
		if len(f.Options) > 0 {
			x.Value = f.Default
		}
	default:
		if !f.Secret {
			x.Value, _ = schema.ToText(v)
		}
	}
	x.Saved = f.Secret && r.saved[path]
	switch f.Type {
	case schema.List:
		list, _ := value.([]any)
		for i := range max(len(list), 1) + r.extra(f) {
			var row schema.Values
			if i < len(list) {
				row, _ = list[i].(map[string]any)
			}
			x.Rows = append(x.Rows, r.row(f, path+"."+strconv.Itoa(i), row))
		}
	case schema.Object:
		object, _ := value.(map[string]any)
		for i, key := range append(slices.Sorted(maps.Keys(object)), make([]string, r.blanks(f, len(object)))...) {
			at := path + "." + strconv.Itoa(i)
			x.Rows = append(x.Rows, views.ConnectionFieldRow{
				Name:  r.field(schema.Field{Type: schema.Text}, at+".key", key),
				Value: r.field(schema.Field{Type: schema.Text}, at+".value", object[key]),
			})
		}
	}
	return x
}

// row is one element of a list that has a name and a value.
func (r fieldReader) row(f schema.Field, at string, row schema.Values) views.ConnectionFieldRow {
	name, _ := f.Members.Field("name")
	value, _ := f.Members.Field("value")
	x := views.ConnectionFieldRow{Name: r.field(name, at+".name", row["name"]), Value: r.field(value, at+".value", row["value"])}
	x.Value.Saved = r.saved[fmt.Sprintf("%s.%s.value", f.Name, strings.ToLower(x.Name.Value))]
	return x
}

func (r fieldReader) extra(f schema.Field) int {
	if r.add == f.Name {
		return 1
	}
	return 0
}

func (r fieldReader) blanks(f schema.Field, have int) int {
	if have == 0 {
		return 1 + r.extra(f)
	}
	return r.extra(f)
}

// advancedSummary says what is folded away, where it matters.
func advancedSummary(m views.ConnectionFormModel) string {
	var words []string
	for _, f := range m.Advanced {
		switch {
		case f.Name == "pkce" && f.On:
			words = append(words, "PKCE on")
		case f.Name == "pkce":
			words = append(words, "PKCE off")
		case f.Name == "client_auth":
			words = append(words, map[string]string{"post": "secret in body", "none": "no secret sent", "private_key_jwt": "signed with a key"}[f.Value])
			if words[len(words)-1] == "" {
				words[len(words)-1] = "secret as Basic header"
			}
		}
	}
	if len(words) == 0 {
		return "description"
	}
	return strings.Join(words, " · ")
}

// unfolded reports whether something inside the fold wants to be seen.
func unfolded(m views.ConnectionFormModel, added string) bool {
	if m.Problems["description"] != "" {
		return true
	}
	for _, f := range m.Advanced {
		if f.Name == added {
			return true
		}
		for field := range m.Problems {
			if field == f.Name || strings.HasPrefix(field, f.Name+".") {
				return true
			}
		}
	}
	return false
}
