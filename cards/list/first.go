package list

import (
	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type endOutput struct {
	Item  any   `json:"item" help:"The item; nothing when the list is empty."`
	List  []any `json:"list" help:"The other items."`
	Found bool  `json:"found" help:"Whether the list has an item."`
}

// GetFirstItem takes the first item from a list.
var GetFirstItem = declare(cards.Spec{
	Name:    "list.get_first_item",
	Title:   "Get First Item",
	Icon:    "move-left",
	Summary: "Puts out the first item, and the list without it.",
	Doc: "Takes the first item from a list (also known as shift).\n\n" +
		"- The list that came in stays as it is; **list** holds the others.\n" +
		"- When the list is empty, **found** is false and the item is nothing.",
	Keywords: []string{"list", "first", "shift", "head", "take", "array"},
	Examples: []cards.Example{{
		Title: "Three items",
		In:    schema.Values{"list": []any{"a", "b", "c"}},
		Out:   schema.Values{"item": "a", "list": []any{"b", "c"}, "found": true},
	}, {
		Title: "An empty list",
		In:    schema.Values{"list": []any{}},
		Out:   schema.Values{"item": nil, "list": []any{}, "found": false},
	}, {
		Title: "No list",
		In:    schema.Values{"list": nil},
		Err:   cards.CodeInvalidInput,
	}},
}, func(in listInput) (endOutput, error) {
	if len(in.List) == 0 {
		return endOutput{}, nil
	}
	return endOutput{in.List[0], in.List[1:], true}, nil
})
