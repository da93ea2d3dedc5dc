package expr

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/expr-lang/expr/builtin"

	"flowdeck/cards/pattern"
)

// Names that the rewriter uses; nobody can type them, for $ is not a step.
const (
	fetchName   = "$fetch"
	addName     = "$add"
	numberName  = "$number"
	tickName    = "$tick"
	madeName    = "$made"
	budgetName  = "$budget"
	callName    = "$call"
	lambdaName  = "$lambda"
	matchesName = "$matches"
	negateName  = "$negate"
	boundName   = "$bound"
	sumName     = "$sum"
	tallyName   = "$tally"
	withinName  = "$in"
	sortedName  = "$sorted"
	cutName     = "$cut"
	amountName  = "$amount"
)

// offered are the functions here that people may call; they replace ones of
// expr-lang that lose digits or grow without bounds.
var offered = []string{"string", "toJSON", "fromJSON", "replace", "join", "repeat", "int", "abs", "ceil", "floor", "round", "max", "min", "mean", "median",
	"uniq", "flatten", "keys", "values", "toPairs", "take", "sort", "indexOf", "lastIndexOf", "fromBase64", "type", "split", "splitAfter"}

// functions is not a variable because fromJSON leads back to here.
func functions() []*builtin.Function {
	return append(slices.Concat(calculations(), lists(), texts()), []*builtin.Function{
		{Name: fetchName, Func: func(p ...any) (any, error) { return fetch(p[0], p[1]), nil }},
		{Name: addName, Func: func(p ...any) (any, error) { return add(p[0], p[1]) }},
		{Name: withinName, Func: func(p ...any) (any, error) { return within(p[0], p[1]) }},
		{Name: numberName, Func: func(p ...any) (any, error) { return calculable(p[0]), nil }},
		{Name: tickName, Func: func(p ...any) (any, error) { return p[1], p[0].(*budget).tick() }},
		{Name: madeName, Func: func(p ...any) (any, error) { return p[1], p[0].(*budget).weigh(p[1], p[2].(int)) }},
		{Name: callName, Func: func(p ...any) (any, error) { return p[1].(*site).call(p[0].(*budget), p[2:]) }},
		{Name: lambdaName, Func: func(p ...any) (any, error) {
			return p[1].(*inlined).bind(p[0].(map[string]any), p[2].(map[string]any)), nil
		}},
		{Name: matchesName, Func: func(p ...any) (any, error) { return matches(p[0].(*budget), p[1].(*pattern.Cache), p[2], p[3]) }},
		{Name: "string", Func: one("string", func(v any) (any, error) {
			b, err := appendText(nil, shallow(v))
			return string(b), err
		})},
		{Name: "toJSON", Func: one("toJSON", func(v any) (any, error) {
			b, err := appendJSON(nil, shallow(v))
			return string(b), err
		})},
		{Name: "fromJSON", Func: one("fromJSON", func(v any) (any, error) {
			s, ok := v.(string)
			if !ok {
				return nil, &Error{Message: "fromJSON takes text, not " + kindOf(v)}
			}
			return decode(s)
		})},
		{Name: "replace", Func: replace},
		{Name: "join", Func: join},
		{Name: "repeat", Func: repeat},
	}...)
}

func one(name string, f func(any) (any, error)) func(...any) (any, error) {
	return func(p ...any) (any, error) {
		if len(p) != 1 {
			return nil, &Error{Message: fmt.Sprintf("%s takes one value, not %d", name, len(p))}
		}
		return f(p[0])
	}
}

func fetch(v, k any) any {
	switch k := calculable(k).(type) {
	case string:
		key := Key{Name: k}
		return key.of(v)
	case int:
		key := Key{Index: k, List: true}
		return key.of(v)
	case int64:
		key := Key{Index: int(k), List: true}
		return key.of(v)
	case float64:
		key := Key{Index: int(k), List: true}
		return key.of(v)
	}
	return nil
}

func add(a, b any) (any, error) {
	s, isText := a.(string)
	t, areTexts := b.(string)
	if isText && areTexts {
		if len(s)+len(t) > maxText {
			return nil, errTooLong
		}
		return s + t, nil
	}
	return plus.of(a, b)
}

// calculable makes a float64 of a number that is too long for one: what is
// calculated with loses digits, what is passed on does not.
func calculable(v any) any {
	if n, ok := v.(json.Number); ok {
		if f, err := n.Float64(); err == nil {
			return f
		}
	}
	return v
}

func replace(p ...any) (any, error) {
	text := make([]string, len(p))
	for i, v := range p {
		s, ok := v.(string)
		if !ok {
			return nil, &Error{Message: "replace takes texts, not " + kindOf(v)}
		}
		text[i] = s
	}
	if len(text) != 3 {
		return nil, &Error{Message: fmt.Sprintf("replace takes three texts, not %d", len(p))}
	}
	if grown := strings.Count(text[0], text[1]) * len(text[2]); grown > maxText {
		return nil, errTooLong
	}
	return strings.ReplaceAll(text[0], text[1], text[2]), nil
}

func join(p ...any) (any, error) {
	if len(p) == 0 || len(p) > 2 {
		return nil, &Error{Message: fmt.Sprintf("join takes a list and what goes between, not %d values", len(p))}
	}
	var between string
	if len(p) == 2 {
		between = Text(p[1])
	}
	list, ok := shallow(p[0]).([]any)
	if !ok {
		return nil, &Error{Message: "join takes a list, not " + kindOf(p[0])}
	}
	var b []byte
	var err error
	for i, v := range list {
		if i > 0 {
			if len(b)+len(between) > maxText {
				return nil, errTooLong
			}
			b = append(b, between...)
		}
		if b, err = appendText(b, shallow(v)); err != nil {
			return nil, err
		}
	}
	return string(b), nil
}
