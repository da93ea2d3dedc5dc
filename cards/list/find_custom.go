package list

import (
	"flowdeck/cards"
	"flowdeck/cards/schema"
)

// FindCustom looks for an item for which an expression is true.
var FindCustom = declare(cards.Spec{
	Name:    "list.find_custom",
	Title:   "Find Custom",
	Icon:    "search",
	Summary: "Finds the first item for which an expression is true.",
	Doc: "Puts out the first item that fits, and its position. Items behind it are not looked at.\n\n" +
		"- Nothing counts as false; anything but true and false fails the card." + inlineDoc,
	Keywords: []string{"list", "search", "lookup", "first", "match", "where", "index", "expression"},
	Examples: []cards.Example{{
		Title: "The first that is dear and in stock",
		In:    schema.Values{"list": []any{schema.Values{"p": 9}, schema.Values{"p": 20, "stock": 1}}, "expression": "item.p > 10 and item.stock > 0"},
		Out:   schema.Values{"item": schema.Values{"p": 20, "stock": 1}, "position": 1, "found": true},
	}, {
		Title: "None fits",
		In:    schema.Values{"list": []any{"a", "b"}, "expression": `item == "x"`},
		Out:   schema.Values{"item": nil, "position": -1, "found": false},
	}, {
		Title: "No list",
		In:    schema.Values{"expression": "true"},
		Err:   cards.CodeInvalidInput,
	}},
}, func(in testingInput) (findOutput, error) {
	for i, item := range in.List {
		holds, err := in.holds(i)
		if err != nil {
			return findOutput{}, err
		}
		if holds {
			return findOutput{item, i, true}, nil
		}
	}
	return findOutput{Position: -1}, nil
})
