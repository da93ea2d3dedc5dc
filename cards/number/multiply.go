package number

import (
	"encoding/json"
	"math/big"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

// Multiply multiplies numbers.
var Multiply = declare(cards.Spec{
	Name:     "number.multiply",
	Title:    "Multiply",
	Icon:     "x",
	Summary:  "Multiplies numbers.",
	Doc:      "Puts out the product of all numbers.\n\n" + exactRule,
	Keywords: []string{"number", "times", "product", "math", "percent"},
	Examples: []cards.Example{{
		Title: "A price with tax",
		In:    schema.Values{"number": 19.90, "number_2": 1.19},
		Out:   schema.Values{"number": 23.681},
	}, {
		Title: "Several",
		In:    schema.Values{"number": 2, "number_2": 3, "more": []any{4, -0.5}},
		Out:   schema.Values{"number": -12},
	}, {
		Title: "More digits than a number may have",
		In:    schema.Values{"number": json.Number("1e300"), "number_2": json.Number("1e300")},
		Err:   cards.CodeLimit,
	}},
}, func(in severalInput) (output, error) {
	if a, b, ok := in.quick(); ok {
		return output{a.times(b).number()}, nil
	}
	list, err := in.several()
	if err != nil {
		return output{}, err
	}
	product := big.NewRat(1, 1)
	for _, n := range list {
		product.Mul(product, n)
		if product.Num().BitLen() > 4*maxDigits || product.Denom().BitLen() > 4*maxDigits {
			return output{}, errDigits
		}
	}
	return result(product)
})
