package boolean

import (
	"slices"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

// And says whether all are true.
var And = declare(cards.Spec{
	Name:     "boolean.and",
	Title:    "And",
	Icon:     "toggle-right",
	Summary:  "Says whether all inputs are true.",
	Doc:      "Puts out true when every input is true, otherwise false.\n\n" + strict,
	Keywords: []string{"true", "false", "all", "both", "every", "logic"},
	Examples: []cards.Example{{
		Title: "Both",
		In:    schema.Values{"value": true, "value_2": "true"},
		Out:   schema.Values{"result": true},
	}, {
		Title: "One of a list is not",
		In:    schema.Values{"value": true, "value_2": true, "more": []any{true, false}},
		Out:   schema.Values{"result": false},
	}, {
		Title: "Neither true nor false",
		In:    schema.Values{"value": true, "value_2": "yes"},
		Err:   cards.CodeInvalidInput,
	}},
}, func(in severalInput) (output, error) {
	return output{in.Value && in.Value2 && !slices.Contains(in.More, false)}, nil
})
