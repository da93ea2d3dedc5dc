package list

import (
	"math/big"

	"flowdeck/cards"
	"flowdeck/cards/bounds"
	"flowdeck/cards/schema"
)

type rangeInput struct {
	Start int `json:"start" default:"1" help:"The first number."`
	End   int `json:"end" form:"required" help:"The last number at most; it is in the list when the steps meet it."`
	Step  int `json:"step" default:"1" help:"What is between two numbers; less than 0 counts down."`
}

func (rangeInput) items() []any { return []any{} }

// Range counts.
var Range = declare(cards.Spec{
	Name:    "list.range",
	Title:   "Range",
	Icon:    "list-ordered",
	Summary: "Makes a list of numbers that count up or down.",
	Doc: "Puts out whole numbers from **Start** to **End**, both included.\n\n" +
		"- A step of -1 counts down. When the end lies in the other direction, the list is empty.\n" +
		"- A step of 0 fails the card.",
	Keywords: []string{"list", "numbers", "count", "sequence", "loop", "times", "repeat"},
	Examples: []cards.Example{{
		Title: "One to five",
		In:    schema.Values{"end": 5},
		Out:   schema.Values{"list": []any{1, 2, 3, 4, 5}},
	}, {
		Title: "Down by four",
		In:    schema.Values{"start": 10, "end": 1, "step": -4},
		Out:   schema.Values{"list": []any{10, 6, 2}},
	}, {
		Title: "The end lies behind",
		In:    schema.Values{"start": 5, "end": 1},
		Out:   schema.Values{"list": []any{}},
	}, {
		Title: "No step at all",
		In:    schema.Values{"end": 5, "step": 0},
		Err:   cards.CodeInvalidInput,
	}, {
		Title: "Too many",
		In:    schema.Values{"end": 2000000},
		Err:   cards.CodeLimit,
	}},
}, func(in rangeInput) (listOutput, error) {
	if in.Step == 0 {
		return listOutput{}, schema.Problems{{Field: "step", Message: "must not be 0: the numbers would never end"}}
	}
	// The distance of two int64 may need 65 bits.
	var n big.Int
	n.Sub(big.NewInt(int64(in.End)), big.NewInt(int64(in.Start)))
	n.Quo(&n, big.NewInt(int64(in.Step)))
	switch {
	case in.Step > 0 && in.Start > in.End, in.Step < 0 && in.Start < in.End:
		return listOutput{}, nil
	case !n.IsInt64() || n.Int64() >= bounds.Items:
		return listOutput{}, &cards.Error{Code: cards.CodeLimit, Message: "end: makes more than 1,000,000 numbers"}
	}
	list := make([]any, n.Int64()+1)
	for i := range list {
		list[i] = int64(in.Start + i*in.Step)
	}
	return listOutput{list}, nil
})
