package boolean

import (
	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type notInput struct {
	Value bool `json:"value" label:"Input" form:"required" help:"What to turn around."`
}

// Not turns true into false.
var Not = declare(cards.Spec{
	Name:     "boolean.not",
	Title:    "Not",
	Icon:     "toggle-left",
	Summary:  "Turns true into false and false into true.",
	Doc:      "Puts out the opposite of its input.\n\n" + strict,
	Keywords: []string{"true", "false", "opposite", "negate", "invert", "logic"},
	Examples: []cards.Example{{
		Title: "True",
		In:    schema.Values{"value": true},
		Out:   schema.Values{"result": false},
	}, {
		Title: "Nothing has no opposite",
		In:    schema.Values{"value": nil},
		Err:   cards.CodeInvalidInput,
	}},
}, func(in notInput) (output, error) { return output{!in.Value}, nil })
