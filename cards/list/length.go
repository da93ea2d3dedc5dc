package list

import (
	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type lengthOutput struct {
	Length int `json:"length" help:"How many items there are."`
}

// Length counts the items of a list.
var Length = declare(cards.Spec{
	Name:    "list.length",
	Title:   "Length",
	Icon:    "hash",
	Summary: "Counts the items of a list.",
	Doc: "Puts out how many items a list has.\n\n" +
		"- Items that are null or empty count too.\n" +
		"- **Count** counts those for which a condition holds.",
	Keywords: []string{"list", "count", "size", "number", "items", "array"},
	Examples: []cards.Example{{
		Title: "Three items",
		In:    schema.Values{"list": []any{"a", nil, []any{1, 2}}},
		Out:   schema.Values{"length": 3},
	}, {
		Title: "An empty list",
		In:    schema.Values{"list": []any{}},
		Out:   schema.Values{"length": 0},
	}, {
		Title: "An object is no list",
		In:    schema.Values{"list": schema.Values{"a": 1}},
		Err:   cards.CodeInvalidInput,
	}},
}, func(in listInput) (lengthOutput, error) { return lengthOutput{len(in.List)}, nil })
