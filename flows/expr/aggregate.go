package expr

import (
	"fmt"
	"reflect"

	"github.com/expr-lang/expr/builtin"

	"flowdeck/cards/schema"
)

// aggregates are functions of numbers and of lists of numbers, of whatever type.
func aggregates() []*builtin.Function {
	return []*builtin.Function{
		aggregate("max", func(p []any) (any, error) { return extreme("max", 1, p) }),
		aggregate("min", func(p []any) (any, error) { return extreme("min", -1, p) }),
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

// extreme is the number that is furthest in a direction, of numbers and lists of them. It
// keeps all of its digits. Of no numbers it is nil.
func extreme(name string, direction int, list []any) (best any, err error) {
	all, err := unnested(nil, list)
	if err != nil {
		return nil, err
	}
	for _, v := range all {
		if schema.TypeOf(v) != schema.Number {
			return nil, &Error{Message: fmt.Sprintf("%s takes numbers and lists of them, not %s", name, schema.Describe(v))}
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
	return func(p []any) (any, error) {
		all, err := unnested(nil, p)
		if err != nil {
			return nil, err
		}
		for i, v := range all {
			all[i] = calculable(v)
		}
		return f(all)
	}
}
