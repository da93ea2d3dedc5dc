package list

import (
	"flowdeck/cards"
	"flowdeck/cards/schema"
)

// Map makes a new item of each.
var Map = declare(cards.Spec{
	Name:    "list.map",
	Title:   "Map",
	Icon:    "shuffle",
	Summary: "Makes a new list of what an expression makes of each item.",
	Doc: "Puts out a list that is as long as the one that came in, with a new item in the place of each.\n\n" +
		"- To do more with an item than an expression can, use **For Each**." + inlineDoc,
	Keywords: []string{"list", "transform", "convert", "each", "expression", "select"},
	Examples: []cards.Example{{
		Title: "A number of each item",
		In:    schema.Values{"list": []any{schema.Values{"price": 2.5, "n": 2}, schema.Values{"price": 1, "n": 3}}, "expression": "item.price * item.n"},
		Out:   schema.Values{"list": []any{5, 3}},
	}, {
		Title: "New objects, numbered",
		In:    schema.Values{"list": []any{"a", "b"}, "expression": `{"id": index + 1, "name": upper(item)}`},
		Out:   schema.Values{"list": []any{schema.Values{"id": 1, "name": "A"}, schema.Values{"id": 2, "name": "B"}}},
	}, {
		Title: "An item that the expression cannot deal with",
		In:    schema.Values{"list": []any{1, "two"}, "expression": "item - 1"},
		Err:   cards.CodeInvalidInput,
	}},
}, func(in inlineInput) (listOutput, error) {
	list := make([]any, len(in.List))
	for i := range in.List {
		var err error
		if list[i], err = in.of(i); err != nil {
			return listOutput{}, err
		}
	}
	return listOutput{list}, nil
})
