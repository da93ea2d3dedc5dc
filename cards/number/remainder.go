package number

import (
	"encoding/json"
	"math/big"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type remainderInput struct {
	Number  json.Number `json:"number" form:"required" help:"The number to divide."`
	Divisor json.Number `json:"divisor" label:"Divided by" form:"required" help:"The number to divide by."`
}

type remainderOutput struct {
	Number   json.Number `json:"number" help:"What is left; it has the sign of the number that is divided."`
	Quotient json.Number `json:"quotient" help:"How many times the divisor goes into it, whole."`
}

// Remainder says what is left of a division.
var Remainder = declare(cards.Spec{
	Name:    "number.remainder",
	Title:   "Remainder",
	Icon:    "slash",
	Summary: "Says what is left when a number is divided by another.",
	Doc: "Divides without decimals and puts out what is left, and how many times the divisor went in.\n\n" +
		"- The remainder has the sign of the number: −7 by 3 leaves −1. Dividing by zero fails with `invalid_input`.\n" + exactRule,
	Keywords: []string{"number", "modulo", "mod", "rest", "even", "odd", "math"},
	Examples: []cards.Example{{
		Title: "Odd or even",
		In:    schema.Values{"number": 7, "divisor": 2},
		Out:   schema.Values{"number": 1, "quotient": 3},
	}, {
		Title: "Below zero, with decimals",
		In:    schema.Values{"number": -7.5, "divisor": 2},
		Out:   schema.Values{"number": -1.5, "quotient": -3},
	}, {
		Title: "By zero",
		In:    schema.Values{"number": 1, "divisor": 0},
		Err:   cards.CodeInvalidInput,
	}},
}, func(in remainderInput) (remainderOutput, error) {
	a, b, err := pair("number", in.Number, "divisor", in.Divisor)
	if err != nil {
		return remainderOutput{}, err
	}
	if b.Sign() == 0 {
		return remainderOutput{}, wrong("divisor", "is 0, and nothing can be divided by 0")
	}
	times := rounded(new(big.Rat).Quo(a, b), 0, toZero)
	quotient, err := written(times)
	if err != nil {
		return remainderOutput{}, err
	}
	rest, err := written(new(big.Rat).Sub(a, times.Mul(times, b)))
	return remainderOutput{rest, quotient}, err
})
