package schema

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
)

func (p Problems) Error() string {
	var b strings.Builder
	for i, x := range p {
		if i > 0 {
			b.WriteString("; ")
		}
		fmt.Fprintf(&b, "%s: %s", x.Field, x.Message)
	}
	return b.String()
}

// Err returns p as an error, or nil when there are no problems.
func (p Problems) Err() error {
	if len(p) == 0 {
		return nil
	}
	return p
}

// Of returns the form that T declares. It panics when T cannot be one: that is
// a mistake in the program, found by the first test that mentions the card.
func Of[T any]() Form { return formOf(reflect.TypeFor[T]()) }

func formOf(t reflect.Type) Form {
	if t.Kind() == reflect.Map {
		return Form{Open: true}
	}
	if t.Kind() != reflect.Struct {
		panic(fmt.Sprintf("schema: %v is not a struct", t))
	}
	var form Form
	for i := range t.NumField() {
		sf := t.Field(i)
		name, _, _ := strings.Cut(sf.Tag.Get("json"), ",")
		if name == "-" || !sf.IsExported() {
			continue
		}
		if name == "" {
			panic(fmt.Sprintf("schema: %v.%s has no json name", t, sf.Name))
		}
		f := Field{Name: name, Label: sf.Tag.Get("label"), Help: sf.Tag.Get("help"), Default: sf.Tag.Get("default")}
		if f.Label == "" {
			f.Label = words(sf.Name)
		}
		if o := sf.Tag.Get("options"); o != "" {
			for _, v := range strings.Split(o, "|") {
				f.Options = append(f.Options, Option{v, v})
			}
		}
		flags := strings.Split(sf.Tag.Get("form"), ",")
		f.Required = slices.Contains(flags, "required")
		f.Secret = slices.Contains(flags, "secret")
		f.Type, f.Members = typeOf(sf.Type)
		form.Fields = append(form.Fields, f)
	}
	return form
}

func typeOf(t reflect.Type) (Type, Form) {
	if t == reflect.TypeFor[time.Time]() {
		return Date, Form{}
	}
	if t.Implements(reflect.TypeFor[interface{ MarshalText() ([]byte, error) }]()) {
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
		if t.Elem().Kind() == reflect.Struct {
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

// Check reports what is wrong with v as an answer to f.
func (f Form) Check(v Values) Problems {
	_, p := f.fill(v)
	return p
}

// Decode fills into, a pointer to the struct f was read from. It is the one
// place where what a person typed becomes what a field holds: "30" is a number
// in a Number field.
func (f Form) Decode(v Values, into any) error {
	full, p := f.fill(v)
	if p != nil {
		return p
	}
	data, err := json.Marshal(full)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(data, into); err != nil {
		if te, ok := err.(*json.UnmarshalTypeError); ok {
			return Problems{{te.Field, "cannot be " + te.Value}}
		}
		return err
	}
	return nil
}

func (f Form) fill(v Values) (Values, Problems) {
	full, p := Values{}, Problems(nil)
	known := map[string]bool{}
	for _, x := range f.Fields {
		known[x.Name] = true
		val := v[x.Name]
		if val == nil || val == "" {
			if x.Default == "" {
				if x.Required {
					p = append(p, Problem{x.Name, "is required"})
				}
				continue
			}
			val = x.Default
		}
		val, msg := x.coerce(val)
		if msg != "" {
			p = append(p, Problem{x.Name, msg})
		}
		full[x.Name] = val
	}
	for name, val := range v {
		switch {
		case known[name]:
		case f.Open:
			full[name] = val
		default:
			p = append(p, Problem{name, "is not a field of this card"})
		}
	}
	slices.SortFunc(p, func(a, b Problem) int { return strings.Compare(a.Field, b.Field) })
	return full, p
}

func (x Field) coerce(val any) (any, string) {
	s, isText := val.(string)
	switch {
	case isText && len(x.Options) > 0 && !slices.ContainsFunc(x.Options, func(o Option) bool { return o.Value == s }):
		return val, "must be one of " + fmt.Sprint(x.Options)
	case isText && x.Type == Number:
		n, err := strconv.ParseFloat(s, 64)
		if err != nil {
			return val, "must be a number"
		}
		return n, ""
	case isText && x.Type == Boolean:
		b, err := strconv.ParseBool(s)
		if err != nil {
			return val, "must be true or false"
		}
		return b, ""
	}
	return val, ""
}

// Encode returns out, a struct, as Values.
func Encode(out any) (Values, error) {
	data, err := json.Marshal(out)
	if err != nil {
		return nil, err
	}
	var v Values
	return v, json.Unmarshal(data, &v)
}

// Redact returns v with every secret field blanked, for history and logs.
func (f Form) Redact(v Values) Values {
	r := Values{}
	for k, x := range v {
		r[k] = x
	}
	for _, x := range f.Fields {
		if _, ok := r[x.Name]; ok && x.Secret {
			r[x.Name] = "••••"
		}
	}
	return r
}

// words splits a Go name: BaseURL → "Base URL".
func words(s string) string {
	r := []rune(s)
	var b strings.Builder
	for i, c := range r {
		if i > 0 && unicode.IsUpper(c) && (unicode.IsLower(r[i-1]) || i+1 < len(r) && unicode.IsLower(r[i+1])) {
			b.WriteByte(' ')
		}
		b.WriteRune(c)
	}
	return b.String()
}

// Duration is a time.Duration written "30s".
type Duration struct{ time.Duration }

func (d Duration) MarshalText() ([]byte, error) { return []byte(d.String()), nil }
func (d *Duration) UnmarshalText(b []byte) (err error) {
	d.Duration, err = time.ParseDuration(string(b))
	return err
}
