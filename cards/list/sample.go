package list

import (
	"math/rand/v2"
	"slices"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type sampleInput struct {
	listInput
	Amount int `json:"amount" default:"1" min:"0" max:"1000000" help:"How many items are drawn at most."`
}

// Sample draws items by chance.
var Sample = declare(cards.Spec{
	Name:    "list.sample",
	Title:   "Sample",
	Icon:    "shuffle",
	Summary: "Draws items of a list by chance.",
	Varies:  true,
	Doc: "Puts out as many items as you say, each at most once, in an order of chance.\n\n" +
		"- When the list has no more than that, all of its items come, shuffled.\n" +
		"- The chance is good for samples and tests, not for secrets.",
	Keywords: []string{"list", "random", "shuffle", "chance", "draw", "pick"},
	Examples: []cards.Example{{
		Title: "One of one",
		In:    schema.Values{"list": []any{"a"}, "amount": 1},
		Out:   schema.Values{"list": []any{"a"}},
	}, {
		Title: "None",
		In:    schema.Values{"list": []any{"a", "b"}, "amount": 0},
		Out:   schema.Values{"list": []any{}},
	}, {
		Title: "Fewer than none",
		In:    schema.Values{"list": []any{"a"}, "amount": -1},
		Err:   cards.CodeInvalidInput,
	}},
}, func(in sampleInput) (listOutput, error) {
	list := slices.Clone(in.List)
	amount := min(in.Amount, len(list))
	for i := range amount {
		j := i + rand.IntN(len(list)-i)
		list[i], list[j] = list[j], list[i]
	}
	return listOutput{list[:amount]}, nil
})
