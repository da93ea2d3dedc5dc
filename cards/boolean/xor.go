package boolean

import (
	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type twoInput struct {
	Value  bool `json:"value" label:"Input 1" form:"required" help:"The first."`
	Value2 bool `json:"value_2" label:"Input 2" form:"required" help:"The second."`
}

// Xor says whether just one of two is true.
var Xor = declare(cards.Spec{
	Name:     "boolean.xor",
	Title:    "Or (Exclusive)",
	Icon:     "toggle-right",
	Summary:  "Says whether one of two inputs is true, and only one.",
	Doc:      "Puts out true when the inputs differ, otherwise false.\n\n" + strict,
	Keywords: []string{"true", "false", "xor", "exclusive", "either", "different", "logic"},
	Examples: []cards.Example{{
		Title: "One of them",
		In:    schema.Values{"value": true, "value_2": false},
		Out:   schema.Values{"result": true},
	}, {
		Title: "Both",
		In:    schema.Values{"value": true, "value_2": true},
		Out:   schema.Values{"result": false},
	}},
}, func(in twoInput) (output, error) { return output{in.Value != in.Value2}, nil })
