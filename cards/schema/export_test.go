package schema

import "reflect"

// New returns a pointer to a zero struct that f was read from.
func (f Form) New() any { return reflect.New(f.plan.typ).Interface() }

// DecodeLong is Decode by the long way alone.
func (f Form) DecodeLong(v Values, into any) error {
	var x filler
	x.form(&f, v, reflect.ValueOf(into).Elem())
	return x.problems.Err()
}
