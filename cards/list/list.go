// Package list holds the cards that work on lists.
//
// They compute and touch nothing, and never change the list that came in.
package list

import (
	"context"

	"flowdeck/cards"
	"flowdeck/cards/bounds"
	"flowdeck/cards/schema"
)

// listInput is what nearly every card here begins with.
type listInput struct {
	List []any `json:"list" help:"A list, usually an output of another card."`
}

func (in listInput) items() []any { return in.List }

type listOutput struct {
	List []any `json:"list" help:"The new list."`
}

// declare makes a card that takes a list. A list that is nothing is a mistake, one
// that is empty is not.
func declare[In interface{ items() []any }, Out any](s cards.Spec, f func(In) (Out, error)) cards.Card {
	s.Category, s.Family = "List", cards.FamilyData
	s.Doc += "\n- A list may have 1,000,000 items."
	return cards.NewFunction(s, func(_ context.Context, _ cards.Env, in In) (Out, error) {
		var none Out
		if in.items() == nil {
			return none, schema.Problems{{Field: "list", Message: "must be a list, got nothing; an empty list is []"}}
		}
		if err := bounds.CheckItems("list", len(in.items())); err != nil {
			return none, err
		}
		return f(in)
	})
}

// place is where position points in a list of n, counted from the end when it is
// negative; false when that is not among its items.
func place(position, n int) (int, bool) {
	if position < 0 {
		position += n
	}
	return position, position >= 0 && position < n
}
