package flows

import (
	"context"
	"regexp"
	"time"

	"flowdeck/cards"
	"flowdeck/cards/schema"
	"flowdeck/cards/trace"
)

// Path says where in a run a step is: "if_1/post", "loop[3]/get". It names a step
// of a run whatever order things happened in.
type Path string

// Place returns where in its flow the step of a path stands, whatever round it was in: what
// StepInfo says.
func (p Path) Place() Path { return Path(inRounds.ReplaceAllString(string(p), "")) }

var inRounds = regexp.MustCompile(`\[\d+\]`)

// Status is how far a run or an attempt has come. Its words are stored.
type Status string

// The statuses. A run goes queued, running, perhaps waiting, then one of the last three.
const (
	Queued    Status = "queued"
	Running   Status = "running"
	Waiting   Status = "waiting" // parked until a time or a signal
	Succeeded Status = "succeeded"
	Failed    Status = "failed"
	Cancelled Status = "cancelled"
	Skipped   Status = "skipped" // of a step: its branch was not taken, or it is off
)

// Done reports whether a run in this status will never change again.
func (s Status) Done() bool { return s == Succeeded || s == Failed || s == Cancelled }

// Run is one execution of a version of a flow.
type Run struct {
	ID        string // "r_" and a UUIDv7
	FlowID    string
	FlowName  string // as it is now; set by who starts it, filled when read
	FlowAlias string // likewise
	Version   int64  // 0: of the draft as it was when the run began
	// Document is the id of the stored document that the run executes.
	Document string
	Status   Status
	Trigger  string        // name of the trigger card: "event.endpoint"
	Source   string        // who called, in words: "10.4.0.18", "Maya (test run)"
	Event    schema.Values // outputs of the trigger
	Epoch    int64         // raised by every claim
	Died     int           // processes in a row that died while they drove it, with nothing finished in between
	WakeAt   time.Time     // of a waiting run
	Cancel   bool          // somebody asked for it to end
	Express  bool          // it does not wait for its journal, and is not taken up again after a crash
	Outline  bool          // an outline of it is kept, if it succeeds; of a run that is over: is what is kept
	Sample   bool          // with Outline: it may leave nothing at all, if it succeeds. Not read back
	Bounds   Bounds        // of its flow as they are now; set by who starts it, filled when read
	// Deadline is when the run fails with a timeout; zero: an hour after it was created. Of one
	// that nobody has driven yet it is as if somebody did at once: the first claim puts it off.
	Deadline time.Time
	RerunOf  string // run whose event this one repeats
	Trial    *Trial // nil: it does what its document says
	Parent   Parent // the step of another run that began it
	Once     *Once  // what it is begun for, and no other run; nil: for nothing like that. Not read back
	Most     int    // how many runs of its flow that were called from outside may be under way, with it; 0: any number. Not read back
	Response *Response
	// ResponsePath is the step that answered.
	ResponsePath Path
	Output       schema.Values // what Return gave
	Error        *cards.Error
	ErrorPath    Path // the step that failed the run
	Created      time.Time
	Started      time.Time
	Finished     time.Time
}

// Attempt is one try at one step of a run, or the step's other journal entries.
// A run's history is its attempts.
type Attempt struct {
	RunID  string
	Path   Path
	Number int // 1 is the first
	StepID string
	Card   string
	Status Status        // running (an intent), succeeded, failed, waiting (for the next attempt)
	Input  schema.Values // redacted by declaration
	Output schema.Values
	Error  *cards.Error
	Trace  *trace.Trace
	Given  string // where the output is from when the card did not run: Given.From
	// NextAt is when the next attempt is due, of a failed attempt that is tried again.
	NextAt   time.Time
	Started  time.Time
	Finished time.Time
}

// Outcome is how a run ended.
type Outcome struct {
	Status    Status // succeeded, failed or cancelled
	Output    schema.Values
	Error     *cards.Error
	ErrorPath Path
	At        time.Time
	Outline   bool   // it succeeded, and no values are kept
	Parent    Parent // of the run: one that waits is told
	// Failure is there when somebody has to look at the run: it failed for good, and no
	// other run waits for it.
	Failure *Failure
}

// Entry is something a run adds to its journal. Exactly one of its parts is set.
type Entry struct {
	Attempt  *Attempt // inserted, or replaced when run, path and number are there already
	Answer   *Answer
	Child    *Run // a run that this one begins; nothing when the step has begun one
	Callback *Callback
	Signal   *Signal // nothing when something has arrived at its path
}

