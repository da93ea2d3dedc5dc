package cards

import (
	"maps"

	"flowdeck/cards/schema"
)

// BlockSpec is a lane inside a control card.
type BlockSpec struct {
	Name  string // "then": stored in flows, so never renamed
	Title string // "Then"
	// From names an input that is a list: the card then has a block of this kind for each
	// of its items, named by the item's "key" and called by its "title". Name is the key
	// of the first, More what the ones after it are called.
	From string
	More string
	// Least is how many blocks From gives a new card; 1 when 0.
	Least int
	// Inside is what the card itself offers to the cards in the block while they run:
	// item and index of a loop, the error that a catch block is about.
	Inside schema.Form
	// InsideFrom names an input whose keys are more of that.
	InsideFrom string
	// Loop says that the block runs in rounds, so that nothing outside sees its cards.
	Loop bool
	// After says that the block runs after those before it, and may see what they left.
	After bool
	// All says that each of these blocks runs, so that no two may result in the same name.
	All bool
}

// Blocks is how a control card runs its blocks. An error that is no *Failure is for the
// card to return as it is.
type Blocks interface {
	// Run runs one of the card's blocks and returns what the block results in: nil when a
	// card in it left the block.
	Run(block string) (schema.Values, error)
	// RunWith is Run with the card's own outputs as the cards in the block see them.
	RunWith(block string, own schema.Values) (schema.Values, error)
	// Try is Run for a card that decides what a failure in the block means.
	Try(block string) (schema.Values, *Failure, error)
	// Finally runs a block when err ends the card, and when it is nil, but not when the run
	// stops here to go on later. It returns err, or how the block itself failed.
	Finally(block string, err error) error
	// Together runs blocks at the same time and returns what each results in.
	Together(blocks []string) ([]schema.Values, error)
	// Each runs a block once per item; the cards in it see item and index.
	Each(block string, items []any, o Rounds) (Rounded, error)
	// Round runs a block as one round of a loop, with the card's own outputs as the cards
	// in it see them. Left says that a card in it left the round before its end.
	Round(block string, n int, own schema.Values) (result schema.Values, left bool, err error)
	// Late evaluates the inputs that the card declares as late, with its own outputs as
	// they are now.
	Late(own schema.Values) (schema.Values, error)
	// Leave ends the block in which the card stands, or the flow outside of blocks; told is
	// what history says. The error it returns must be returned by the card.
	Leave(told schema.Values) error
}

// Rounds say how a loop is run.
type Rounds struct {
	Limit int  // at most so many rounds at a time; 1 when 0
	GoOn  bool // a round that fails ends only itself
}

// Rounded is what a loop did.
type Rounded struct {
	Results  []any // of the rounds that came to their end, in order
	Left     int   // rounds that a card in them left
	Failures []FailedRound
}

// FailedRound is a round of a loop that failed.
type FailedRound struct {
	Index int
	Item  any
	*Failure
}

// Failure is an Error, and where in the flow it happened.
type Failure struct {
	Err  *Error
	Step string // id of the step that failed
	Path string // of that step in the run
}

// Error is that of Err, so that a card can let a failure go on up.
func (f *Failure) Error() string { return f.Path + ": " + f.Err.Error() }

// Unwrap returns Err.
func (f *Failure) Unwrap() error { return f.Err }

// Values returns the failure as the cards that handle it see it: code, message, status,
// headers, body, step, attempt, retryable, and the details there are.
func (f *Failure) Values() schema.Values {
	v, details := f.Err.Values(), f.Err.Details
	maps.Copy(v, schema.Values{"step": f.Step, "path": f.Path, "attempt": int64(max(f.Err.Attempt, 1)),
		"status": details["status_code"], "headers": details["headers"], "body": details["body"]})
	return v
}

// failure is what Failure.Values holds.
type failure struct {
	Code      string         `json:"code" help:"What went wrong, as retry rules and catch blocks name it: http_404, timeout."`
	Message   string         `json:"message" help:"What went wrong, in words."`
	Status    int            `json:"status" help:"Status of the answer, when there was one."`
	Headers   map[string]any `json:"headers" help:"Headers of the answer."`
	Body      any            `json:"body" help:"Body of the answer, or of the error that Return Error made."`
	Step      string         `json:"step" help:"Id of the card that failed."`
	Path      string         `json:"path" help:"Where in the run that card stands."`
	Attempt   int            `json:"attempt" help:"At which attempt the card gave up."`
	Retryable bool           `json:"retryable" help:"Whether the same again may go well."`
	Details   map[string]any `json:"details" help:"All that is known."`
}

// Caught is what a card offers to the cards that handle a failure.
var Caught = schema.Of[struct {
	Error failure `json:"error" help:"What went wrong; empty when nothing did."`
}]()
