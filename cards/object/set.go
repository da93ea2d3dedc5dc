// Package object holds the cards that build and take apart objects.
//
// They compute and touch nothing.
package object

import (
	"context"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type setInput struct {
	Fields map[string]any `json:"fields" help:"A name and a value for each. Every name becomes an output."`
}

// Set makes named values.
var Set = cards.NewFunction(cards.Spec{
	Name:     "object.set",
	Title:    "Set fields",
	Category: "Object",
	Family:   cards.FamilyData,
	Icon:     "braces",
	Summary:  "Makes named values that later cards can use.",
	Doc: "Puts out the fields that you name, with the values that you give them.\n\n" +
		"- Values keep their type: a number that is dropped in stays a number.\n" +
		"- Use it to gather what several cards found, or to give a value a better name.",
	Keywords:    []string{"object", "construct", "assign", "variable", "map", "fields", "rename", "values"},
	OutputsFrom: "fields",
	Examples: []cards.Example{{
		Title: "Gather two values",
		In:    schema.Values{"fields": schema.Values{"email": "maya@example.com", "age": 41}},
		Out:   schema.Values{"email": "maya@example.com", "age": 41},
	}, {
		Title: "Lists and objects stay what they are",
		In:    schema.Values{"fields": schema.Values{"tags": []any{"a", nil}, "address": schema.Values{"city": "Bonn"}}},
		Out:   schema.Values{"tags": []any{"a", nil}, "address": schema.Values{"city": "Bonn"}},
	}, {
		Title: "Text that is no object is refused",
		In:    schema.Values{"fields": "email=maya"},
		Err:   cards.CodeInvalidInput,
	}},
}, func(_ context.Context, _ cards.Env, in setInput) (schema.Values, error) {
	return in.Fields, nil
})
