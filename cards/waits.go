package cards

import (
	"time"

	"flowdeck/cards/schema"
)

// Waits is what a control card may wait for. A run that only waits takes up
// nothing, and goes on after months, in whatever process runs by then.
type Waits interface {
	// Now is the time at which the card was reached.
	Now() time.Time
	// Wait returns at a time.
	Wait(until time.Time) error
	// Open makes the card's one-time link, by which somebody outside answers.
	Open(Callback) (url string, err error)
	// Await returns what came by the card's link, nil when nothing did until the link expired.
	Await(Callback) (schema.Values, error)
	// Call begins a run of another flow and, when asked to, waits for its end.
	// A failure of that run is an Error of the same code.
	Call(Call) (Called, error)
}

// Callback is a link that answers a run once.
type Callback struct {
	Expires time.Time `json:"expires"`
	Get     bool      `json:"get,omitempty"`  // a GET answers too, when there is no page
	Page    *Page     `json:"page,omitempty"` // nil: the link is for programs
}

// Page is what people see who open a link.
type Page struct {
	Title       string `json:"title"`
	Description string `json:"description,omitempty"`
	Fields      []any  `json:"fields,omitempty"`   // declared, as those of a trigger
	Approve     string `json:"approve"`            // what the button says
	Reject      string `json:"reject,omitempty"`   // "": there is no such button
	AskName     bool   `json:"ask_name,omitempty"` // of those who are not signed in
}

// Call asks for a run of another flow.
type Call struct {
	Flow  string // id
	With  schema.Values
	Waits bool
}

// Called is a run of another flow.
type Called struct {
	Run    string
	Output schema.Values // of a run that was waited for
}
