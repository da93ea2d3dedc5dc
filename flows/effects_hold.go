package flows

import (
	"context"
	"time"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

// Holds are the effects of steps that wait. Every one may end the segment: the
// run is then interpreted again when its time has come, and the step is asked
// for the same thing again.
type Holds interface {
	// WaitUntil returns at a time.
	WaitUntil(ctx context.Context, p Path, c Call, until time.Time) error
	// Open makes the step's link; the same one when it is there already.
	Open(ctx context.Context, p Path, c Call, cb cards.Callback) (url string, err error)
	// Await returns what came by the step's link, nil when it expired before.
	Await(ctx context.Context, p Path, c Call, cb cards.Callback) (schema.Values, error)
	// Child begins a run of another flow, once for each path, and may wait for its end.
	Child(ctx context.Context, p Path, c Call, call cards.Call) (cards.Called, error)
}

// MaxCallDepth is how deep runs may be begun by runs: flows may call themselves
// and each other, and end with the error call_depth when they do not stop.
const MaxCallDepth = 32

// MaxCalls is how many runs one run may begin.
const MaxCalls = 10_000

// Parent says which step of which run began a run. Its zero value is of a run
// that no run began.
type Parent struct {
	Run   string
	Path  Path
	Waits bool // for the end
	Depth int  // 1 for a run begun by one that nobody began
	// Handles says that it was begun because a run failed, or by a run that was: when it
	// fails, nothing is begun.
	Handles bool
}

// Callee is a flow that another one calls, as it is now.
type Callee struct {
	FlowID, Name, Alias string
	On                  bool
	Version             int64  // published; 0 when never: then Document is of the draft, if at all
	Document            string // id; "" when there is nothing to run
	Settings            Settings
}

// Callback is a link by which somebody outside answers a step of a run.
type Callback struct {
	Hash string // SHA-256 of its token, in hex
	Path Path
	Made time.Time
	cards.Callback
}

// SignalKind says what arrived for a step. Its words are stored.
type SignalKind string

// The kinds of signals.
const (
	Answered SignalKind = "answer" // somebody answered by a link
	TooLate  SignalKind = "late"   // nobody did in time
	Ended    SignalKind = "ended"  // a run that was waited for is over
)

// Signal is what arrived for a step that waits. The first one at a path counts.
type Signal struct {
	Path Path
	Kind SignalKind
	At   time.Time
	Body schema.Values
}

// Parking says until when a run is parked.
type Parking struct {
	WakeAt time.Time // zero: until a Signal
	// Left is what the run has left of its time, when its clock stands still while it is parked; else 0.
	Left time.Duration
}
