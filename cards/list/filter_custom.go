package list

import (
	"flowdeck/cards"
	"flowdeck/cards/schema"
)

// FilterCustom keeps the items for which an expression is true.
var FilterCustom = declare(cards.Spec{
	Name:    "list.filter_custom",
	Title:   "Filter Custom",
	Icon:    "filter",
	Summary: "Keeps the items for which an expression is true.",
	Doc: "Puts out the items that fit, in their order, and those that do not.\n\n" +
		"- Nothing counts as false; anything but true and false fails the card." + inlineDoc,
	Keywords: []string{"list", "where", "select", "keep", "reject", "partition", "expression"},
	Examples: []cards.Example{{
		Title: "Two conditions in one",
		In:    schema.Values{"list": []any{schema.Values{"n": 1, "on": true}, schema.Values{"n": 7, "on": true}, schema.Values{"n": 9, "on": false}}, "expression": "item.on and item.n > 5"},
		Out:   schema.Values{"list": []any{schema.Values{"n": 7, "on": true}}, "others": []any{schema.Values{"n": 1, "on": true}, schema.Values{"n": 9, "on": false}}},
	}, {
		Title: "Every second item",
		In:    schema.Values{"list": []any{"a", "b", "c"}, "expression": "index % 2 == 0"},
		Out:   schema.Values{"list": []any{"a", "c"}},
	}, {
		Title: "An expression that is no condition",
		In:    schema.Values{"list": []any{1}, "expression": "item + 1"},
		Err:   cards.CodeInvalidInput,
	}},
}, func(in testingInput) (filterOutput, error) {
	var out filterOutput
	for i, item := range in.List {
		holds, err := in.holds(i)
		switch {
		case err != nil:
			return filterOutput{}, err
		case holds:
			out.List = append(out.List, item)
		default:
			out.Others = append(out.Others, item)
		}
	}
	return out, nil
})
