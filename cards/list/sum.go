package list

import (
	"flowdeck/cards"
	"flowdeck/cards/schema"
)

// Sum adds up.
var Sum = declare(cards.Spec{
	Name:    "list.sum",
	Title:   "Sum",
	Icon:    "sigma",
	Summary: "Adds up the numbers of a list.",
	Doc: "Puts out the sum of all numbers, or of one number in each item.\n\n" +
		"- The sum is exact: 0.1 and 0.2 are 0.3. Of an empty list it is 0. A number may have 400 digits." + numbersDoc,
	Keywords: []string{"list", "total", "add", "numbers", "aggregate", "plus"},
	Examples: []cards.Example{{
		Title: "Exactly",
		In:    schema.Values{"list": []any{0.1, 0.2, "3"}},
		Out:   schema.Values{"number": 3.3},
	}, {
		Title: "A number in each item",
		In:    schema.Values{"list": []any{schema.Values{"price": 19.95}, schema.Values{"price": 0.05}, schema.Values{}}, "path": "price", "skip_empty": true},
		Out:   schema.Values{"number": 20},
	}, {
		Title: "An empty list",
		In:    schema.Values{"list": []any{}},
		Out:   schema.Values{"number": 0},
	}, {
		Title: "An item that is no number",
		In:    schema.Values{"list": []any{1, "two"}},
		Err:   cards.CodeInvalidInput,
	}},
}, func(in numbersInput) (numberOutput, error) {
	t, err := in.total()
	if err != nil {
		return numberOutput{}, err
	}
	return numberOutput{written(t.rat(), t.scale)}, nil
})

func (in numbersInput) total() (*total, error) {
	t := &total{}
	if err := in.each(func(_ int, n any) { t.add(n) }); err != nil {
		return nil, err
	}
	if t.err != nil {
		return nil, schema.Problems{{Field: "list", Message: t.err.Error()}}
	}
	return t, nil
}
