package object

import (
	"context"

	"flowdeck/cards"
	"flowdeck/cards/bounds"
	"flowdeck/cards/condition"
	"flowdeck/cards/schema"
)

type clearEmptyInput struct {
	Object    map[string]any `json:"object" form:"required" format:"json" help:"Usually an output of another card."`
	Recursive bool           `json:"recursive" help:"Look into objects and lists inside too."`
}

// ClearEmpty leaves empty values of an object out.
var ClearEmpty = cards.NewFunction(cards.Spec{
	Name:     "object.clear_empty",
	Title:    "Clear Empty",
	Category: category,
	Family:   cards.FamilyData,
	Icon:     "wand-sparkles",
	Summary:  "Leaves out the values of an object that are empty.",
	Doc: "Puts out the object without values that are null, empty text, an empty list or an empty object. 0 and false are not empty.\n\n" +
		"- **Recursive** looks into objects and into lists inside too, at up to 1,000 levels, and leaves out what becomes empty by that.\n" +
		"- Text of spaces is not empty.",
	Keywords: []string{"object", "empty", "null", "remove", "compact", "clean", "blank"},
	Examples: []cards.Example{{
		Title: "At the top",
		In:    schema.Values{"object": schema.Values{"a": "", "b": nil, "c": 0, "d": false, "e": []any{}, "f": schema.Values{"g": ""}}},
		Out:   schema.Values{"object": schema.Values{"c": 0, "d": false, "f": schema.Values{"g": ""}}},
	}, {
		Title: "All the way down",
		In:    schema.Values{"recursive": true, "object": schema.Values{"f": schema.Values{"g": ""}, "l": []any{"", 1, schema.Values{"x": nil}}}},
		Out:   schema.Values{"object": schema.Values{"l": []any{1}}},
	}, {
		Title: "Text is no object",
		In:    schema.Values{"object": "x"},
		Err:   cards.CodeInvalidInput,
	}},
}, func(_ context.Context, _ cards.Env, in clearEmptyInput) (objectOutput, error) {
	if in.Recursive {
		v, err := cleared(in.Object, 1)
		object, _ := v.(map[string]any)
		return objectOutput{object}, err
	}
	object := make(schema.Values, len(in.Object))
	for k, v := range in.Object {
		if !condition.Empty(v) {
			object[k] = v
		}
	}
	return objectOutput{object}, nil
})

// cleared returns v without what is empty in it.
func cleared(v any, depth int) (any, error) {
	if err := bounds.CheckDepth("object", depth); err != nil {
		return nil, err
	}
	switch x := v.(type) {
	case map[string]any:
		object := make(schema.Values, len(x))
		for k, e := range x {
			below, err := cleared(e, depth+1)
			if err != nil {
				return nil, err
			}
			if !condition.Empty(below) {
				object[k] = below
			}
		}
		return object, nil
	case []any:
		list := make([]any, 0, len(x))
		for _, e := range x {
			below, err := cleared(e, depth+1)
			if err != nil {
				return nil, err
			}
			if !condition.Empty(below) {
				list = append(list, below)
			}
		}
		return list, nil
	}
	return v, nil
}
