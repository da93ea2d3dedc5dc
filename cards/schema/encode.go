package schema

import (
	"encoding"
	"fmt"
	"reflect"
	"time"
)

// Encode returns out, a struct, as Values. A form that is at hand encodes faster.
func Encode(out any) (Values, error) {
	if m, ok := out.(map[string]any); ok {
		return m, nil
	}
	v := reflect.ValueOf(out)
	for v.Kind() == reflect.Pointer {
		v = v.Elem()
	}
	f := formOf(v.Type())
	return f.encode(v)
}

// Encode returns out, a struct that f was read from or a pointer to one, as
// Values. A map or list that is nil is empty. Objects and lists are not copied.
func (f Form) Encode(out any) (Values, error) {
	if m, ok := out.(map[string]any); ok {
		return m, nil
	}
	v := reflect.ValueOf(out)
	if v.Kind() == reflect.Pointer {
		v = v.Elem()
	}
	if f.plan == nil || !v.IsValid() || v.Type() != f.plan.typ {
		return nil, fmt.Errorf("schema: encode %T by a form that was not made of it", out)
	}
	return f.encode(v)
}

func (f *Form) encode(src reflect.Value) (Values, error) {
	if src.Kind() == reflect.Map {
		return src.Convert(reflect.TypeFor[map[string]any]()).Interface().(map[string]any), nil
	}
	v := make(Values, len(f.Fields))
	for i := range f.plan.slots {
		s := &f.plan.slots[i]
		from := src.FieldByIndex(s.index)
		if s.omitEmpty && from.IsZero() {
			continue
		}
		val, err := s.get(from)
		if err != nil {
			return nil, fmt.Errorf("field %s: %w", f.Fields[i].Name, err)
		}
		v[f.Fields[i].Name] = val
	}
	if f.plan.rest < 0 {
		return v, nil
	}
	for it := src.Field(f.plan.rest).MapRange(); it.Next(); {
		if _, taken := v[it.Key().String()]; taken {
			return nil, fmt.Errorf("field %s: %q is a field of its own", f.plan.typ.Field(f.plan.rest).Name, it.Key())
		}
		v[it.Key().String()] = it.Value().Interface()
	}
	return v, nil
}

// A getter reads one field as flows carry it.
type getter func(reflect.Value) (any, error)

var toText = reflect.TypeFor[encoding.TextMarshaler]()

func getterOf(t reflect.Type) getter {
	switch {
	case t == timeType:
		return func(v reflect.Value) (any, error) {
			return v.Interface().(time.Time).Format(time.RFC3339Nano), nil
		}
	case t == expressionType:
		return func(v reflect.Value) (any, error) { return v.Interface().(*Expression).String(), nil }
	case t == numberType:
		return func(v reflect.Value) (any, error) {
			if n, ok := ParseNumber(v.String()); ok {
				return n, nil
			}
			return nil, fmt.Errorf("%q is not a number", v.String())
		}
	case t.Implements(toText):
		return func(v reflect.Value) (any, error) {
			b, err := v.Interface().(encoding.TextMarshaler).MarshalText()
			return string(b), err
		}
	}
	switch t.Kind() {
	case reflect.String:
		return func(v reflect.Value) (any, error) { return v.String(), nil }
	case reflect.Bool:
		return func(v reflect.Value) (any, error) { return v.Bool(), nil }
	case reflect.Int, reflect.Int64:
		return func(v reflect.Value) (any, error) { return v.Int(), nil }
	case reflect.Float64:
		return func(v reflect.Value) (any, error) {
			if n, ok := normalFloat(v.Float()); ok {
				return n, nil
			}
			return nil, fmt.Errorf("%v is not a number", v.Float())
		}
	case reflect.Interface:
		return func(v reflect.Value) (any, error) { return shallow(v.Interface()) }
	case reflect.Struct:
		f := formOf(t)
		return func(v reflect.Value) (any, error) { return f.encode(v) }
	case reflect.Map:
		return mapGetter(t)
	case reflect.Slice:
		return sliceGetter(t)
	}
	panic(fmt.Sprintf("schema: no values for %v", t))
}

func mapGetter(t reflect.Type) getter {
	if t.Elem().Kind() == reflect.Interface {
		return func(v reflect.Value) (any, error) {
			if v.IsNil() {
				return Values{}, nil
			}
			return v.Convert(reflect.TypeFor[map[string]any]()).Interface(), nil
		}
	}
	get := getterOf(t.Elem())
	return func(v reflect.Value) (any, error) {
		m := make(Values, v.Len())
		for it := v.MapRange(); it.Next(); {
			val, err := get(it.Value())
			if err != nil {
				return nil, err
			}
			m[it.Key().String()] = val
		}
		return m, nil
	}
}

func sliceGetter(t reflect.Type) getter {
	if t.Elem().Kind() == reflect.Interface {
		return func(v reflect.Value) (any, error) {
			if v.IsNil() {
				return []any{}, nil
			}
			return v.Interface(), nil
		}
	}
	get := getterOf(t.Elem())
	return func(v reflect.Value) (any, error) {
		list := make([]any, v.Len())
		for i := range list {
			val, err := get(v.Index(i))
			if err != nil {
				return nil, err
			}
			list[i] = val
		}
		return list, nil
	}
}
