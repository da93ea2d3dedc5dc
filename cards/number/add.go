package number

import (
	"encoding/json"
	"math/big"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

const exactRule = "- Decimals are exact: 0.1 and 0.2 make 0.3. Numbers may have 400 digits."

// Add adds numbers.
var Add = declare(cards.Spec{
	Name:    "number.add",
	Title:   "Add",
	Icon:    "plus",
	Summary: "Adds numbers.",
	Doc: "Puts out the sum of all numbers.\n\n" + exactRule + "\n" +
		"- Text that is a number written out, such as `19.50`, is one. Other text is refused.",
	Keywords: []string{"number", "plus", "sum", "total", "math", "increment"},
	Examples: []cards.Example{{
		Title: "Two numbers",
		In:    schema.Values{"number": 0.1, "number_2": 0.2},
		Out:   schema.Values{"number": 0.3},
	}, {
		Title: "A list as well",
		In:    schema.Values{"number": 1, "more": []any{2, "3.5", -10}},
		Out:   schema.Values{"number": -3.5},
	}, {
		Title: "Beyond what computers count to",
		In:    schema.Values{"number": 9223372036854775807, "number_2": 1},
		Out:   schema.Values{"number": json.Number("9223372036854775808")},
	}, {
		Title: "Text that is no number",
		In:    schema.Values{"number": 1, "number_2": "two"},
		Err:   cards.CodeInvalidInput,
	}},
}, func(in severalInput) (output, error) {
	if a, b, ok := in.quick(); ok {
		return output{a.plus(b).number()}, nil
	}
	list, err := in.several()
	if err != nil {
		return output{}, err
	}
	sum := new(big.Rat)
	for _, n := range list {
		sum.Add(sum, n)
	}
	return result(sum)
})
