// Package boolean holds the cards that are about true and false.
//
// They compute and touch nothing.
package boolean

import (
	"context"

	"flowdeck/cards"
)

// declare makes a card of this package.
func declare[In, Out any](s cards.Spec, f func(In) (Out, error)) cards.Card {
	s.Category, s.Family = "True/False", cards.FamilyData
	return cards.NewFunction(s, func(_ context.Context, _ cards.Env, in In) (Out, error) { return f(in) })
}

// output is what every card here puts out.
type output struct {
	Result bool `json:"result" help:"True or false."`
}

// severalInput is what the cards take that combine two or more.
type severalInput struct {
	Value  bool   `json:"value" label:"Input 1" form:"required" help:"The first."`
	Value2 bool   `json:"value_2" label:"Input 2" form:"required" help:"The second."`
	More   []bool `json:"more" label:"More inputs" help:"A list of more of them."`
}

const strict = "- Only true and false are taken, and the words `true` and `false`. For others there are Compare and Text to True/False."
