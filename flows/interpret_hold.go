package flows

import (
	"time"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

// Now is the time at which the card was reached.
func (sc *scope) Now() time.Time { return sc.started }

// Wait returns at a time.
func (sc *scope) Wait(until time.Time) error {
	return sc.machine.fx.WaitUntil(sc.ctx, sc.path, sc.call, until)
}

// Open makes the card's link.
func (sc *scope) Open(cb cards.Callback) (string, error) {
	return sc.machine.fx.Open(sc.ctx, sc.path, sc.call, cb)
}

// Await returns what came by the card's link, nil when it expired.
func (sc *scope) Await(cb cards.Callback) (schema.Values, error) {
	return sc.machine.fx.Await(sc.ctx, sc.path, sc.call, cb)
}

// Call begins a run of another flow.
func (sc *scope) Call(call cards.Call) (cards.Called, error) {
	return sc.machine.fx.Child(sc.ctx, sc.path, sc.call, call)
}
