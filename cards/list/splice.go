package list

import (
	"slices"

	"flowdeck/cards"
	"flowdeck/cards/bounds"
	"flowdeck/cards/schema"
)

type spliceInput struct {
	listInput
	Position int   `json:"position" form:"required" help:"The first item that goes; 0 is the start, and negative positions count from the end."`
	Remove   int   `json:"remove" default:"0" min:"0" help:"How many items go."`
	Items    []any `json:"items" help:"What comes in their place."`
}

type spliceOutput struct {
	List    []any `json:"list" help:"The new list."`
	Removed []any `json:"removed" help:"The items that went."`
}

// Splice replaces a part of a list.
var Splice = declare(cards.Spec{
	Name:    "list.splice",
	Title:   "Splice",
	Icon:    "scissors",
	Summary: "Takes items out of a list and puts others in their place.",
	Doc: "Puts out the list with other items from a position on, and the items that went.\n\n" +
		"- When fewer items are left than are to go, all of them go. A position that is not in the list, nor just behind it, fails the card.",
	Keywords: []string{"list", "replace", "cut", "insert", "remove", "part", "range"},
	Examples: []cards.Example{{
		Title: "Two for one",
		In:    schema.Values{"list": []any{"a", "b", "c"}, "position": 1, "remove": 1, "items": []any{"x", "y"}},
		Out:   schema.Values{"list": []any{"a", "x", "y", "c"}, "removed": []any{"b"}},
	}, {
		Title: "The last ones",
		In:    schema.Values{"list": []any{1, 2, 3}, "position": -2, "remove": 9},
		Out:   schema.Values{"list": []any{1}, "removed": []any{2, 3}},
	}, {
		Title: "Too far behind",
		In:    schema.Values{"list": []any{1}, "position": 3},
		Err:   cards.CodeInvalidInput,
	}},
}, func(in spliceInput) (spliceOutput, error) {
	from, ok := place(in.Position, len(in.List))
	if !ok && from != len(in.List) {
		return spliceOutput{}, noPlace(in.Position, len(in.List))
	}
	to := from + min(in.Remove, len(in.List)-from)
	if err := bounds.CheckItems("items", len(in.List)+len(in.Items)); err != nil {
		return spliceOutput{}, err
	}
	return spliceOutput{slices.Concat(in.List[:from], in.Items, in.List[to:]), slices.Clone(in.List[from:to])}, nil
})
