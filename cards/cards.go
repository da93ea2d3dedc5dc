// Package cards says what a card is.
//
// A card is one declaration: a Spec, a struct of inputs, a struct of outputs
// and a function from one to the other. The form, the help page, validation,
// the palette entry and the test all come from it. A card sees no flow, no
// database, no template, no secret and no other card.
package cards

import (
	"context"
	"net/http"
	"time"

	"flowdeck/cards/schema"
)

// Kind says what a card may do.
type Kind string

// The three kinds of card.
const (
	Event    Kind = "event"    // begins a flow
	Function Kind = "function" // computes or touches the world; sees Env, never other cards
	Control  Kind = "control"  // decides which cards run; sees Flow, never the world
)

// Family groups cards by what they are for; it is their colour on the canvas.
type Family string

// The families of cards.
const (
	FamilyEvent Family = "event"
	FamilyHTTP  Family = "http"
	FamilyLogic Family = "logic"
	FamilyData  Family = "data"
	FamilyReply Family = "reply"
)

// Spec is what a card says about itself.
type Spec struct {
	Name       string // "http.get": stored in flows, so never renamed
	Title      string // "Get"
	Category   string // heading in the palette: "API Connector"
	Family     Family
	Icon       string   // name of a Lucide icon
	Summary    string   // one sentence
	Doc        string   // the rest, in Markdown
	Keywords   []string // other words people search for
	Connector  string   // whose connections it takes: "http"; "" for none
	World      bool     // of a Function: it touches the world, so an intent is journaled first
	Idempotent bool     // safe to run again when a crash hid its result
	// Repeatable decides that by the inputs, when not nil: a Raw Request may be a GET.
	Repeatable func(schema.Values) bool
	// Changes decides by the inputs whether the card changes anything outside. When nil,
	// a card that touches the world does, unless it is safe to run again: PUT and DELETE
	// are safe to repeat and yet change things.
	Changes func(schema.Values) bool
	// Asks names the inputs that say what is asked for. What was learned of a card's
	// answers holds as long as they stay; without any, nothing is learned.
	Asks   []string
	Blocks []BlockSpec // of a Control card
	// OutputsFrom names the input whose keys are the card's outputs ("fields" of Set
	// fields, "inputs" of a trigger); "" when Outputs says it all.
	OutputsFrom string
	// BlockOutputs says that the results of its blocks are outputs of the card.
	BlockOutputs bool
	// Comment says that the card is there for people only: no run has it, and it counts
	// as no step.
	Comment bool
	// Varies says that the card answers differently each time, by the clock or by
	// chance: no expression may call it, for expressions are evaluated again when a run
	// goes on after a crash.
	Varies bool
	// Whole says that the card is an object of all its outputs when an expression calls
	// it; otherwise it is its first output.
	Whole bool
	// Late names inputs of a Control card that are evaluated when it asks for them
	// (Flow.Late) and not before: the condition of a loop. They see what the card offers
	// inside of its first block.
	Late []string
	// Warn says what is doubtful about inputs that may be run all the same. A template
	// stands there as schema.Later, or as schema.Expected when its type is known.
	Warn func(schema.Values) schema.Problems
	// Check says what is wrong with the settings of an Event card beyond what its form
	// says; it is asked when they fit that.
	Check    func(schema.Values) schema.Problems
	Examples []Example
}

// Example is documentation that is also a test.
type Example struct {
	Title   string
	In, Out schema.Values // Out lists the outputs that matter
	Err     string        // code of the expected Error
}

// Env is all that a function card may use.
type Env struct {
	HTTP *http.Client // signs requests in by the step's connection; guarded and traced
	Now  func() time.Time
	Key  string // the same for every attempt at this step of this run
	// Timeout is the connection's own limit for a call; 0 when it names none.
	Timeout time.Duration
	Tables  Tables // the tables that the server keeps
	// Export writes a flow as a file: its name and its text; nil where there are no flows.
	Export func(ctx context.Context, flowID string) (name string, text []byte, err error)
}

// Flow is the running flow: all that a control card may use.
type Flow interface {
	Blocks
	// Respond answers whoever is waiting for this run. A second answer is an Error with code "already_responded".
	Respond(Response) error
	// Return ends the run with these outputs. The error it returns must be returned by the card.
	Return(schema.Values) error
	Waits
}

// Response is what an API endpoint flow answers with.
type Response struct {
	Status  int                 `json:"status"`
	Headers map[string][]string `json:"headers,omitempty"`
	// Body is text, sent as it is, or any other value, sent as JSON.
	Body any `json:"body,omitempty"`
	// File says that Body is a file, whose bytes are sent.
	File bool `json:"file,omitempty"`
	// Encoded is Body as JSON, when somebody has written it already.
	Encoded []byte `json:"-"`
}
