package object

import (
	"context"
	"maps"
	"slices"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type objectInput struct {
	Object map[string]any `json:"object" form:"required" format:"json" help:"Usually an output of another card."`
}

type keysOutput struct {
	Keys []string `json:"keys" help:"The names, in the order of the alphabet."`
}

// Keys lists the names of an object's values.
var Keys = cards.NewFunction(cards.Spec{
	Name:     "object.keys",
	Title:    "Keys",
	Category: category,
	Family:   cards.FamilyData,
	Icon:     "key-round",
	Summary:  "Lists the names of an object's values.",
	Doc: "Puts out the keys of an object as a list of text.\n\n" +
		"- An object has no order of its own: the keys come in the order of the alphabet, as **Values** has them too.\n" +
		"- Only the keys of the object itself are listed, not those of objects inside.",
	Keywords: []string{"object", "names", "properties", "fields", "list"},
	Examples: []cards.Example{{
		Title: "In the order of the alphabet",
		In:    schema.Values{"object": schema.Values{"name": "Maya", "id": 7}},
		Out:   schema.Values{"keys": []any{"id", "name"}},
	}, {
		Title: "An object written as JSON",
		In:    schema.Values{"object": `{"a": {"b": 1}}`},
		Out:   schema.Values{"keys": []any{"a"}},
	}, {
		Title: "A list has no keys",
		In:    schema.Values{"object": []any{1}},
		Err:   cards.CodeInvalidInput,
	}},
}, func(_ context.Context, _ cards.Env, in objectInput) (keysOutput, error) {
	return keysOutput{slices.Sorted(maps.Keys(in.Object))}, nil
})
