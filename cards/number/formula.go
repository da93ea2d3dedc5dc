package number

import (
	"encoding/json"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

const maxFormula = 4000

type formulaInput struct {
	Formula string                 `json:"formula" form:"required" placeholder:"(price + 4.90) * 1.19" help:"What to calculate; drop outputs of other cards where their numbers go."`
	Values  map[string]json.Number `json:"values" help:"Numbers that the formula uses by name."`
}

// Formula calculates what is written.
var Formula = declare(cards.Spec{
	Name:    "number.formula",
	Title:   "Formula",
	Icon:    "square-function",
	Summary: "Calculates a formula.",
	Doc: "Works out a formula with `+ - * /`, `%` (remainder), `^` (power), parentheses, and these functions:\n\n" +
		"- `abs(x)`, `round(x, decimals)`, `floor(x)`, `ceil(x)`, `trunc(x)`, `sqrt(x)`, `root(x, degree)`, `min(…)`, `max(…)`, `sum(…)`, `avg(…)`, and the constants `pi` and `e`.\n" +
		"- `^` goes before a minus sign and from right to left: -2^2 is −4, 2^3^2 is 512. Then `* / %`, then `+ -`.\n" + exactRule + "\n" +
		"- Names are those of **Values**. A formula may be 4,000 letters long. Dividing by zero fails with `invalid_input`.",
	Keywords: []string{"number", "math", "expression", "calculate", "equation", "arithmetic"},
	Examples: []cards.Example{{
		Title: "Names for numbers",
		In:    schema.Values{"formula": "(price + shipping) * 1.19", "values": schema.Values{"price": 19.9, "shipping": "4.90"}},
		Out:   schema.Values{"number": 29.512},
	}, {
		Title: "Functions",
		In:    schema.Values{"formula": "max(1, 2.5, -3) + round(10 / 3, 2) + 7 % 4"},
		Out:   schema.Values{"number": 8.83},
	}, {
		Title: "A negative number that was dropped in",
		In:    schema.Values{"formula": "5 - -3 ^ 2"},
		Out:   schema.Values{"number": 14},
	}, {
		Title: "By zero",
		In:    schema.Values{"formula": "1 / (3 - 3)"},
		Err:   cards.CodeInvalidInput,
	}, {
		Title: "A mistake says where it is",
		In:    schema.Values{"formula": "1 + * 2"},
		Err:   cards.CodeInvalidInput,
	}},
}, func(in formulaInput) (output, error) {
	if len(in.Formula) > maxFormula {
		return output{}, wrong("formula", "is longer than 4,000 letters")
	}
	p := formula{src: in.Formula, values: in.Values}
	n, err := p.all()
	if err != nil {
		return output{}, err
	}
	return result(n)
})
