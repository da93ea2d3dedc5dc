package object

import (
	"context"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type sizeOutput struct {
	Size int `json:"size" help:"How many values there are."`
}

// Size counts the values of an object.
var Size = cards.NewFunction(cards.Spec{
	Name:     "object.size",
	Title:    "Size",
	Category: category,
	Family:   cards.FamilyData,
	Icon:     "hash",
	Summary:  "Counts the values of an object.",
	Doc: "Puts out how many keys an object has.\n\n" +
		"- Keys with an empty value count too; **Clear Empty** takes them out.\n" +
		"- Objects inside count as one.",
	Keywords: []string{"object", "count", "length", "keys", "number"},
	Examples: []cards.Example{{
		Title: "Two values",
		In:    schema.Values{"object": schema.Values{"id": 7, "profile": schema.Values{"name": "Maya", "phone": nil}}},
		Out:   schema.Values{"size": 2},
	}, {
		Title: "An empty object",
		In:    schema.Values{"object": schema.Values{}},
		Out:   schema.Values{"size": 0},
	}, {
		Title: "A list is no object",
		In:    schema.Values{"object": []any{1}},
		Err:   cards.CodeInvalidInput,
	}},
}, func(_ context.Context, _ cards.Env, in objectInput) (sizeOutput, error) {
	return sizeOutput{len(in.Object)}, nil
})
