package number

import (
	"flowdeck/cards"
	"flowdeck/cards/schema"
)

// Truncate leaves out decimals.
var Truncate = declare(cards.Spec{
	Name:     "number.truncate",
	Title:    "Truncate Number",
	Icon:     "scissors",
	Summary:  "Leaves out the decimals of a number.",
	Doc:      "Puts out the number without its decimals, or with only so many.\n\n- Nothing is rounded: 2.9 becomes 2, −2.9 becomes −2.\n" + roundRule,
	Keywords: []string{"number", "integer", "whole", "cut", "math", "decimals"},
	Examples: []cards.Example{{
		Title: "Below zero",
		In:    schema.Values{"number": -2.9},
		Out:   schema.Values{"number": -2},
	}, {
		Title: "Two decimals",
		In:    schema.Values{"number": 9.999, "decimals": 2},
		Out:   schema.Values{"number": 9.99},
	}},
}, func(in roundOneWayInput) (output, error) { return roundTo(in.Number, in.Decimals, toZero) })
