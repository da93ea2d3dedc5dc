package list

import (
	"encoding/json"
	"math/big"
	"slices"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

// Median is the number in the middle.
var Median = declare(cards.Spec{
	Name:    "list.median",
	Title:   "Median",
	Icon:    "gauge",
	Summary: "Finds the number in the middle of a list.",
	Doc: "Puts out the number that as many others are above as below; of an even count, the average of the two in the middle.\n\n" +
		"- A list without numbers has no median and fails the card." + numbersDoc,
	Keywords: []string{"list", "middle", "numbers", "aggregate", "percentile"},
	Examples: []cards.Example{{
		Title: "Of three",
		In:    schema.Values{"list": []any{900, 1, 6}},
		Out:   schema.Values{"number": 6},
	}, {
		Title: "Of four",
		In:    schema.Values{"list": []any{1, 2, 3, 10}},
		Out:   schema.Values{"number": 2.5},
	}, {
		Title: "Of nothing",
		In:    schema.Values{"list": []any{}},
		Err:   cards.CodeInvalidInput,
	}},
}, func(in numbersInput) (numberOutput, error) {
	var numbers []any
	if err := in.each(func(_ int, n any) { numbers = append(numbers, n) }); err != nil {
		return numberOutput{}, err
	}
	if len(numbers) == 0 {
		return numberOutput{}, none("median")
	}
	slices.SortFunc(numbers, func(a, b any) int { order, _ := schema.CompareNumbers(a, b); return order })
	t := &total{}
	for _, n := range numbers[(len(numbers)-1)/2 : len(numbers)/2+1] {
		t.add(n)
	}
	if t.err != nil {
		return numberOutput{}, schema.Problems{{Field: "list", Message: t.err.Error()}}
	}
	return numberOutput{t.mean()}, nil
})

// mean is the sum divided by how many numbers there are, to 20 decimal places.
func (t *total) mean() json.Number {
	mean := t.rat()
	mean.Quo(mean, new(big.Rat).SetInt64(int64(t.count)))
	return written(mean, max(20, t.scale))
}
