package schema

import (
	"encoding"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// Of returns the form that T declares, ready to Decode and Encode T. It panics
// when T cannot be a form: that is a mistake in the program, found by the first
// test that mentions the card. The fields of an embedded struct come where it stands.
//
// The tags of a field are json (its name; "*" of a map for the names that are not
// declared), label, help, placeholder, default, format, vars (of an Expression), options
// ("value=Label|value"), min, max, group, when ("sibling=value|value": see When), and form
// (required, empty, secret, advanced, fixed, suggested).
func Of[T any]() Form { return formOf(reflect.TypeFor[T]()) }

// formOf returns the whole form of a type.
func formOf(t reflect.Type) Form {
	form := read(t)
	form.settle(t)
	form.checkDefaults(t)
	form.plan.secret, form.plan.short = form.declaresSecret(), form.shorten()
	return form
}

// read returns the fields of a type, which may be a part of another.
func read(t reflect.Type) Form {
	if t.Kind() == reflect.Map {
		return Form{Open: true, plan: &plan{typ: t}}
	}
	if t.Kind() != reflect.Struct {
		panic(fmt.Sprintf("schema: %v is not a struct", t))
	}
	form := Form{plan: &plan{typ: t, rest: -1}}
	for i := range t.NumField() {
		sf := t.Field(i)
		name, _, _ := strings.Cut(sf.Tag.Get("json"), ",")
		switch {
		case sf.Anonymous && name == "" && sf.Type.Kind() == reflect.Struct:
			form.embed(i, read(sf.Type))
			continue
		case name == "-" || !sf.IsExported():
			continue
		case name == "":
			panic(fmt.Sprintf("schema: %v.%s has no json name", t, sf.Name))
		case name == "*":
			form.Open, form.plan.rest = true, i
			continue
		case form.has(name):
			panic(fmt.Sprintf("schema: %v has two fields %q", t, name))
		}
		f := fieldOf(name, sf)
		form.Fields = append(form.Fields, f)
		form.plan.slots = append(form.plan.slots, newSlot(sf))
	}
	return form
}

// embed takes in the fields of the embedded struct at index.
func (f *Form) embed(index int, inner Form) {
	for i, x := range inner.Fields {
		s := inner.plan.slots[i]
		s.index = append([]int{index}, s.index...)
		f.Fields, f.plan.slots = append(f.Fields, x), append(f.plan.slots, s)
	}
}

func (f *Form) has(name string) bool {
	_, there := f.Field(name)
	return there
}

func fieldOf(name string, sf reflect.StructField) Field {
	f := Field{Name: name, Label: sf.Tag.Get("label"), Help: sf.Tag.Get("help"), Placeholder: sf.Tag.Get("placeholder"),
		Default: sf.Tag.Get("default"), Format: sf.Tag.Get("format")}
	if f.Label == "" {
		f.Label = words(sf.Name)
	}
	for o := range strings.SplitSeq(sf.Tag.Get("options"), "|") {
		if value, label, ok := strings.Cut(o, "="); ok {
			f.Options = append(f.Options, Option{value, label})
		} else if o != "" {
			f.Options = append(f.Options, Option{o, o})
		}
	}
	for flag := range strings.SplitSeq(sf.Tag.Get("form"), ",") {
		switch flag {
		case "":
		case "required":
			f.Required = true
		case "empty":
			f.Empty = true
		case "secret":
			f.Secret = true
		case "advanced":
			f.Advanced = true
		case "fixed":
			f.Fixed = true
		case "suggested":
			f.Suggested = true
		default:
			panic(fmt.Sprintf("schema: %s has an unknown form flag %q", sf.Name, flag))
		}
	}
	f.Min, f.Max = bound(sf, "min"), bound(sf, "max")
	f.When, f.Group = whenOf(sf), sf.Tag.Get("group")
	f.Type, f.Members = typeOf(sf.Type)
	if sf.Type == expressionType {
		f.Format, f.Vars = Inline, strings.Fields(sf.Tag.Get("vars"))
	}
	if f.Default != "" {
		f.standing, _ = new(filler).accept(&f, f.Default)
	}
	return f
}

func bound(sf reflect.StructField, tag string) *float64 {
	s := sf.Tag.Get(tag)
	if s == "" {
		return nil
	}
	n, err := strconv.ParseFloat(s, 64)
	if err != nil {
		panic(fmt.Sprintf("schema: %s has a %s that is no number: %q", sf.Name, tag, s))
	}
	return &n
}

// Written is a type of a field that reads itself from text and is a field of another
// type than Text: a date that keeps how it was written.
type Written interface{ Type() Type }

var (
	timeType = reflect.TypeFor[time.Time]()
	fromText = reflect.TypeFor[encoding.TextUnmarshaler]()
)

func typeOf(t reflect.Type) (Type, Form) {
	switch {
	case t == timeType:
		return Date, Form{}
	case t == numberType:
		return Number, Form{}
	case t == expressionType:
		return Text, Form{}
	case reflect.PointerTo(t).Implements(fromText):
		if w, says := reflect.Zero(t).Interface().(Written); says {
			return w.Type(), Form{}
		}
		return Text, Form{}
	}
	switch t.Kind() {
	case reflect.String:
		return Text, Form{}
	case reflect.Bool:
		return Boolean, Form{}
	case reflect.Int, reflect.Int64, reflect.Float64:
		return Number, Form{}
	case reflect.Map:
		return Object, Form{Open: true}
	case reflect.Slice:
		if t.Elem().Kind() == reflect.Struct && t.Elem() != timeType && !reflect.PointerTo(t.Elem()).Implements(fromText) {
			return List, formOf(t.Elem())
		}
		return List, Form{Open: true}
	case reflect.Struct:
		return Object, formOf(t)
	case reflect.Interface:
		return Any, Form{Open: true}
	}
	panic(fmt.Sprintf("schema: no field type for %v", t))
}

func (f *Form) checkDefaults(t reflect.Type) {
	asked := Form{Fields: slices.Clone(f.Fields), plan: f.plan}
	for i := range asked.Fields {
		asked.Fields[i].When = When{}
	}
	for i := range f.Fields {
		if x := &f.Fields[i]; x.Default != "" {
			if p := asked.Check(Values{x.Name: x.Default}); p.at(x.Name) {
				panic(fmt.Sprintf("schema: %v has a wrong default: %v", t, p))
			}
		}
	}
}

func (p Problems) at(field string) bool {
	for _, x := range p {
		if x.Field == field {
			return true
		}
	}
	return false
}

// words splits a Go name: BaseURL → "Base URL", StatusCode → "Status code".
func words(s string) string {
	r := []rune(s)
	var b strings.Builder
	for i, c := range r {
		capital := unicode.IsUpper(c)
		ends := i+1 < len(r) && unicode.IsLower(r[i+1])
		if i > 0 && capital && (unicode.IsLower(r[i-1]) || ends) {
			b.WriteByte(' ')
			if ends {
				c = unicode.ToLower(c)
			}
		}
		b.WriteRune(c)
	}
	return b.String()
}
