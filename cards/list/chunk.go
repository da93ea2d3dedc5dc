package list

import (
	"slices"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type chunkInput struct {
	listInput
	Size int `json:"size" form:"required" min:"1" help:"How many items a part has."`
}

// Chunk cuts a list into parts.
var Chunk = declare(cards.Spec{
	Name:    "list.chunk",
	Title:   "Chunk",
	Icon:    "square-function",
	Summary: "Cuts a list into parts of a size.",
	Doc: "Puts out a list of lists, each with as many items as you say; the last may have fewer.\n\n" +
		"- Good for services that take a number of records at once.\n" +
		"- An empty list has no parts.",
	Keywords: []string{"list", "split", "batch", "parts", "pages", "bulk", "group"},
	Examples: []cards.Example{{
		Title: "Parts of two",
		In:    schema.Values{"list": []any{1, 2, 3, 4, 5}, "size": 2},
		Out:   schema.Values{"list": []any{[]any{1, 2}, []any{3, 4}, []any{5}}},
	}, {
		Title: "An empty list",
		In:    schema.Values{"list": []any{}, "size": 2},
		Out:   schema.Values{"list": []any{}},
	}, {
		Title: "Parts of nothing",
		In:    schema.Values{"list": []any{1}, "size": 0},
		Err:   cards.CodeInvalidInput,
	}},
}, func(in chunkInput) (listOutput, error) {
	list := make([]any, 0, len(in.List)/in.Size+1)
	for part := range slices.Chunk(in.List, in.Size) {
		list = append(list, part)
	}
	return listOutput{list}, nil
})
