package list

import (
	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type extremeOutput struct {
	Number   any `json:"number" help:"The number."`
	Item     any `json:"item" help:"The first item that has it."`
	Position int `json:"position" help:"Where that item stands, from 0."`
}

// Minimum finds the smallest number.
var Minimum = declare(cards.Spec{
	Name:    "list.minimum",
	Title:   "Minimum",
	Icon:    "arrow-down",
	Summary: "Finds the smallest number of a list.",
	Doc: "Puts out the smallest number, the first item that has it, and where that stands.\n\n" +
		"- A list without numbers has no smallest one and fails the card." + numbersDoc,
	Keywords: []string{"list", "min", "smallest", "lowest", "least", "cheapest"},
	Examples: []cards.Example{{
		Title: "Of three",
		In:    schema.Values{"list": []any{3, "-2", 7}},
		Out:   schema.Values{"number": -2, "item": "-2", "position": 1},
	}, {
		Title: "The cheapest",
		In:    schema.Values{"list": []any{schema.Values{"sku": "A", "price": 9}, schema.Values{"sku": "B", "price": 5}}, "path": "price"},
		Out:   schema.Values{"number": 5, "item": schema.Values{"sku": "B", "price": 5}},
	}, {
		Title: "Of nothing",
		In:    schema.Values{"list": []any{}},
		Err:   cards.CodeInvalidInput,
	}},
}, func(in numbersInput) (extremeOutput, error) { return in.extreme("smallest number", -1) })

// Maximum finds the largest number.
var Maximum = declare(cards.Spec{
	Name:    "list.maximum",
	Title:   "Maximum",
	Icon:    "arrow-up",
	Summary: "Finds the largest number of a list.",
	Doc: "Puts out the largest number, the first item that has it, and where that stands.\n\n" +
		"- A list without numbers has no largest one and fails the card." + numbersDoc,
	Keywords: []string{"list", "max", "largest", "highest", "most", "top"},
	Examples: []cards.Example{{
		Title: "Of three",
		In:    schema.Values{"list": []any{3, -2, 7}},
		Out:   schema.Values{"number": 7, "item": 7, "position": 2},
	}, {
		Title: "Without those that are empty",
		In:    schema.Values{"list": []any{nil, 3, ""}, "skip_empty": true},
		Out:   schema.Values{"number": 3, "position": 1},
	}, {
		Title: "An item that is no number",
		In:    schema.Values{"list": []any{true}},
		Err:   cards.CodeInvalidInput,
	}},
}, func(in numbersInput) (extremeOutput, error) { return in.extreme("largest number", 1) })

// extreme finds the number that is the most in a direction.
func (in numbersInput) extreme(what string, sign int) (extremeOutput, error) {
	out := extremeOutput{Position: -1}
	err := in.each(func(i int, n any) {
		if out.Position >= 0 {
			if order, _ := schema.CompareNumbers(n, out.Number); order*sign <= 0 {
				return
			}
		}
		out = extremeOutput{n, in.List[i], i}
	})
	if err == nil && out.Position < 0 {
		err = none(what)
	}
	return out, err
}
