package expr

import (
	"flowdeck/cards/schema"
)

// site is one place in an expression where a function is called.
type site struct {
	fn    Function
	names []string // the field of each argument
	more  string   // the field that takes every argument from its place on; "" for none
}

// call calls the function with what its arguments have become.
func (s *site) call(b *budget, args []any) (any, error) {
	if s.fn.Call == nil {
		return nil, &Error{Message: s.fn.Name + " cannot be called here"}
	}
	if err := b.clock(); err != nil {
		return nil, err
	}
	if err := b.tick(); err != nil {
		return nil, err
	}
	in := make(schema.Values, len(args))
	for i, v := range args {
		if _, is := v.(*schema.Expression); !is {
			var err error
			if v, err = b.take(v); err != nil {
				return nil, err
			}
		}
		name := s.names[i]
		if name != s.more {
			in[name] = v
			continue
		}
		list, _ := in[name].([]any)
		if several, is := v.([]any); is {
			list = append(list, several...)
		} else {
			list = append(list, v)
		}
		in[name] = list
	}
	out, err := s.fn.Call(in)
	if err != nil {
		return nil, &Error{Message: s.fn.Name + ": " + err.Error()}
	}
	if s.fn.Result == "" {
		return b.take(out)
	}
	return b.take(out[s.fn.Result])
}
