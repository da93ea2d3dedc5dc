// Package number holds the cards that calculate.
//
// They compute and touch nothing. Numbers are exact decimals of any size up to 400
// digits; only roots and powers with fractions are rounded.
package number

import (
	"context"
	"encoding/json"
	"fmt"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

// declare makes a card of this package.
func declare[In, Out any](s cards.Spec, f func(In) (Out, error)) cards.Card {
	s.Category, s.Family = "Number", cards.FamilyData
	return cards.NewFunction(s, func(_ context.Context, _ cards.Env, in In) (Out, error) { return f(in) })
}

// output is what most cards here put out.
type output struct {
	Number json.Number `json:"number" help:"The result."`
}

// wrong is a mistake in one field.
func wrong(field, format string, args ...any) error {
	return schema.Problems{{Field: field, Message: fmt.Sprintf(format, args...)}}
}
