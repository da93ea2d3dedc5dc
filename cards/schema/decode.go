package schema

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// Check reports what is wrong with v as an answer to f.
func (f Form) Check(v Values) Problems {
	x := filler{later: true}
	var scratch reflect.Value
	if f.plan != nil && f.plan.typ.Kind() == reflect.Struct {
		scratch = reflect.New(f.plan.typ).Elem()
	}
	x.form(&f, v, scratch)
	return x.problems
}

// Convert returns v with every default filled in and every value as its field
// holds it. It is for forms that are written by hand; the others Decode.
func (f Form) Convert(v Values) (Values, Problems) {
	x := filler{keep: true}
	out := x.form(&f, v, reflect.Value{})
	return out, x.problems
}

// Decode fills into, a pointer to a zero struct that f was read from. It is the one
// place where what a person typed becomes what a field holds: "30" is a number
// in a Number field. The error is Problems. Objects and lists are not copied.
func (f Form) Decode(v Values, into any) error {
	if f.plan == nil {
		return fmt.Errorf("schema: decode %T by a form that was not made of it", into)
	}
	dst := reflect.ValueOf(into)
	if dst.Kind() != reflect.Pointer || dst.Type().Elem() != f.plan.typ {
		return fmt.Errorf("schema: decode %T by the form of %v", into, f.plan.typ)
	}
	dst = dst.Elem()
	if dst.Kind() == reflect.Map {
		dst.Set(reflect.ValueOf(v).Convert(f.plan.typ))
		return nil
	}
	x := filler{quick: true}
	if x.form(&f, v, dst); x.problems == nil {
		return nil
	}
	dst.SetZero()
	x = filler{}
	x.form(&f, v, dst)
	return x.problems.Err()
}

// form checks v against f and puts it into dst, when there is one.
func (x *filler) form(f *Form, v Values, dst reflect.Value) Values {
	if x.quick && f.plan.short != nil {
		x.short(f, v, dst)
		return nil
	}
	var out Values
	if x.keep {
		out = make(Values, len(v))
	}
	known := 0
	for i := range f.Fields {
		field := &f.Fields[i]
		val, there := v[field.Name]
		if there {
			known++
		}
		if field.When.Field != "" && !f.Applies(field, v) {
			continue
		}
		var s *slot
		var to reflect.Value
		if dst.IsValid() {
			s = &f.plan.slots[i]
			to = dst.FieldByIndex(s.index)
		}
		x.enter(field.Name, 0)
		got := x.field(field, s, val, to)
		x.leave()
		if x.keep && got != nil {
			out[field.Name] = got
		}
	}
	if known < len(v) {
		x.others(f, v, dst, out)
	}
	return out
}

// others deals with the names of v that f does not declare.
func (x *filler) others(f *Form, v Values, dst reflect.Value, out Values) {
	var rest reflect.Value
	if dst.IsValid() && f.plan.rest >= 0 {
		rest = dst.Field(f.plan.rest)
		rest.Set(reflect.MakeMap(rest.Type()))
	}
	var unknown []string
	for name, val := range v {
		switch {
		case slices.ContainsFunc(f.Fields, func(x Field) bool { return x.Name == name }):
		case !f.Open:
			unknown = append(unknown, name)
		case x.keep:
			out[name] = val
		case rest.IsValid() && !isLater(val):
			rest.SetMapIndex(reflect.ValueOf(name), reflect.ValueOf(&val).Elem())
		}
	}
	slices.Sort(unknown)
	for _, name := range unknown {
		x.enter(name, 0)
		x.problem("is not a field here; remove it")
		x.leave()
	}
}

// field checks one value and puts it into dst. A value that is not there is the default.
func (x *filler) field(f *Field, s *slot, val any, dst reflect.Value) any {
	if text, isText := val.(string); val == nil || isText && text == "" && f.Type != Any {
		if val = f.standing; val == nil && f.Default != "" {
			val = f.Default
		}
	}
	if list, isList := val.([]any); val == nil || f.Required && (val == "" || isList && len(list) == 0 && !f.Empty) {
		if f.Required {
			x.problem("is required")
		}
		return nil
	}
	val, ok := x.accept(f, val)
	if !ok || !x.inOptions(f, val) || !x.inBounds(f, val) {
		return nil
	}
	switch {
	case f.Type == Object && len(f.Members.Fields) > 0:
		if m := x.form(&f.Members, val.(map[string]any), dst); x.keep {
			return m
		}
	case f.Type == List && len(f.Members.Fields) > 0:
		return x.list(&f.Members, val.([]any), dst)
	case dst.IsValid() && s.set != nil:
		s.set(x, dst, val)
	}
	return val
}

// list fills a list of objects.
func (x *filler) list(members *Form, list []any, dst reflect.Value) any {
	var out []any
	if dst.IsValid() {
		dst.Set(reflect.MakeSlice(dst.Type(), len(list), len(list)))
	}
	for i, e := range list {
		var to reflect.Value
		if dst.IsValid() {
			to = dst.Index(i)
		}
		x.enter("", i)
		if m, ok := e.(map[string]any); ok {
			if got := x.form(members, m, to); x.keep {
				out = append(out, got)
			}
		} else if !isLater(e) || !x.later {
			x.problem("must be an object, got " + Describe(e))
		}
		x.leave()
	}
	return out
}

func (x *filler) inOptions(f *Field, val any) bool {
	if len(f.Options) == 0 || f.Suggested {
		return true
	}
	if s, isText := val.(string); isText && slices.ContainsFunc(f.Options, func(o Option) bool { return o.Value == s }) {
		return true
	}
	names := make([]string, len(f.Options))
	for i, o := range f.Options {
		names[i] = o.Value
	}
	x.problem("must be one of " + strings.Join(names, ", ") + ", got " + Describe(val))
	return false
}

func (x *filler) inBounds(f *Field, val any) bool {
	if f.Type != Number {
		return true
	}
	if f.Min != nil {
		if c, ok := CompareNumbers(val, *f.Min); ok && c < 0 {
			x.problem("must be at least " + shown(*f.Min) + ", got " + Describe(val))
			return false
		}
	}
	if f.Max != nil {
		if c, ok := CompareNumbers(val, *f.Max); ok && c > 0 {
			x.problem("must be at most " + shown(*f.Max) + ", got " + Describe(val))
			return false
		}
	}
	return true
}

func shown(f float64) string { s, _ := FormatNumber(f); return s }
