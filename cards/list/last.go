package list

import (
	"flowdeck/cards"
	"flowdeck/cards/schema"
)

// GetLastItem takes the last item from a list.
var GetLastItem = declare(cards.Spec{
	Name:    "list.get_last_item",
	Title:   "Get Last Item",
	Icon:    "move-right",
	Summary: "Puts out the last item, and the list without it.",
	Doc: "Takes the last item from a list (also known as pop).\n\n" +
		"- The list that came in stays as it is; **list** holds the others.\n" +
		"- When the list is empty, **found** is false and the item is nothing.",
	Keywords: []string{"list", "last", "pop", "end", "take", "array"},
	Examples: []cards.Example{{
		Title: "Three items",
		In:    schema.Values{"list": []any{"a", "b", "c"}},
		Out:   schema.Values{"item": "c", "list": []any{"a", "b"}, "found": true},
	}, {
		Title: "An empty list",
		In:    schema.Values{"list": []any{}},
		Out:   schema.Values{"item": nil, "list": []any{}, "found": false},
	}, {
		Title: "Text is no list",
		In:    schema.Values{"list": "a, b"},
		Err:   cards.CodeInvalidInput,
	}},
}, func(in listInput) (endOutput, error) {
	n := len(in.List)
	if n == 0 {
		return endOutput{}, nil
	}
	return endOutput{in.List[n-1], in.List[: n-1 : n-1], true}, nil
})
