package object

import (
	"context"

	"flowdeck/cards"
	"flowdeck/cards/path"
	"flowdeck/cards/schema"
)

// Keep leaves all but some values of an object out.
var Keep = cards.NewFunction(cards.Spec{
	Name:     "object.keep",
	Title:    "Keep",
	Category: category,
	Family:   cards.FamilyData,
	Icon:     "circle-check",
	Summary:  "Keeps only named values of an object.",
	Doc: "Puts out an object with nothing but the values that you name; **Omit** does the opposite.\n\n" +
		"- Names may be paths, such as `profile.name`: the object inside keeps its place, with only that value in it.\n" +
		"- What is not there is left out.",
	Keywords: []string{"object", "pick", "only", "select", "include", "keys"},
	Examples: []cards.Example{{
		Title: "One at the top, one inside",
		In:    schema.Values{"object": schema.Values{"id": 7, "password": "x", "profile": schema.Values{"name": "Maya", "phone": "1"}}, "keys": "id, profile.name"},
		Out:   schema.Values{"object": schema.Values{"id": 7, "profile": schema.Values{"name": "Maya"}}},
	}, {
		Title: "What is not there",
		In:    schema.Values{"object": schema.Values{"id": 7}, "keys": "name"},
		Out:   schema.Values{"object": schema.Values{}},
	}, {
		Title: "No names",
		In:    schema.Values{"object": schema.Values{"id": 7}},
		Err:   cards.CodeInvalidInput,
	}},
}, func(_ context.Context, _ cards.Env, in namesInput) (objectOutput, error) {
	paths, err := in.paths()
	if err != nil {
		return objectOutput{}, err
	}
	draft := path.NewDraft(schema.Values{})
	for i, p := range paths {
		value, there := p.Get(in.Object)
		if !there {
			continue
		}
		if err := draft.Set(p, value); err != nil {
			return objectOutput{}, schema.Problems{{Field: "keys", Message: in.Keys[i] + ": " + err.Error()}}
		}
	}
	object, _ := draft.Value().(map[string]any)
	return objectOutput{object}, nil
})
