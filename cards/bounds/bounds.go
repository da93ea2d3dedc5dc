// Package bounds says how large the values of data cards may be.
//
// It only measures; what it refuses is an Error with the code "limit".
package bounds

import (
	"fmt"

	"flowdeck/cards"
)

const (
	// Text is how long a text may be that a card takes or makes, in bytes.
	Text = 10 << 20
	// Items is how many items a list may have that a card takes or makes.
	Items = 1_000_000
	// Depth is how deep lists and objects may be nested that a card walks through.
	Depth = 1000
)

// CheckText returns a limit error when the field's text, of n bytes, is too long.
func CheckText(field string, n int) error {
	if n <= Text {
		return nil
	}
	return limit(field, fmt.Sprintf("is %.1f MiB long, and text may be 10 MiB long", float64(n)/(1<<20)))
}

// CheckItems returns a limit error when the field's list, of n items, is too long.
func CheckItems(field string, n int) error {
	if n <= Items {
		return nil
	}
	return limit(field, fmt.Sprintf("has %d items, and a list may have 1,000,000", n))
}

// CheckDepth returns a limit error when something in the field is nested more deeply than n may be.
func CheckDepth(field string, n int) error {
	if n <= Depth {
		return nil
	}
	return limit(field, "is nested too deeply: more than 1,000 levels")
}

func limit(field, message string) error {
	return &cards.Error{Code: cards.CodeLimit, Message: field + ": " + message}
}
