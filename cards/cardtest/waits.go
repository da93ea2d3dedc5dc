package cardtest

import (
	"time"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

// Now is Now.
func (f *Flow) Now() time.Time { return Now }

// Wait notes the time.
func (f *Flow) Wait(until time.Time) error {
	f.Until = until
	return nil
}

// Open notes what the link asks for.
func (f *Flow) Open(cb cards.Callback) (string, error) {
	f.Link = &cb
	return "https://flows.example.com/callback/Ax3f", nil
}

// Await gives what Came.
func (f *Flow) Await(cards.Callback) (schema.Values, error) { return f.Came, nil }

// Call gives back what it was called with.
func (f *Flow) Call(c cards.Call) (cards.Called, error) {
	f.Called = append(f.Called, c)
	out := cards.Called{Run: "r_2"}
	if c.Waits {
		out.Output = c.With
	}
	return out, nil
}
