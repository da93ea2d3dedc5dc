package object

import (
	"context"
	"maps"
	"slices"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type listOutput struct {
	List []any `json:"list" help:"An object with key and value for each."`
}

// ToList makes a list of an object.
var ToList = cards.NewFunction(cards.Spec{
	Name:     "object.to_list",
	Title:    "To List",
	Category: category,
	Family:   cards.FamilyData,
	Icon:     "layout-list",
	Summary:  "Makes a list of keys and values of an object.",
	Doc: "Puts out a list with an object of `key` and `value` for each value of the object.\n\n" +
		"- They come in the order of the keys in the alphabet.\n" +
		"- **From List** makes an object of it again.",
	Keywords: []string{"object", "entries", "pairs", "items", "array", "convert", "loop"},
	Examples: []cards.Example{{
		Title: "Two pairs",
		In:    schema.Values{"object": schema.Values{"name": "Maya", "id": 7}},
		Out:   schema.Values{"list": []any{schema.Values{"key": "id", "value": 7}, schema.Values{"key": "name", "value": "Maya"}}},
	}, {
		Title: "An empty object",
		In:    schema.Values{"object": schema.Values{}},
		Out:   schema.Values{"list": []any{}},
	}, {
		Title: "A number is no object",
		In:    schema.Values{"object": 7},
		Err:   cards.CodeInvalidInput,
	}},
}, func(_ context.Context, _ cards.Env, in objectInput) (listOutput, error) {
	list := make([]any, 0, len(in.Object))
	for _, k := range slices.Sorted(maps.Keys(in.Object)) {
		list = append(list, schema.Values{"key": k, "value": in.Object[k]})
	}
	return listOutput{list}, nil
})
