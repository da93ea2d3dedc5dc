package list

import (
	"slices"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

// Reverse turns a list around.
var Reverse = declare(cards.Spec{
	Name:    "list.reverse",
	Title:   "Reverse",
	Icon:    "rotate-ccw",
	Summary: "Turns the order of a list around.",
	Doc: "Puts out the items from the last to the first.\n\n" +
		"- Lists inside of the list stay as they are.\n" +
		"- To sort from large to small, use **Sort** with the direction Descending.",
	Keywords: []string{"list", "order", "backwards", "last", "first", "turn"},
	Examples: []cards.Example{{
		Title: "Three items",
		In:    schema.Values{"list": []any{"a", "b", []any{1, 2}}},
		Out:   schema.Values{"list": []any{[]any{1, 2}, "b", "a"}},
	}, {
		Title: "An empty list",
		In:    schema.Values{"list": []any{}},
		Out:   schema.Values{"list": []any{}},
	}, {
		Title: "No list",
		In:    schema.Values{},
		Err:   cards.CodeInvalidInput,
	}},
}, func(in listInput) (listOutput, error) {
	list := slices.Clone(in.List)
	slices.Reverse(list)
	return listOutput{list}, nil
})