// Answer is the response of a run, said by the step at Path.
type Answer struct {
	Path     Path
	Response Response
}

// Memo is what a run's journal holds when a worker takes the run up.
type Memo struct {
	Run      Run
	Attempts []Attempt // by path, then number
	Arrived  []Path    // where a Signal is
}

// Journal is the durable memory of runs. Writes by a lower epoch than the
// newest claim give ErrFenced and change nothing.
type Journal interface {
	// Create commits a new run with the status, epoch and times that it has: queued, or
	// running when its creator goes on to drive it without a claim. Entries are what such
	// a run has done already; it has none when it is queued. When what the run is begun
	// for has begun one already, it gives ErrTaken.
	Create(ctx context.Context, run Run, entries ...Entry) error
	// Record commits a new run that is over already, with all that it did. Nobody has used
	// its id before.
	Record(ctx context.Context, run Run, entries []Entry, o Outcome) error
	// Leave is Record that does not wait until the run is on the disk. What goes wrong
	// then is logged.
	Leave(run Run, entries []Entry, o Outcome) error
	// Crowded reports whether Leave would wait now, because so much is to be written.
	Crowded() bool
	// Claim raises the run's epoch, marks it running and returns all it has done. A run
	// that is done gives ErrConflict, an unknown one ErrNotFound.
	Claim(ctx context.Context, runID string, now time.Time) (Memo, error)
	// TakeUp is Claim for a run whose process is gone. If that died while it drove the run,
	// the run's Died grows.
	TakeUp(ctx context.Context, runID string, now time.Time) (Memo, error)
	// Append commits entries in order. An Answer by another path than the one that
	// answered first gives ErrConflict and nothing is written.
	Append(ctx context.Context, runID string, epoch int64, entries []Entry) error
	// Park commits entries and marks the run waiting.
	Park(ctx context.Context, runID string, epoch int64, entries []Entry, p Parking) error
	// Finish commits entries and the outcome, which is a Signal for a parent that waits.
	Finish(ctx context.Context, runID string, epoch int64, entries []Entry, o Outcome) error
	// Cancel asks a run to end. It gives ErrConflict when the run is done.
	Cancel(ctx context.Context, runID string) error
	// CancelChildren asks the runs that this one waits for to end, and those that they
	// wait for, and returns their ids.
	CancelChildren(ctx context.Context, runID string) ([]string, error)
	// Arrived returns what arrived at a path of a run; nothing yet is ErrNotFound.
	Arrived(ctx context.Context, runID string, p Path) (Signal, error)
	// Outcome returns how a run ended; one that has not is ErrConflict.
	Outcome(ctx context.Context, runID string) (Outcome, error)
	// Pending returns the runs that are not done, oldest first: id, status, wake time, cancel
	// flag, Died, parent. A waiting run for which something has arrived has a wake time that is past.
	Pending(ctx context.Context) ([]Run, error)
}

// StartOptions say how a run is begun.
type StartOptions struct {
	RunTimeout time.Duration // 0: one hour
	Bounds     Bounds        // of the flow; none: those of the server
	// Waited is for a run whose id nobody has been told: who asked for it waits for its
	// answer. It is committed with the first thing that counts (a card about to change
	// something, an answer, its end) or after a moment, not before it begins.
	Waited bool
}

// WaitFunc waits for one run: see Engine.Call.
type WaitFunc func(ctx context.Context, limit time.Duration) (Result, error)

// Engine drives runs.
type Engine interface {
	// Start commits the run and dispatches it.
	Start(ctx context.Context, run Run, o StartOptions) error
	// Call is Start for a caller who waits for the run's answer, with what it returns: as
	// Wait does, and no longer than limit, after which it gives context.DeadlineExceeded.
	Call(ctx context.Context, run Run, o StartOptions) (wait WaitFunc, err error)
	// Cancel ends a run within a second, wherever it is, and the runs that it waits for.
	Cancel(ctx context.Context, runID string) error
	// Signal tells a run that something arrived for a step of it and is in the store.
	Signal(runID string, p Path)
	// Wait returns the run's answer, or its end, whichever comes first; ctx bounds the wait.
	Wait(ctx context.Context, runID string) (Result, error)
	// Watch calls back with every change of a run (attempts, answer, end) until ctx
	// ends. It never blocks the run: a slow watcher misses changes, never the last one.
	Watch(ctx context.Context, runID string) <-chan struct{}
}

// Result is what the caller of an endpoint waits for.
type Result struct {
	Response *Response // nil when the run ended without one
	Outcome  *Outcome  // nil when the run still goes on
}
