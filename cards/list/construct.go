package list

import (
	"flowdeck/cards"
	"flowdeck/cards/condition"
	"flowdeck/cards/schema"
)

type constructInput struct {
	Items     []any `json:"items" format:"json" help:"One value for each item of the list."`
	SkipEmpty bool  `json:"skip_empty" label:"Skip empty" form:"advanced" help:"Leave out null, empty text, empty lists and empty objects."`
}

func (in constructInput) items() []any {
	if in.Items == nil {
		return []any{}
	}
	return in.Items
}

// Construct makes a list.
var Construct = declare(cards.Spec{
	Name:    "list.construct",
	Title:   "Construct",
	Icon:    "list-ordered",
	Summary: "Makes a list of the values that you give it.",
	Doc: "Puts out a list of values, in their order.\n\n" +
		"- Values keep their type, and may be lists and objects themselves.\n" +
		"- **Skip empty** leaves out those that have nothing in them.",
	Keywords: []string{"list", "array", "create", "make", "build", "collect"},
	Examples: []cards.Example{{
		Title: "Three values",
		In:    schema.Values{"items": []any{"Tea", 7, schema.Values{"id": 1}}},
		Out:   schema.Values{"list": []any{"Tea", 7, schema.Values{"id": 1}}},
	}, {
		Title: "Without the empty ones",
		In:    schema.Values{"items": []any{"a", nil, "", 0, []any{}}, "skip_empty": true},
		Out:   schema.Values{"list": []any{"a", 0}},
	}, {
		Title: "A number is no list",
		In:    schema.Values{"items": 7},
		Err:   cards.CodeInvalidInput,
	}},
}, func(in constructInput) (listOutput, error) {
	if !in.SkipEmpty {
		return listOutput{in.Items}, nil
	}
	var list []any
	for _, v := range in.Items {
		if !condition.Empty(v) {
			list = append(list, v)
		}
	}
	return listOutput{list}, nil
})
