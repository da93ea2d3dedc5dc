package object

import (
	"context"
	"fmt"

	"flowdeck/cards"
	"flowdeck/cards/bounds"
	"flowdeck/cards/path"
	"flowdeck/cards/schema"
)

type fromListInput struct {
	List  []any     `json:"list" form:"required" help:"Objects, each with a key in it."`
	Key   path.Path `json:"key" default:"key" help:"Where in an item its key stands."`
	Value path.Path `json:"value" placeholder:"value" help:"Where in an item its value stands; left empty, the whole item is the value."`
}

// FromList makes an object of a list.
var FromList = cards.NewFunction(cards.Spec{
	Name:     "object.from_list",
	Title:    "From List",
	Category: category,
	Family:   cards.FamilyData,
	Icon:     "list-tree",
	Summary:  "Makes an object of a list, by a key in each item.",
	Doc: "Puts out an object in which each item of the list stands under its key, for looking it up by **Get**.\n\n" +
		"- The key may be text, a number or true/false. When several items have the same key, the last one counts.\n" +
		"- An item without a key fails the card, and the message says which.",
	Keywords: []string{"object", "entries", "pairs", "index", "lookup", "dictionary", "key by"},
	Examples: []cards.Example{{
		Title: "Pairs",
		In:    schema.Values{"list": []any{schema.Values{"key": "id", "value": 7}, schema.Values{"key": "name", "value": "Maya"}}, "value": "value"},
		Out:   schema.Values{"object": schema.Values{"id": 7, "name": "Maya"}},
	}, {
		Title: "Whole items by their id",
		In:    schema.Values{"list": []any{schema.Values{"id": 7, "name": "Maya"}}, "key": "id"},
		Out:   schema.Values{"object": schema.Values{"7": schema.Values{"id": 7, "name": "Maya"}}},
	}, {
		Title: "An item without its key",
		In:    schema.Values{"list": []any{schema.Values{"name": "Maya"}}, "key": "id"},
		Err:   cards.CodeInvalidInput,
	}},
}, func(_ context.Context, _ cards.Env, in fromListInput) (objectOutput, error) {
	if err := bounds.CheckItems("list", len(in.List)); err != nil {
		return objectOutput{}, err
	}
	object := make(schema.Values, len(in.List))
	for i, item := range in.List {
		v, _ := in.Key.Get(item)
		key, ok := schema.ToText(v)
		if !ok {
			return objectOutput{}, schema.Problems{{Field: fmt.Sprintf("list.%d.%s", i, in.Key), Message: "must be text, a number or true/false to be a key, got " + schema.Describe(v)}}
		}
		object[key], _ = in.Value.Get(item)
	}
	return objectOutput{object}, nil
})
