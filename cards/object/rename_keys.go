package object

import (
	"context"
	"maps"
	"slices"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type renameKeysInput struct {
	Object map[string]any    `json:"object" form:"required" format:"json" help:"Usually an output of another card."`
	Names  map[string]string `json:"names" form:"required" help:"The name that a key has now, and the one that it gets."`
}

// RenameKeys gives values of an object other names.
var RenameKeys = cards.NewFunction(cards.Spec{
	Name:     "object.rename_keys",
	Title:    "Rename Keys",
	Category: category,
	Family:   cards.FamilyData,
	Icon:     "tag",
	Summary:  "Gives values of an object other names.",
	Doc: "Puts out the object with other names for its values. All others stay as they are.\n\n" +
		"- All names change at the same moment, so two keys can swap theirs.\n" +
		"- What is not there is no mistake. A new name that another value has already fails the card, so that nothing is lost.",
	Keywords: []string{"object", "rename", "map", "keys", "convert", "fields"},
	Examples: []cards.Example{{
		Title: "A service's names become yours",
		In:    schema.Values{"object": schema.Values{"usr_nm": "Maya", "id": 7}, "names": schema.Values{"usr_nm": "name"}},
		Out:   schema.Values{"object": schema.Values{"name": "Maya", "id": 7}},
	}, {
		Title: "Two swap their names",
		In:    schema.Values{"object": schema.Values{"a": 1, "b": 2}, "names": schema.Values{"a": "b", "b": "a"}},
		Out:   schema.Values{"object": schema.Values{"a": 2, "b": 1}},
	}, {
		Title: "A name that is taken",
		In:    schema.Values{"object": schema.Values{"a": 1, "b": 2}, "names": schema.Values{"a": "b"}},
		Err:   cards.CodeInvalidInput,
	}},
}, func(_ context.Context, _ cards.Env, in renameKeysInput) (objectOutput, error) {
	object := make(schema.Values, len(in.Object))
	for k, v := range in.Object {
		if _, renamed := in.Names[k]; !renamed {
			object[k] = v
		}
	}
	for _, old := range slices.Sorted(maps.Keys(in.Names)) {
		v, there := in.Object[old]
		if !there {
			continue
		}
		if _, taken := object[in.Names[old]]; taken {
			return objectOutput{}, schema.Problems{{Field: "names." + old, Message: "cannot become " + in.Names[old] + ", which is the name of another value"}}
		}
		object[in.Names[old]] = v
	}
	return objectOutput{object}, nil
})
