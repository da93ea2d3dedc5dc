package number

import (
	"encoding/json"
	"fmt"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type subtractInput struct {
	Number   json.Number   `json:"number" form:"required" help:"The number to subtract from."`
	Subtract json.Number   `json:"subtract" form:"required" help:"The number to subtract."`
	More     []json.Number `json:"more" label:"Subtract more" form:"advanced" help:"A list of more numbers to subtract."`
}

// Subtract subtracts a number from another.
var Subtract = declare(cards.Spec{
	Name:     "number.subtract",
	Title:    "Subtract",
	Icon:     "minus",
	Summary:  "Subtracts a number from another.",
	Doc:      "Puts out what is left of the number.\n\n" + exactRule,
	Keywords: []string{"number", "minus", "difference", "math", "decrement"},
	Examples: []cards.Example{{
		Title: "Exactly",
		In:    schema.Values{"number": 0.3, "subtract": 0.1},
		Out:   schema.Values{"number": 0.2},
	}, {
		Title: "Below zero",
		In:    schema.Values{"number": 3, "subtract": 5, "more": []any{1}},
		Out:   schema.Values{"number": -3},
	}, {
		Title: "Both are needed",
		In:    schema.Values{"number": 3},
		Err:   cards.CodeInvalidInput,
	}},
}, func(in subtractInput) (output, error) {
	left, err := exact("number", in.Number)
	if err != nil {
		return output{}, err
	}
	for i, n := range append([]json.Number{in.Subtract}, in.More...) {
		field := "subtract"
		if i > 0 {
			field = fmt.Sprint("more.", i-1)
		}
		taken, err := exact(field, n)
		if err != nil {
			return output{}, err
		}
		left.Sub(left, taken)
	}
	return result(left)
})
