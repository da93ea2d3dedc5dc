package object

import (
	"context"

	"flowdeck/cards"
	"flowdeck/cards/path"
	"flowdeck/cards/schema"
)

type hasKeyInput struct {
	Object map[string]any `json:"object" form:"required" format:"json" help:"Usually an output of another card."`
	Key    path.Path      `json:"key" form:"required" placeholder:"profile.phone" help:"A name, or a path such as profile.phone."`
}

type hasKeyOutput struct {
	Result bool `json:"result" help:"True when the object has the key."`
}

// HasKey looks whether an object has a key.
var HasKey = cards.NewFunction(cards.Spec{
	Name:     "object.has_key",
	Title:    "Has Key",
	Category: category,
	Family:   cards.FamilyData,
	Icon:     "circle-help",
	Summary:  "Says whether an object has a key.",
	Doc: "Puts out true when something stands at the key, also when it is null or empty.\n\n" +
		"- The key may be a path, such as `profile.phone` or `items[0]`.\n" +
		"- A name with dots in it is written `[\"a.b\"]`.",
	Keywords: []string{"object", "exists", "contains", "property", "field", "check"},
	Examples: []cards.Example{{
		Title: "A key with nothing in it is a key",
		In:    schema.Values{"object": schema.Values{"profile": schema.Values{"phone": nil}}, "key": "profile.phone"},
		Out:   schema.Values{"result": true},
	}, {
		Title: "No such key",
		In:    schema.Values{"object": schema.Values{"id": 7}, "key": "name"},
		Out:   schema.Values{"result": false},
	}, {
		Title: "No key named",
		In:    schema.Values{"object": schema.Values{"id": 7}},
		Err:   cards.CodeInvalidInput,
	}},
}, func(_ context.Context, _ cards.Env, in hasKeyInput) (hasKeyOutput, error) {
	_, there := in.Key.Get(in.Object)
	return hasKeyOutput{there}, nil
})
