package expr

import (
	"encoding/json"
	"fmt"
	"reflect"

	"github.com/expr-lang/expr/builtin"

	"flowdeck/cards/schema"
)

// aggregates are functions of numbers and of lists of numbers, of whatever type.
func aggregates() []*builtin.Function {
	return []*builtin.Function{
		aggregate("max", func(p []any) (any, error) { return extreme("max", 1, nil, p) }),
		aggregate("min", func(p []any) (any, error) { return extreme("min", -1, nil, p) }),
		aggregate("mean", rough("mean")), aggregate("median", rough("median")),
	}
}

// aggregate is a function of that name. What it is called with is checked as expr-lang does.
func aggregate(name string, f func([]any) (any, error)) *builtin.Function {
	validate := builtin.Builtins[builtin.Index[name]].Validate
	return &builtin.Function{Name: name, Func: func(p ...any) (any, error) { return f(p) }, Validate: func(args []reflect.Type) (reflect.Type, error) {
		_, err := validate(args)
		return reflect.TypeFor[any](), err
	}}
}

// extreme is the number that is furthest in a direction: best so far, and those in list.
// It keeps all of its digits. Of no numbers it is nil.
func extreme(name string, direction int, best any, list []any) (any, error) {
	for _, v := range list {
		if schema.TypeOf(v) != schema.Number {
			inner, ok := shallow(v).([]any)
			if !ok {
				return nil, &Error{Message: fmt.Sprintf("%s takes numbers and lists of them, not %s", name, schema.Describe(v))}
			}
			var err error
			if best, err = extreme(name, direction, best, inner); err != nil {
				return nil, err
			}
			continue
		}
		if c, ok := schema.CompareNumbers(v, best); best == nil || ok && c*direction > 0 {
			best = v
		}
	}
	return best, nil
}

// rough has expr-lang calculate, with numbers that it knows.
func rough(name string) func([]any) (any, error) {
	f := builtin.Builtins[builtin.Index[name]].Func
	return func(p []any) (any, error) { return f(known(p)...) }
}

// known is a list in which no number is longer than expr-lang takes.
func known(list []any) []any {
	changed := list
	for i, v := range list {
		switch x := v.(type) {
		case json.Number:
			v = calculable(x)
		case []any:
			v = known(x)
		default:
			continue
		}
		if &changed[0] == &list[0] {
			changed = append([]any(nil), list...)
		}
		changed[i] = v
	}
	return changed
}
