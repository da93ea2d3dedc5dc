package expr

import (
	"encoding/json"
	"math"
	"reflect"
	"time"
)

// maxValues and maxText bound what an expression may result in: sharing parts of
// a value costs nothing, writing them out would.
const maxValues = 5_000_000

// shaper makes the result of an expression a value as flows carry it.
type shaper struct{ values, text int }

// shape returns v itself where nothing needs to change.
func (s *shaper) shape(v any) (any, error) {
	if s.values++; s.values > maxValues || s.text > maxText {
		return nil, &Error{Message: "the result is too large"}
	}
	switch v := v.(type) {
	case string:
		s.text += len(v)
		return v, nil
	case nil, bool, int64, json.Number:
		return v, nil
	case int:
		return int64(v), nil
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return nil, &Error{Message: "the result is not a number: is something divided by zero?"}
		}
		return whole(v), nil
	case []any:
		return s.list(v)
	case map[string]any:
		return s.object(v)
	case time.Time:
		return v.Format(time.RFC3339Nano), nil
	}
	return s.other(v)
}

func (s *shaper) list(v []any) (any, error) {
	var changed []any
	for i, x := range v {
		y, err := s.shape(x)
		if err != nil {
			return nil, err
		}
		if changed == nil && !same(x, y) {
			changed = append(make([]any, 0, len(v)), v[:i]...)
		}
		if changed != nil {
			changed = append(changed, y)
		}
	}
	if changed != nil {
		return changed, nil
	}
	return v, nil
}

func (s *shaper) object(v map[string]any) (any, error) {
	changed := v
	for k, x := range v {
		y, err := s.shape(x)
		if err != nil {
			return nil, err
		}
		if same(x, y) {
			continue
		}
		if reflect.ValueOf(changed).Pointer() == reflect.ValueOf(v).Pointer() {
			changed = make(map[string]any, len(v))
			for k, x := range v {
				changed[k] = x
			}
		}
		changed[k] = y
	}
	return changed, nil
}

// same reports whether shaping left x as it was.
func same(x, y any) bool {
	switch x := x.(type) {
	case nil, bool, int64, string, json.Number:
		return true
	case float64:
		f, ok := y.(float64)
		return ok && f == x
	case []any:
		l, ok := y.([]any)
		return ok && len(l) == len(x) && (len(l) == 0 || &l[0] == &x[0])
	case map[string]any:
		return reflect.ValueOf(x).Pointer() == reflect.ValueOf(y).Pointer()
	}
	return false
}

func (s *shaper) other(v any) (any, error) {
	if v := shallow(v); v != nil {
		return s.shape(v)
	}
	return nil, &Error{Message: "the result is neither text, number, true or false, list nor object"}
}

// shallow turns what functions of expr-lang give (typed lists, objects with any
// keys, integers of other sizes) into lists, objects and numbers; nil when it cannot.
func shallow(v any) any {
	switch v := v.(type) {
	case nil, bool, string, int, int64, float64, json.Number, []any, map[string]any, time.Time:
		return v
	case []byte:
		return string(v)
	case interface{ String() string }:
		return v.String()
	}
	r := reflect.ValueOf(v)
	switch {
	case r.CanInt():
		return r.Int()
	case r.CanUint():
		return int64(r.Uint())
	case r.CanFloat():
		return r.Float()
	}
	switch r.Kind() {
	case reflect.String:
		return r.String()
	case reflect.Slice, reflect.Array:
		list := make([]any, r.Len())
		for i := range list {
			list[i] = r.Index(i).Interface()
		}
		return list
	case reflect.Map:
		object := make(map[string]any, r.Len())
		for it := r.MapRange(); it.Next(); {
			object[Text(shallow(it.Key().Interface()))] = it.Value().Interface()
		}
		return object
	}
	return nil
}

// kindOf names the type of a value for people.
func kindOf(v any) string {
	switch v.(type) {
	case nil:
		return "nothing"
	case string:
		return "text"
	case bool:
		return "true or false"
	case int, int64, float64, json.Number:
		return "a number"
	case []any:
		return "a list"
	case map[string]any:
		return "an object"
	case time.Time:
		return "a date"
	}
	return "something else"
}
