package number

import (
	"encoding/json"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type extremeOutput struct {
	Number   json.Number `json:"number" help:"The one that was found."`
	Position int         `json:"position" help:"Which of them it is, from 0; those left blank do not count."`
}

// Minimum finds the least number.
var Minimum = declare(cards.Spec{
	Name:     "number.minimum",
	Title:    "Minimum",
	Icon:     "arrow-down",
	Summary:  "Finds the least of several numbers.",
	Doc:      "Puts out the least number, and which of them it is.\n\n- Of several that are equal the first one counts.",
	Keywords: []string{"number", "min", "least", "smallest", "lowest", "math"},
	Examples: []cards.Example{{
		Title: "Of two",
		In:    schema.Values{"number": 3, "number_2": -1.5},
		Out:   schema.Values{"number": -1.5, "position": 1},
	}, {
		Title: "Of a list",
		In:    schema.Values{"number": 9, "more": []any{4, "4.0", 11}},
		Out:   schema.Values{"number": 4, "position": 1},
	}, {
		Title: "A list with something else in it",
		In:    schema.Values{"number": 9, "more": []any{nil}},
		Err:   cards.CodeInvalidInput,
	}},
}, func(in severalInput) (extremeOutput, error) {
	return extreme(in, func(c int) bool { return c < 0 })
})

// extreme finds the number that compares better than all before it.
func extreme(in severalInput, better func(int) bool) (extremeOutput, error) {
	list, err := in.several()
	if err != nil {
		return extremeOutput{}, err
	}
	best := 0
	for i, n := range list {
		if better(n.Cmp(list[best])) {
			best = i
		}
	}
	n, err := written(list[best])
	return extremeOutput{n, best}, err
}
