package list

import (
	"slices"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type removeInput struct {
	listInput
	Position int `json:"position" form:"required" help:"0 is the first item, -1 the last."`
}

type removeOutput struct {
	List []any `json:"list" help:"The list without the item."`
	Item any   `json:"item" help:"The item that was taken out."`
}

// RemoveAt takes an item out of a list.
var RemoveAt = declare(cards.Spec{
	Name:    "list.remove_at",
	Title:   "Remove At",
	Icon:    "trash-2",
	Summary: "Takes the item at a position out of a list.",
	Doc: "Puts out the list without one item, and that item.\n\n" +
		"- Negative positions count from the end: -1 is the last item.\n" +
		"- A position that is not in the list fails the card.",
	Keywords: []string{"list", "remove", "delete", "splice", "position", "index", "drop"},
	Examples: []cards.Example{{
		Title: "The second item",
		In:    schema.Values{"list": []any{"a", "b", "c"}, "position": 1},
		Out:   schema.Values{"list": []any{"a", "c"}, "item": "b"},
	}, {
		Title: "The last item",
		In:    schema.Values{"list": []any{"a", "b"}, "position": -1},
		Out:   schema.Values{"list": []any{"a"}, "item": "b"},
	}, {
		Title: "From an empty list",
		In:    schema.Values{"list": []any{}, "position": 0},
		Err:   cards.CodeInvalidInput,
	}},
}, func(in removeInput) (removeOutput, error) {
	i, ok := place(in.Position, len(in.List))
	if !ok {
		return removeOutput{}, noPlace(in.Position, len(in.List))
	}
	return removeOutput{slices.Concat(in.List[:i], in.List[i+1:]), in.List[i]}, nil
})
