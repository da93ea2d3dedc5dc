// Package expr is the language of a card's inputs: text with {{ … }} in it.
//
//	https://api.test/orders/{{ order.body.id }}
//
// Inside the braces is expr-lang: references to outputs of earlier steps,
// operators, and functions without side effects. The package knows no card and
// no flow, and does no I/O.
package expr

// Scope gives a step's outputs by the step's id.
type Scope interface {
	Lookup(step string) (any, bool)
}
