package boolean

import (
	"slices"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

// Or says whether one at least is true.
var Or = declare(cards.Spec{
	Name:     "boolean.or",
	Title:    "Or",
	Icon:     "toggle-right",
	Summary:  "Says whether any input is true.",
	Doc:      "Puts out true when one input is true or more of them are, otherwise false.\n\n" + strict,
	Keywords: []string{"true", "false", "any", "either", "some", "logic"},
	Examples: []cards.Example{{
		Title: "One of two",
		In:    schema.Values{"value": false, "value_2": true},
		Out:   schema.Values{"result": true},
	}, {
		Title: "None",
		In:    schema.Values{"value": false, "value_2": false, "more": []any{}},
		Out:   schema.Values{"result": false},
	}, {
		Title: "A number is neither",
		In:    schema.Values{"value": 1, "value_2": true},
		Err:   cards.CodeInvalidInput,
	}},
}, func(in severalInput) (output, error) {
	return output{in.Value || in.Value2 || slices.Contains(in.More, true)}, nil
})
