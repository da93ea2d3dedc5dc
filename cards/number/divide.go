package number

import (
	"encoding/json"
	"math/big"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type divideInput struct {
	Number   json.Number `json:"number" form:"required" help:"The number to divide."`
	Divisor  json.Number `json:"divisor" label:"Divided by" form:"required" help:"The number to divide by."`
	Decimals json.Number `json:"decimals" help:"How many decimals to round to. All of them, or 16 digits when they have no end, when left blank."`
}

type divideOutput struct {
	Number     json.Number `json:"number" help:"The result."`
	Percentage string      `json:"percentage" help:"The result in percent, as text such as 33.33%."`
}

// Divide divides a number by another.
var Divide = declare(cards.Spec{
	Name:    "number.divide",
	Title:   "Divide",
	Icon:    "slash",
	Summary: "Divides a number by another.",
	Doc: "Puts out the quotient, and the same in percent.\n\n" +
		"- **Decimals** rounds the result, and the percentage too; a half goes away from zero. Without it the percentage has two decimals at most.\n" + exactRule + "\n" +
		"- Dividing by zero fails with `invalid_input`.",
	Keywords: []string{"number", "quotient", "ratio", "percentage", "math", "share"},
	Examples: []cards.Example{{
		Title: "One third",
		In:    schema.Values{"number": 1, "divisor": 3, "decimals": 2},
		Out:   schema.Values{"number": 0.33, "percentage": "33.33%"},
	}, {
		Title: "As exact as can be",
		In:    schema.Values{"number": 1, "divisor": 8},
		Out:   schema.Values{"number": 0.125, "percentage": "12.5%"},
	}, {
		Title: "Without an end",
		In:    schema.Values{"number": 2, "divisor": 3},
		Out:   schema.Values{"number": 0.6666666666666667, "percentage": "66.67%"},
	}, {
		Title: "By zero",
		In:    schema.Values{"number": 1, "divisor": 0},
		Err:   cards.CodeInvalidInput,
	}},
}, func(in divideInput) (divideOutput, error) {
	a, b, err := pair("number", in.Number, "divisor", in.Divisor)
	if err != nil {
		return divideOutput{}, err
	}
	if b.Sign() == 0 {
		return divideOutput{}, wrong("divisor", "is 0, and nothing can be divided by 0")
	}
	places, err := decimals(in.Decimals, 2)
	if err != nil {
		return divideOutput{}, err
	}
	quotient := new(big.Rat).Quo(a, b)
	share, err := written(rounded(new(big.Rat).Mul(quotient, big.NewRat(100, 1)), places, halfAway))
	if err != nil {
		return divideOutput{}, err
	}
	if in.Decimals != "" {
		quotient = rounded(quotient, places, halfAway)
	}
	n, err := written(quotient)
	return divideOutput{n, string(share) + "%"}, err
})

// pair reads two numbers that are required.
func pair(nameA string, a json.Number, nameB string, b json.Number) (x, y *big.Rat, err error) {
	if x, err = exact(nameA, a); err == nil {
		y, err = exact(nameB, b)
	}
	return x, y, err
}
