package object

import (
	"context"
	"fmt"
	"maps"

	"flowdeck/cards"
	"flowdeck/cards/bounds"
	"flowdeck/cards/schema"
)

type mergeInput struct {
	Object map[string]any   `json:"object" format:"json" help:"The object to begin with."`
	Other  map[string]any   `json:"other" label:"Merge with" format:"json" help:"Its values replace those of the same name."`
	More   []map[string]any `json:"more" label:"And with" form:"advanced" format:"json" help:"A list of further objects, merged in their order."`
	Deep   bool             `json:"deep" help:"Merge objects inside of the objects too, instead of replacing them."`
}

// Merge makes one object of several.
var Merge = cards.NewFunction(cards.Spec{
	Name:     "object.merge",
	Title:    "Merge",
	Category: category,
	Family:   cards.FamilyData,
	Icon:     "git-fork",
	Summary:  "Makes one object of several.",
	Doc: "Puts out an object with the fields of all. When several have a field, the last one counts, also when it is null there.\n\n" +
		"- With **Deep**, a field that is an object in both is merged too, at up to 1,000 levels. Lists are always replaced.\n" +
		"- Objects that are left empty change nothing.",
	Keywords: []string{"object", "combine", "join", "extend", "assign", "defaults", "union"},
	Examples: []cards.Example{{
		Title: "The last one counts",
		In:    schema.Values{"object": schema.Values{"id": 7, "state": "new"}, "other": schema.Values{"state": "done"}, "more": []any{schema.Values{"by": "Maya"}}},
		Out:   schema.Values{"object": schema.Values{"id": 7, "state": "done", "by": "Maya"}},
	}, {
		Title: "Deep",
		In:    schema.Values{"deep": true, "object": schema.Values{"a": schema.Values{"x": 1, "y": 1}}, "other": schema.Values{"a": schema.Values{"y": 2}}},
		Out:   schema.Values{"object": schema.Values{"a": schema.Values{"x": 1, "y": 2}}},
	}, {
		Title: "Not deep",
		In:    schema.Values{"object": schema.Values{"a": schema.Values{"x": 1, "y": 1}}, "other": schema.Values{"a": schema.Values{"y": 2}}},
		Out:   schema.Values{"object": schema.Values{"a": schema.Values{"y": 2}}},
	}, {
		Title: "A number is no object",
		In:    schema.Values{"object": schema.Values{"a": 1}, "more": []any{7}},
		Err:   cards.CodeInvalidInput,
	}},
}, func(_ context.Context, _ cards.Env, in mergeInput) (objectOutput, error) {
	if err := bounds.CheckItems("more", len(in.More)); err != nil {
		return objectOutput{}, err
	}
	object := schema.Values{}
	for i, next := range append([]map[string]any{in.Object, in.Other}, in.More...) {
		if !in.Deep {
			maps.Copy(object, next)
			continue
		}
		field := "object"
		switch {
		case i == 1:
			field = "other"
		case i > 1:
			field = fmt.Sprintf("more.%d", i-2)
		}
		if err := mergeDeep(object, next, field, 1); err != nil {
			return objectOutput{}, err
		}
	}
	return objectOutput{object}, nil
})

// mergeDeep merges from into to, which is ours to change through and through.
func mergeDeep(to, from schema.Values, field string, depth int) error {
	if err := bounds.CheckDepth(field, depth); err != nil {
		return err
	}
	for k, v := range from {
		next, isObject := v.(map[string]any)
		if !isObject {
			to[k] = v
			continue
		}
		below, _ := to[k].(map[string]any)
		if below == nil {
			below = schema.Values{}
			to[k] = below
		}
		if err := mergeDeep(below, next, field, depth+1); err != nil {
			return err
		}
	}
	return nil
}
