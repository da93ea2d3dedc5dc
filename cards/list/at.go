package list

import (
	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type atInput struct {
	listInput
	Position int `json:"position" form:"required" help:"0 is the first item, 1 the second; -1 is the last."`
}

type atOutput struct {
	Item  any  `json:"item" help:"The item; nothing when there is none."`
	Found bool `json:"found" help:"Whether the list has that position."`
}

// At picks one item.
var At = declare(cards.Spec{
	Name:    "list.at",
	Title:   "At",
	Icon:    "list-tree",
	Summary: "Picks the item at a position.",
	Doc: "Puts out one item of a list, where the first is at position 0.\n\n" +
		"- Negative positions count from the end: -1 is the last item.\n" +
		"- Where the list has no such position, **found** is false and the item is nothing.",
	Keywords: []string{"list", "index", "position", "pick", "nth", "element", "array"},
	Examples: []cards.Example{{
		Title: "The second item",
		In:    schema.Values{"list": []any{"a", "b", "c"}, "position": 1},
		Out:   schema.Values{"item": "b", "found": true},
	}, {
		Title: "The last item",
		In:    schema.Values{"list": []any{"a", "b", "c"}, "position": -1},
		Out:   schema.Values{"item": "c"},
	}, {
		Title: "No such position",
		In:    schema.Values{"list": []any{"a"}, "position": 5},
		Out:   schema.Values{"item": nil, "found": false},
	}, {
		Title: "Half a position",
		In:    schema.Values{"list": []any{"a"}, "position": 0.5},
		Err:   cards.CodeInvalidInput,
	}},
}, func(in atInput) (atOutput, error) {
	i, ok := place(in.Position, len(in.List))
	if !ok {
		return atOutput{}, nil
	}
	return atOutput{in.List[i], true}, nil
})
