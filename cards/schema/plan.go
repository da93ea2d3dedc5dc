package schema

import (
	"encoding"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"time"
)

// plan is how a struct type is filled from Values and read back. It is made once,
// when the type is declared.
type plan struct {
	typ    reflect.Type
	slots  []slot // beside Form.Fields
	rest   int    // the field that holds names not declared, or -1
	secret bool   // there are secrets in it
	short  *short // nil: there is none
}

// slot is where one field lives in the struct.
type slot struct {
	index     []int
	omitEmpty bool
	set       setter
	get       getter
}

// A setter puts a value that its field has accepted where it belongs.
type setter func(x *filler, dst reflect.Value, v any)

var numberType = reflect.TypeFor[json.Number]()

func newSlot(sf reflect.StructField) slot {
	_, options, _ := strings.Cut(sf.Tag.Get("json"), ",")
	return slot{index: sf.Index, omitEmpty: options == "omitempty" || options == "omitzero", set: setterOf(sf.Type), get: getterOf(sf.Type)}
}

func setterOf(t reflect.Type) setter {
	switch {
	case t == timeType:
		return func(x *filler, dst reflect.Value, v any) {
			at, _ := parseDate(v.(string))
			dst.Set(reflect.ValueOf(at))
		}
	case t == expressionType:
		return setExpression
	case t == numberType:
		return func(x *filler, dst reflect.Value, v any) {
			s, _ := FormatNumber(v)
			dst.SetString(s)
		}
	case reflect.PointerTo(t).Implements(fromText):
		return func(x *filler, dst reflect.Value, v any) {
			s := v.(string)
			if err := dst.Addr().Interface().(encoding.TextUnmarshaler).UnmarshalText([]byte(s)); err != nil {
				x.problem(err.Error() + ", got " + Describe(s))
			}
		}
	}
	switch t.Kind() {
	case reflect.String:
		return func(x *filler, dst reflect.Value, v any) { dst.SetString(v.(string)) }
	case reflect.Bool:
		return func(x *filler, dst reflect.Value, v any) { dst.SetBool(v.(bool)) }
	case reflect.Int, reflect.Int64:
		return setInt
	case reflect.Float64:
		return setFloat
	case reflect.Interface:
		return func(x *filler, dst reflect.Value, v any) { dst.Set(reflect.ValueOf(v)) }
	case reflect.Map:
		return mapSetter(t)
	case reflect.Slice:
		return sliceSetter(t)
	}
	return nil // a struct: filled member by member
}

func setInt(x *filler, dst reflect.Value, v any) {
	n, ok := v.(int64)
	if !ok {
		x.problem("must be a whole number, got " + Describe(v))
		return
	}
	dst.SetInt(n)
}

func setFloat(x *filler, dst reflect.Value, v any) {
	switch n := v.(type) {
	case int64:
		if n > 1<<53 || n < -1<<53 {
			break
		}
		dst.SetFloat(float64(n))
		return
	case float64:
		dst.SetFloat(n)
		return
	}
	x.problem("has more digits than fit here, got " + Describe(v))
}

func mapSetter(t reflect.Type) setter {
	if t.Key().Kind() != reflect.String {
		panic(fmt.Sprintf("schema: the keys of %v are not text", t))
	}
	if t.Elem().Kind() == reflect.Interface {
		return func(x *filler, dst reflect.Value, v any) { dst.Set(reflect.ValueOf(v).Convert(t)) }
	}
	member, _ := typeOf(t.Elem())
	field, put := Field{Type: member}, setterOf(t.Elem())
	return func(x *filler, dst reflect.Value, v any) {
		m := v.(map[string]any)
		dst.Set(reflect.MakeMapWithSize(t, len(m)))
		for k, e := range m {
			x.enter(k, 0)
			if c, ok := x.accept(&field, e); ok {
				val := reflect.New(t.Elem()).Elem()
				put(x, val, c)
				dst.SetMapIndex(reflect.ValueOf(k), val)
			}
			x.leave()
		}
	}
}

func sliceSetter(t reflect.Type) setter {
	if t.Elem().Kind() == reflect.Interface {
		return func(x *filler, dst reflect.Value, v any) { dst.Set(reflect.ValueOf(v)) }
	}
	element, _ := typeOf(t.Elem())
	field, put := Field{Type: element}, setterOf(t.Elem())
	if put == nil {
		return nil // a list of structs: filled member by member
	}
	return func(x *filler, dst reflect.Value, v any) {
		list := v.([]any)
		dst.Set(reflect.MakeSlice(t, len(list), len(list)))
		for i, e := range list {
			x.enter("", i)
			if c, ok := x.accept(&field, e); ok {
				put(x, dst.Index(i), c)
			}
			x.leave()
		}
	}
}

// parseDate reads a date as flows write it.
func parseDate(s string) (time.Time, bool) {
	for _, layout := range []string{time.RFC3339Nano, time.DateOnly} {
		if at, err := time.Parse(layout, s); err == nil {
			return at, true
		}
	}
	return time.Time{}, false
}
