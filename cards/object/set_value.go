package object

import (
	"context"

	"flowdeck/cards"
	"flowdeck/cards/path"
	"flowdeck/cards/schema"
)

type setValueInput struct {
	Object map[string]any `json:"object" format:"json" help:"The object to begin with; left empty, a new one."`
	Path   path.Path      `json:"path" form:"required" placeholder:"profile.name" help:"Where the value goes, such as profile.name or items[0]."`
	Value  any            `json:"value" help:"The value. Left empty, it is null."`
}

// SetValue sets one value of an object.
var SetValue = cards.NewFunction(cards.Spec{
	Name:     "object.set_value",
	Title:    "Set",
	Category: category,
	Family:   cards.FamilyData,
	Icon:     "pencil",
	Summary:  "Sets one value of an object.",
	Doc: "Puts out the object with a value at a path; the object that came in stays as it was.\n\n" +
		"- Objects on the way are made when they are not there.\n" +
		"- In a list, `[0]` replaces the first item, `[-1]` the last, and the position behind the last adds one.",
	Keywords: []string{"object", "set", "key", "change", "update", "add", "property"},
	Examples: []cards.Example{{
		Title: "A value inside",
		In:    schema.Values{"object": schema.Values{"id": 7}, "path": "address.city", "value": "Bonn"},
		Out:   schema.Values{"object": schema.Values{"id": 7, "address": schema.Values{"city": "Bonn"}}},
	}, {
		Title: "An item of a list",
		In:    schema.Values{"object": schema.Values{"tags": []any{"a", "b"}}, "path": "tags[-1]", "value": "z"},
		Out:   schema.Values{"object": schema.Values{"tags": []any{"a", "z"}}},
	}, {
		Title: "Text is in the way",
		In:    schema.Values{"object": schema.Values{"name": "Maya"}, "path": "name.first", "value": "Maya"},
		Err:   cards.CodeInvalidInput,
	}},
}, func(_ context.Context, _ cards.Env, in setValueInput) (objectOutput, error) {
	v, err := in.Path.Set(in.Object, in.Value)
	object, isObject := v.(map[string]any)
	switch {
	case err != nil:
		return objectOutput{}, schema.Problems{{Field: "path", Message: err.Error()}}
	case !isObject:
		return objectOutput{}, schema.Problems{{Field: "path", Message: "must begin with a name"}}
	}
	return objectOutput{object}, nil
})
