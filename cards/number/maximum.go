package number

import (
	"flowdeck/cards"
	"flowdeck/cards/schema"
)

// Maximum finds the greatest number.
var Maximum = declare(cards.Spec{
	Name:     "number.maximum",
	Title:    "Maximum",
	Icon:     "arrow-up",
	Summary:  "Finds the greatest of several numbers.",
	Doc:      "Puts out the greatest number, and which of them it is.\n\n- Of several that are equal the first one counts.",
	Keywords: []string{"number", "max", "greatest", "largest", "highest", "math"},
	Examples: []cards.Example{{
		Title: "Of two",
		In:    schema.Values{"number": 3, "number_2": 20},
		Out:   schema.Values{"number": 20, "position": 1},
	}, {
		Title: "Of one alone",
		In:    schema.Values{"number": 9},
		Out:   schema.Values{"number": 9, "position": 0},
	}},
}, func(in severalInput) (extremeOutput, error) {
	return extreme(in, func(c int) bool { return c > 0 })
})
