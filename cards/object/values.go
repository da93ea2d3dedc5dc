package object

import (
	"context"
	"maps"
	"slices"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type valuesOutput struct {
	Values []any `json:"values" help:"The values, in the order of their names."`
}

// Values lists the values of an object.
var Values = cards.NewFunction(cards.Spec{
	Name:     "object.values",
	Title:    "Values",
	Category: category,
	Family:   cards.FamilyData,
	Icon:     "list",
	Summary:  "Lists the values of an object.",
	Doc: "Puts out the values of an object as a list.\n\n" +
		"- They come in the order of their names in the alphabet, as **Keys** lists them.\n" +
		"- Values keep their type.",
	Keywords: []string{"object", "list", "items", "properties", "array"},
	Examples: []cards.Example{{
		Title: "In the order of the names",
		In:    schema.Values{"object": schema.Values{"name": "Maya", "id": 7}},
		Out:   schema.Values{"values": []any{7, "Maya"}},
	}, {
		Title: "An empty object",
		In:    schema.Values{"object": schema.Values{}},
		Out:   schema.Values{"values": []any{}},
	}, {
		Title: "Nothing has no values",
		In:    schema.Values{"object": nil},
		Err:   cards.CodeInvalidInput,
	}},
}, func(_ context.Context, _ cards.Env, in objectInput) (valuesOutput, error) {
	values := make([]any, 0, len(in.Object))
	for _, k := range slices.Sorted(maps.Keys(in.Object)) {
		values = append(values, in.Object[k])
	}
	return valuesOutput{values}, nil
})
