package number

import (
	"crypto/rand"
	"fmt"
	"math/big"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type randomInput struct {
	From  int64 `json:"from" label:"Greater than or equal to" default:"0" help:"The least number that may come."`
	Below int64 `json:"below" label:"Less than" form:"required" help:"All numbers that may come are less."`
}

type randomOutput struct {
	Number int64 `json:"number" help:"The number."`
}

// RandomInteger makes a whole number that nobody can guess.
var RandomInteger = declare(cards.Spec{
	Name:    "number.random_integer",
	Title:   "Random Integer",
	Icon:    "shuffle",
	Summary: "Makes a random whole number between two others.",
	Varies:  true,
	Doc: "Puts out a whole number; every one in the range is as likely as any other.\n\n" +
		"- The lower bound may come, the upper one does not: from 1, less than 7, is a die.\n" +
		"- A flow that goes on after an interruption keeps the number that it had.",
	Keywords: []string{"number", "random", "dice", "chance", "pick", "integer"},
	Examples: []cards.Example{{
		Title: "Only one number is possible",
		In:    schema.Values{"from": 7, "below": 8},
		Out:   schema.Values{"number": 7},
	}, {
		Title: "A die",
		In:    schema.Values{"from": 1, "below": 7},
	}, {
		Title: "There is none",
		In:    schema.Values{"from": 5, "below": 5},
		Err:   cards.CodeInvalidInput,
	}},
}, func(in randomInput) (randomOutput, error) {
	if in.Below <= in.From {
		return randomOutput{}, wrong("below", "must be more than %d, got %d", in.From, in.Below)
	}
	span := new(big.Int).Sub(big.NewInt(in.Below), big.NewInt(in.From))
	n, err := rand.Int(rand.Reader, span)
	if err != nil {
		return randomOutput{}, fmt.Errorf("read random bytes: %w", err)
	}
	return randomOutput{n.Add(n, big.NewInt(in.From)).Int64()}, nil
})
