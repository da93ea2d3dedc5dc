package schema

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// When says which fields of a form are asked for: those whose sibling Field holds
// one of Values. What is not asked for is neither checked nor read, and keeps what
// was filled in. The zero When always applies.
type When struct {
	Field     string
	Values    []string
	Otherwise bool // it applies also when the sibling was not filled in
}

// String is the condition as its tag has it: "pagination=link|cursor".
func (w When) String() string {
	if w.Field == "" {
		return ""
	}
	return w.Field + "=" + strings.Join(w.Values, "|")
}

// Applies reports whether field is asked for when the form is filled in with v.
// It is not when the sibling that it depends on is not asked for itself. A sibling
// that is known only later counts as one that asks for it.
func (f *Form) Applies(field *Field, v Values) bool {
	w := &field.When
	if w.Field == "" {
		return true
	}
	said, there := v[w.Field]
	switch text, isText := ToText(said); {
	case isLater(said):
	case !there || said == nil || isText && text == "":
		if !w.Otherwise {
			return false
		}
	case !isText || !slices.Contains(w.Values, text):
		return false
	}
	for i := range f.Fields {
		if s := &f.Fields[i]; s.Name == w.Field {
			return f.Applies(s, v)
		}
	}
	return true
}

func whenOf(sf reflect.StructField) When {
	tag := sf.Tag.Get("when")
	if tag == "" {
		return When{}
	}
	name, values, ok := strings.Cut(tag, "=")
	if !ok || name == "" || values == "" {
		panic(fmt.Sprintf("schema: %s has a condition that is none: %q", sf.Name, tag))
	}
	return When{Field: name, Values: strings.Split(values, "|")}
}

// settle finds the sibling of every condition. A condition may only look at a field
// that stands before its own: so none can go in a circle.
func (f *Form) settle(t reflect.Type) {
	for i := range f.Fields {
		w := &f.Fields[i].When
		if w.Field == "" {
			continue
		}
		at := slices.IndexFunc(f.Fields[:i], func(x Field) bool { return x.Name == w.Field })
		if at < 0 {
			panic(fmt.Sprintf("schema: %v asks for %s when %s, which is no field before it", t, f.Fields[i].Name, w))
		}
		sibling := f.Fields[at]
		for _, value := range w.Values {
			if len(sibling.Options) > 0 && !sibling.Suggested && !slices.ContainsFunc(sibling.Options, func(o Option) bool { return o.Value == value }) {
				panic(fmt.Sprintf("schema: %v asks for %s when %s, which %s cannot be", t, f.Fields[i].Name, w, w.Field))
			}
		}
		absent := sibling.Default
		if absent == "" && sibling.Type == Boolean {
			absent = "false"
		}
		w.Otherwise = slices.Contains(w.Values, absent)
	}
}
