package schema

import "reflect"

// short is how a form is decoded whose answers are few and right, which is nearly always:
// what the struct holds without any answer is made once, when the type is declared, and
// only what the answers change is looked at. Whatever is wrong is left to the long way,
// which names it in the order of the form.
type short struct {
	start      reflect.Value  // the struct of no answers
	at         map[string]int // where a field is in Form.Fields
	dependents [][]int        // of each field: those that are asked for because of it, at any remove
	always     []int          // what no answers leave open: required fields, and defaults that may not be shared
}

// mostShort is how many fields a form may have to go the short way.
const mostShort = 64

// shorten makes the short way of a form whose conditions are settled; nil when there is none.
func (f *Form) shorten() *short {
	if f.plan.typ.Kind() != reflect.Struct || len(f.Fields) > mostShort {
		return nil
	}
	s := &short{start: reflect.New(f.plan.typ).Elem(), at: make(map[string]int, len(f.Fields)), dependents: make([][]int, len(f.Fields))}
	new(filler).form(f, nil, s.start)
	for i := range f.Fields {
		field := &f.Fields[i]
		s.at[field.Name] = i
		to := s.start.FieldByIndex(f.plan.slots[i].index)
		if shared := to.Kind() > reflect.Float64 && to.Kind() != reflect.String; field.Required || shared && field.Default != "" {
			to.SetZero()
			s.always = append(s.always, i)
		}
		for w := field.When; w.Field != ""; { // which stands before it: see settle
			on := s.at[w.Field]
			s.dependents[on] = append(s.dependents[on], i)
			w = f.Fields[on].When
		}
	}
	return s
}

// short fills dst with v; there is a problem when it is not sure how.
func (x *filler) short(f *Form, v Values, dst reflect.Value) {
	s := f.plan.short
	dst.Set(s.start)
	var seen uint64
	known := 0
	for name := range v {
		i, ok := s.at[name]
		if !ok {
			continue
		}
		known++
		x.slot(f, i, v, dst, &seen)
		for _, d := range s.dependents[i] {
			x.slot(f, d, v, dst, &seen)
		}
	}
	for _, i := range s.always {
		x.slot(f, i, v, dst, &seen)
	}
	if known < len(v) {
		x.others(f, v, dst, nil)
	}
}

// slot fills one field, once.
func (x *filler) slot(f *Form, i int, v Values, dst reflect.Value, seen *uint64) {
	if *seen&(1<<i) != 0 {
		return
	}
	*seen |= 1 << i
	field, slot := &f.Fields[i], &f.plan.slots[i]
	to := dst.FieldByIndex(slot.index)
	if field.When.Field != "" && !f.Applies(field, v) {
		to.SetZero()
		return
	}
	x.enter(field.Name, 0)
	x.field(field, slot, v[field.Name], to)
	x.leave()
}
