package flowtest

import (
	"fmt"

	"flowdeck/cards/condition"
	"flowdeck/cards/pattern"
	"flowdeck/cards/schema"
	"flowdeck/flows"
)

// Option is an operator and what people read for it.
type Option struct{ Value, Label string }

// Comparisons lists the operators of expectations.
func Comparisons() []Option {
	form := schema.Of[condition.Operation]()
	f, _ := form.Field("operator")
	list := make([]Option, len(f.Options))
	for i, o := range f.Options {
		list[i] = Option{o.Value, o.Label}
	}
	return list
}

// Operators lists the names of Comparisons.
func Operators() []string {
	var names []string
	for _, o := range Comparisons() {
		names = append(names, o.Value)
	}
	return names
}

func (e Expectation) label() string {
	for _, o := range Comparisons() {
		if o.Value == e.Operator {
			return o.Label
		}
	}
	return e.Operator
}

// check holds what happened against the expectation.
func (e Expectation) check(happened schema.Values, compiled *pattern.Cache) *Failure {
	got := flows.ValueAt(happened, e.Value)
	holds, err := condition.Of(got, condition.Operation{Operator: e.Operator}, e.With).Holds(compiled)
	switch {
	case err != nil:
		return &Failure{Kind: "expectation", Text: e.Value + ": " + err.Error(), Got: shown(got)}
	case !holds:
		return &Failure{Kind: "expectation", Text: fmt.Sprintf("%s %s", e.Value, e.label()), Want: shown(e.With), Got: shown(got)}
	}
	return nil
}

// maxShown is how much of a value a failure shows.
const maxShown = 4000

// shown is a value as people read it.
func shown(v any) string {
	text, ok := v.(string)
	if !ok {
		data, err := schema.EncodeJSON(v)
		if err != nil {
			return err.Error()
		}
		text = string(data)
	}
	if r := []rune(text); len(r) > maxShown {
		return string(r[:maxShown]) + "…"
	}
	return text
}
