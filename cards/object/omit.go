package object

import (
	"context"
	"fmt"

	"flowdeck/cards"
	"flowdeck/cards/path"
	"flowdeck/cards/schema"
)

type namesInput struct {
	Object map[string]any `json:"object" form:"required" format:"json" help:"Usually an output of another card."`
	Keys   []string       `json:"keys" form:"required" format:"names" placeholder:"password, profile.phone" help:"Their names or paths, with commas between them."`
}

// paths reads the keys.
func (in namesInput) paths() ([]path.Path, error) {
	list := make([]path.Path, len(in.Keys))
	for i, k := range in.Keys {
		var err error
		if list[i], err = path.Parse(k); err != nil || k == "" {
			return nil, schema.Problems{{Field: fmt.Sprintf("keys.%d", i), Message: "must be a name or a path such as profile.phone, got " + schema.Describe(k)}}
		}
	}
	return list, nil
}

// Omit leaves values of an object out.
var Omit = cards.NewFunction(cards.Spec{
	Name:     "object.omit",
	Title:    "Omit",
	Category: category,
	Family:   cards.FamilyData,
	Icon:     "circle-minus",
	Summary:  "Leaves named values of an object out.",
	Doc: "Puts out the object without the values that you name.\n\n" +
		"- Names may be paths, such as `profile.phone`, which leaves phone out of profile.\n" +
		"- What is not there is no mistake.",
	Keywords: []string{"object", "remove", "delete", "without", "exclude", "keys", "drop"},
	Examples: []cards.Example{{
		Title: "One at the top, one inside",
		In:    schema.Values{"object": schema.Values{"id": 7, "password": "x", "profile": schema.Values{"name": "Maya", "phone": "1"}}, "keys": "password, profile.phone"},
		Out:   schema.Values{"object": schema.Values{"id": 7, "profile": schema.Values{"name": "Maya"}}},
	}, {
		Title: "What is not there",
		In:    schema.Values{"object": schema.Values{"id": 7}, "keys": []any{"name"}},
		Out:   schema.Values{"object": schema.Values{"id": 7}},
	}, {
		Title: "A path that is none",
		In:    schema.Values{"object": schema.Values{"id": 7}, "keys": "a..b"},
		Err:   cards.CodeInvalidInput,
	}},
}, func(_ context.Context, _ cards.Env, in namesInput) (objectOutput, error) {
	paths, err := in.paths()
	if err != nil {
		return objectOutput{}, err
	}
	draft := path.NewDraft(in.Object)
	for _, p := range paths {
		draft.Remove(p)
	}
	object, _ := draft.Value().(map[string]any)
	return objectOutput{object}, nil
})
