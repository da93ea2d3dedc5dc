package flows

import (
	"context"
	"time"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

// Effects is all that a running flow may do. An engine implements it; the
// interpreter itself reads no clock, starts no goroutine and opens no
// connection, so that interpreting a run again over its journal takes the same
// way again.
//
// A failure of the flow is a *cards.Error (found with errors.As). Every other
// error is the engine's own and ends Program.Run at once, unchanged.
type Effects interface {
	// Do runs a function card with its retries, or returns what it returned before.
	Do(ctx context.Context, p Path, c Call) (schema.Values, error)
	// Parallel runs f for 0..n-1, at most limit at a time, and returns the first error.
	Parallel(ctx context.Context, n, limit int, f func(ctx context.Context, i int) error) error
	// Respond answers the caller. The same path may say it again; another one gets
	// a *cards.Error with code already_responded.
	Respond(ctx context.Context, p Path, r Response) error
	// Now is the time at which a step was reached; the same when interpreted again.
	Now(ctx context.Context, p Path) time.Time
	// Control tells history how a control card went. It holds nothing up.
	Control(ctx context.Context, p Path, c Call, started time.Time, out schema.Values, err error)
	// Skipped tells history about a step that was reached and not run: it is off,
	// or stands first to last in a block that was not taken.
	Skipped(ctx context.Context, p Path, stepID, card string)
	Holds
}

// Call is a card about to run. Nothing in it may be changed: programs are
// shared between runs.
type Call struct {
	Step    *Step
	Card    cards.Card
	In      schema.Values // resolved, not yet checked
	Timeout time.Duration // of one attempt; 0: the engine's default
}

// Start is what a run begins with. All of it but its limits must be the same when the
// run is taken up again.
type Start struct {
	Event   schema.Values // outputs of the trigger
	RunID   string        // {{run.id}}
	Started time.Time     // {{run.started}}
	FlowID  string        // {{flow.id}}
	Name    string        // {{flow.name}}
	Alias   string        // {{flow.alias}}
	Vars    schema.Values // {{vars.name}}; only when the program AsksVars
	// Mark begins what stands for a secret until Reveal: nobody else may know it.
	Mark string
	// Server and Own are the limits of the server and, within them, of the flow.
	Server, Own Bounds
}

// RunError is a failure of the flow: the card at Path failed and nothing caught it.
type RunError struct {
	Path   Path
	StepID string
	Err    *cards.Error
}

func (e *RunError) Error() string { return string(e.Path) + ": " + e.Err.Error() }
func (e *RunError) Unwrap() error { return e.Err }
