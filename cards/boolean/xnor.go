package boolean

import (
	"flowdeck/cards"
	"flowdeck/cards/schema"
)

// Xnor says whether two are the same.
var Xnor = declare(cards.Spec{
	Name:     "boolean.xnor",
	Title:    "Xnor",
	Icon:     "toggle-right",
	Summary:  "Says whether both inputs are true or both are false.",
	Doc:      "Puts out true when the inputs are the same, otherwise false.\n\n" + strict,
	Keywords: []string{"true", "false", "xnor", "same", "equal", "logic"},
	Examples: []cards.Example{{
		Title: "Both false",
		In:    schema.Values{"value": false, "value_2": false},
		Out:   schema.Values{"result": true},
	}, {
		Title: "Different",
		In:    schema.Values{"value": true, "value_2": false},
		Out:   schema.Values{"result": false},
	}},
}, func(in twoInput) (output, error) { return output{in.Value == in.Value2}, nil })
