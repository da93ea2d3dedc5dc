package expr

import (
	"encoding/json"
	"fmt"
	"math"
	"reflect"

	"github.com/expr-lang/expr/builtin"
	"github.com/expr-lang/expr/vm/runtime"

	"flowdeck/cards/schema"
)

// calculations are the operators and functions on numbers.
func calculations() []*builtin.Function {
	list := []*builtin.Function{
		{Name: negateName, Func: func(p ...any) (any, error) { return negate(p[0]) }},
		{Name: boundName, Func: func(p ...any) (any, error) { return bounded(p[0]) }},
		{Name: sumName, Func: sum},
		{Name: tallyName, Func: func(p ...any) (any, error) {
			if err := p[0].(*budget).tick(); err != nil {
				return nil, err
			}
			return summand(p[1], p[2])
		}},
		rounding("int", truncated), rounding("abs", absolute),
		rounding("ceil", kept(builtin.Ceil)), rounding("floor", kept(builtin.Floor)), rounding("round", kept(builtin.Round)),
	}
	for sign, o := range operations {
		list = append(list, &builtin.Function{Name: "$" + sign, Func: func(p ...any) (any, error) { return o.of(p[0], p[1]) }})
	}
	for sign, compare := range comparisons {
		list = append(list, &builtin.Function{Name: "$" + sign, Func: func(p ...any) (any, error) { return compare(p[0], p[1]), nil }})
	}
	list = append(list,
		&builtin.Function{Name: "$==", Func: func(p ...any) (any, error) { return alike(p[0], p[1]) }},
		&builtin.Function{Name: "$!=", Func: func(p ...any) (any, error) {
			same, err := alike(p[0], p[1])
			return !same, err
		}})
	return append(list, aggregates()...)
}

// rounding is a function of one number. What it is called with is checked as expr-lang does.
func rounding(name string, f func(any) (any, error)) *builtin.Function {
	validate := builtin.Builtins[builtin.Index[name]].Validate
	return &builtin.Function{Name: name, Func: one(name, func(v any) (any, error) {
		if _, isText := v.(string); schema.TypeOf(v) != schema.Number && (name != "int" || !isText) {
			return nil, &Error{Message: fmt.Sprintf("%s takes a number, not %s", name, schema.Describe(v))}
		}
		return f(v)
	}), Validate: func(args []reflect.Type) (reflect.Type, error) {
		_, err := validate(args)
		return reflect.TypeFor[any](), err
	}}
}

// comparisons put values in an order: numbers by value, whatever their type.
var comparisons = map[string]func(a, b any) bool{
	"<":  less,
	"<=": ordered(runtime.LessOrEqual, func(c int) bool { return c <= 0 }),
	">":  ordered(runtime.More, func(c int) bool { return c > 0 }),
	">=": ordered(runtime.MoreOrEqual, func(c int) bool { return c >= 0 }),
}

func ordered(compare func(a, b any) bool, is func(int) bool) func(a, b any) bool {
	return func(a, b any) bool {
		_, isLong := a.(json.Number)
		_, areLong := b.(json.Number)
		if isLong || areLong {
			if c, ok := schema.CompareNumbers(a, b); ok {
				return is(c)
			}
			a, b = calculable(a), calculable(b)
		}
		return compare(a, b)
	}
}

// sum adds the items of a list.
func sum(p ...any) (any, error) {
	if len(p) != 1 {
		return nil, &Error{Message: fmt.Sprintf("sum takes a list, not %d values", len(p))}
	}
	list, ok := shallow(p[0]).([]any)
	if !ok {
		return nil, &Error{Message: "sum takes a list, not " + kindOf(p[0])}
	}
	var total any = int64(0)
	for i, n := range list {
		v, err := summand(total, n)
		if err != nil {
			return nil, &Error{Message: fmt.Sprintf("item %d of the list: %s", i+1, err)}
		}
		total = v
	}
	return total, nil
}

// summand adds n, which must be something that can be added.
func summand(total, n any) (any, error) {
	if schema.TypeOf(n) != schema.Number {
		return nil, &Error{Message: "a number is due, not " + kindOf(n)}
	}
	return plus.of(total, n)
}

// maxBound is beyond what the memory of an expression allows a range to be.
const maxBound = 1 << 53

// bounded is an end of a range.
func bounded(v any) (any, error) {
	if f, ok := decimal(calculable(v)); !ok || math.Abs(f) >= maxBound || f != math.Trunc(f) {
		return nil, &Error{Message: fmt.Sprintf("a range goes between whole numbers of 15 digits at most, not to %s", schema.Describe(v))}
	}
	return runtime.ToInt(calculable(v)), nil
}

// kept leaves whole numbers as they are.
func kept(round func(any) any) func(any) (any, error) {
	return func(v any) (any, error) {
		if _, ok := large(v); ok {
			return v, nil
		}
		return round(calculable(v)), nil
	}
}

// absolute is v without its sign.
func absolute(v any) (any, error) {
	if c, ok := schema.CompareNumbers(v, int64(0)); ok && c < 0 {
		return negate(v)
	}
	return v, nil
}

// truncated is v without its decimals.
func truncated(v any) (any, error) {
	if text, ok := v.(string); ok {
		v = json.Number(text)
		if _, ok := large(v); !ok {
			return nil, &Error{Message: "int takes a whole number, not " + schema.Describe(text)}
		}
	}
	if n, ok := large(v); ok {
		return integer(n)
	}
	v = calculable(v)
	if f, ok := v.(float64); ok && !(math.Abs(f) < 1<<63) {
		return nil, &Error{Message: "int: the number is too large for a whole number"}
	}
	return builtin.Int(v), nil
}
