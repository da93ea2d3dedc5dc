package number

import (
	"flowdeck/cards"
	"flowdeck/cards/schema"
)

// RoundDown rounds a number down.
var RoundDown = declare(cards.Spec{
	Name:     "number.round_down",
	Title:    "Round Down",
	Icon:     "arrow-down",
	Summary:  "Rounds a number down.",
	Doc:      "Puts out the greatest whole number that is not more, or the greatest with so many decimals.\n\n- Down is toward less: −2.5 becomes −3.\n" + roundRule,
	Keywords: []string{"number", "floor", "integer", "math", "truncate"},
	Examples: []cards.Example{{
		Title: "To a whole number",
		In:    schema.Values{"number": 12.99},
		Out:   schema.Values{"number": 12},
	}, {
		Title: "Below zero",
		In:    schema.Values{"number": -2.5},
		Out:   schema.Values{"number": -3},
	}, {
		Title: "Text that is no number",
		In:    schema.Values{"number": "12,5"},
		Err:   cards.CodeInvalidInput,
	}},
}, func(in roundOneWayInput) (output, error) { return roundTo(in.Number, in.Decimals, down) })
