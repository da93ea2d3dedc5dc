package list

import (
	"fmt"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type insertInput struct {
	listInput
	Position int `json:"position" form:"required" help:"The item comes before the one that is there now; 0 is the start, the length of the list its end."`
	Item     any `json:"item" help:"What to put in."`
}

// InsertAt puts an item into a list.
var InsertAt = declare(cards.Spec{
	Name:    "list.insert_at",
	Title:   "Insert At",
	Icon:    "corner-down-left",
	Summary: "Puts an item into a list at a position.",
	Doc: "Puts out the list with one more item. What stands at the position, and all behind it, moves by one.\n\n" +
		"- Negative positions count from the end: -1 is before the last item.\n" +
		"- A position that is not in the list, nor just behind it, fails the card.",
	Keywords: []string{"list", "insert", "splice", "add", "position", "index"},
	Examples: []cards.Example{{
		Title: "Between two",
		In:    schema.Values{"list": []any{"a", "c"}, "position": 1, "item": "b"},
		Out:   schema.Values{"list": []any{"a", "b", "c"}},
	}, {
		Title: "Before the last",
		In:    schema.Values{"list": []any{"a", "c"}, "position": -1, "item": "b"},
		Out:   schema.Values{"list": []any{"a", "b", "c"}},
	}, {
		Title: "Too far behind",
		In:    schema.Values{"list": []any{"a"}, "position": 5, "item": "b"},
		Err:   cards.CodeInvalidInput,
	}},
}, func(in insertInput) (listOutput, error) {
	i, ok := place(in.Position, len(in.List))
	if !ok && i != len(in.List) {
		return listOutput{}, noPlace(in.Position, len(in.List))
	}
	return inserted(in.List, i, in.Item)
})

func noPlace(position, n int) error {
	return schema.Problems{{Field: "position", Message: fmt.Sprintf("%d is not in a list of %d; the first item is at 0", position, n)}}
}
