package list

import (
	"flowdeck/cards"
	"flowdeck/cards/schema"
)

// Average is the mean.
var Average = declare(cards.Spec{
	Name:    "list.average",
	Title:   "Average",
	Icon:    "gauge",
	Summary: "Finds the average of the numbers of a list.",
	Doc: "Puts out the sum of all numbers, divided by how many they are (the mean).\n\n" +
		"- It is rounded to 20 decimal places. A list without numbers has no average and fails the card." + numbersDoc,
	Keywords: []string{"list", "mean", "numbers", "aggregate", "middle"},
	Examples: []cards.Example{{
		Title: "Of three",
		In:    schema.Values{"list": []any{1, 2, 6}},
		Out:   schema.Values{"number": 3},
	}, {
		Title: "A number in each item",
		In:    schema.Values{"list": []any{schema.Values{"age": 40}, schema.Values{"age": 41}}, "path": "age"},
		Out:   schema.Values{"number": 40.5},
	}, {
		Title: "Of nothing",
		In:    schema.Values{"list": []any{}},
		Err:   cards.CodeInvalidInput,
	}},
}, func(in numbersInput) (numberOutput, error) {
	t, err := in.total()
	switch {
	case err != nil:
		return numberOutput{}, err
	case t.count == 0:
		return numberOutput{}, none("average")
	}
	return numberOutput{t.mean()}, nil
})
