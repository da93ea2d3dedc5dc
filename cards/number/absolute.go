package number

import (
	"encoding/json"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type absoluteInput struct {
	Number json.Number `json:"number" form:"required" help:"The number to take without its sign."`
}

type absoluteOutput struct {
	Number json.Number `json:"number" help:"The number without its sign."`
	Sign   int         `json:"sign" help:"1 of a number above 0, −1 of one below 0, 0 of 0."`
}

// Absolute leaves out the sign of a number.
var Absolute = declare(cards.Spec{
	Name:     "number.absolute",
	Title:    "Absolute",
	Icon:     "equal",
	Summary:  "Leaves out the sign of a number.",
	Doc:      "Puts out how far the number is from 0, and on which side.\n\n" + exactRule,
	Keywords: []string{"number", "abs", "sign", "positive", "distance", "math"},
	Examples: []cards.Example{{
		Title: "Below zero",
		In:    schema.Values{"number": -2.5},
		Out:   schema.Values{"number": 2.5, "sign": -1},
	}, {
		Title: "Zero has no sign",
		In:    schema.Values{"number": 0},
		Out:   schema.Values{"number": 0, "sign": 0},
	}},
}, func(in absoluteInput) (absoluteOutput, error) {
	r, err := exact("number", in.Number)
	if err != nil {
		return absoluteOutput{}, err
	}
	sign := r.Sign()
	n, err := written(r.Abs(r))
	return absoluteOutput{n, sign}, err
})
