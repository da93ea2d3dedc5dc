package control

import (
	"context"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type assignInput struct {
	Values map[string]any `json:"values" help:"A name and a value for each. They are this card's outputs."`
}

// Assign names values.
var Assign = cards.NewFunction(cards.Spec{
	Name:     "control.assign",
	Title:    "Assign",
	Category: category,
	Family:   cards.FamilyLogic,
	Icon:     "equal",
	Summary:  "Names values for the cards after it.",
	Doc: "Puts out each value under its name.\n\n" +
		"- A lone reference keeps its type; text with references in it is text.\n" +
		"- Values never change: a second Assign makes new ones. To change a value from round to round, use the values that **Repeat / While** carries.",
	Keywords:    []string{"set", "variable", "let", "value", "name", "constant", "define"},
	OutputsFrom: "values",
	Examples: []cards.Example{{
		Title: "Two values",
		In:    schema.Values{"values": schema.Values{"country": "DE", "limit": 100}},
		Out:   schema.Values{"country": "DE", "limit": 100},
	}, {
		Title: "None",
		In:    schema.Values{},
		Out:   schema.Values{},
	}},
}, func(_ context.Context, _ cards.Env, in assignInput) (schema.Values, error) { return in.Values, nil })
