package list

import (
	"fmt"
	"maps"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type collapseOutput struct {
	Object map[string]any `json:"object" help:"One object with the fields of all."`
}

// Collapse merges the objects of a list.
var Collapse = declare(cards.Spec{
	Name:    "list.collapse",
	Title:   "Collapse",
	Icon:    "braces",
	Summary: "Merges a list of objects into one object.",
	Doc: "Puts out an object with the fields of all objects in the list.\n\n" +
		"- When several have the same key, the later value counts.\n" +
		"- Items that are null are passed over; anything else that is no object fails the card.",
	Keywords: []string{"list", "merge", "objects", "combine", "fields", "assign"},
	Examples: []cards.Example{{
		Title: "The later value counts",
		In:    schema.Values{"list": []any{schema.Values{"a": 1, "b": 1}, nil, schema.Values{"b": 2}}},
		Out:   schema.Values{"object": schema.Values{"a": 1, "b": 2}},
	}, {
		Title: "An empty list",
		In:    schema.Values{"list": []any{}},
		Out:   schema.Values{"object": schema.Values{}},
	}, {
		Title: "Text in the list",
		In:    schema.Values{"list": []any{schema.Values{"a": 1}, "b"}},
		Err:   cards.CodeInvalidInput,
	}},
}, func(in listInput) (collapseOutput, error) {
	object := schema.Values{}
	for i, item := range in.List {
		fields, isObject := item.(map[string]any)
		if !isObject && item != nil {
			return collapseOutput{}, schema.Problems{{Field: fmt.Sprintf("list.%d", i), Message: "must be an object, got " + schema.Describe(item)}}
		}
		maps.Copy(object, fields)
	}
	return collapseOutput{object}, nil
})
