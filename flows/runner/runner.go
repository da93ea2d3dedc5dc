// Package runner takes a run from where its journal ends to its end, or to a
// moment in time that it has to wait for.
//
// It keeps the promises that a run makes: a card that finished is not run
// again, a card that writes is announced before it touches the world, nothing
// is answered before it is kept. It starts no run, keeps no queue and knows no
// database: engines do the first two, a flows.Journal the third.
package runner

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync/atomic"
	"time"

	"flowdeck/cards"
	"flowdeck/cards/schema"
	"flowdeck/cards/within"
	"flowdeck/flows"
)

// Options are what an Executor needs. Now, Rand and Log may be left out.
type Options struct {
	Journal flows.Journal
	// Program returns the compiled document of that id, from a cache: see Programs.
	Program func(ctx context.Context, documentID string) (*flows.Program, error)
	// Env returns what a card may use: a client signed in by the connection ("" is none),
	// and key as Env.Key. An *cards.Error, an error with a CardCode, or ErrNotFound fails the
	// card; any other error stops the run until the engine tries again.
	Env func(ctx context.Context, connectionID, key string) (cards.Env, error)
	// Flow returns a flow to be called; a draft may be run when it was never published and
	// draft says so. ErrNotFound fails the card.
	Flow func(ctx context.Context, flowID string, draft bool) (flows.Callee, error)
	// Room reports whether one more run of a flow may be begun by a run that does not wait for
	// it; nil: always.
	Room func(flowID string) bool
	// Link returns the address by which a step is answered, always the same, and the hash
	// by which the journal knows it.
	Link func(runID string, p flows.Path) (url, hash string)
	// Pass is told of a time that a card waits for, instead of waiting; nil: it is waited for.
	Pass func(until time.Time)
	// Vars returns the variables that a run reads which began at a time; Secret a secret.
	// ErrNotFound fails the card.
	Vars   func(ctx context.Context, at time.Time) (schema.Values, error)
	Secret func(ctx context.Context, name string) (string, error)
	// Traceparent is the trace context with which the requests of an attempt go out; nil: none.
	Traceparent func(run *flows.Run, p flows.Path, number int) (parent, state string)
	Watch       Watch // nil: nobody
	// Passes reports whether an error of the journal is about trouble that passes, such as a
	// full disk; nil: none is. Runs under way wait for that where they are: what they have
	// done would else be in doubt.
	Passes func(error) bool
	// Bounds are those of the server for each run; what they leave out is as DefaultBounds say.
	Bounds flows.Bounds
	Now    func() time.Time
	Rand   func() float64 // in [0, 1)
	Log    *slog.Logger
}

// Executor drives runs, one segment at a time. It may be used by many goroutines.
type Executor struct {
	o     Options
	fresh atomic.Int64 // runs that Begin drives
	held  atomic.Int64 // bytes of what runs have not written yet: see mostHeld

	samples   samples
	abandoned atomic.Bool
}

// New returns an Executor.
func New(o Options) *Executor {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Rand == nil {
		o.Rand = rand.Float64
	}
	if o.Passes == nil {
		o.Passes = func(error) bool { return false }
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Executor{o: o}
}

// Abandon has the segments end that wait for trouble of the journal to pass, now and from now
// on: nobody waits for them any longer.
func (x *Executor) Abandon() { x.abandoned.Store(true) }

// MostDied is how many processes in a row may die of a run, with nothing of it finished in
// between.
const MostDied = 8

// Next is how a segment ended.
type Next struct {
	Outcome *flows.Outcome // the run is over; nil: it is parked
	WakeAt  time.Time      // until then, or until something arrives; zero: until something arrives
}

// Commit is what an engine has to know of what a run committed.
type Commit struct {
	Answer    *flows.Response // set on the commit that holds it
	Children  []flows.Run     // begun by it, and in the journal
	Cancelled []string        // runs that were asked to end
	Behind    bool            // it is not in the journal yet: an express run does not wait for that
}

// Committed is called after each commit of a run, on one of the run's
// goroutines, which it must not hold up.
type Committed func(Commit)

// The causes with which an engine cancels the context of a segment.
var (
	// ErrCancelled ends the run as cancelled.
	ErrCancelled = errors.New("the run was cancelled")
	// ErrAbandoned leaves the run where it is, for a later claim.
	ErrAbandoned = errors.New("the engine is stopping")
)

// Segment claims the run and takes it as far as it goes. A failure of the flow
// is an Outcome. An error is about the worker: flows.ErrFenced (somebody else
// has the run), flows.ErrConflict (it is done), flows.ErrNotFound, ErrAbandoned,
// or a journal that could not be written, after which a new claim may go on.
func (x *Executor) Segment(ctx context.Context, runID string, mail *Mail, done Committed) (Next, error) {
	memo, err := x.o.Journal.Claim(context.WithoutCancel(ctx), runID, x.o.Now())
	return x.goOn(ctx, memo, err, mail, done)
}

// TakeUp is Segment for a run whose process is gone. One that several have died of is over.
func (x *Executor) TakeUp(ctx context.Context, runID string, mail *Mail, done Committed) (Next, error) {
	memo, err := x.o.Journal.TakeUp(context.WithoutCancel(ctx), runID, x.o.Now())
	if err == nil && memo.Run.Died >= MostDied && !memo.Run.Cancel {
		r := newRun(x, memo, mail, done)
		defer r.ledger.close()
		return r.finish(ctx, flows.Outcome{Status: flows.Failed, ErrorPath: r.underWay(), Error: &cards.Error{Code: cards.CodeInterrupted,
			Message: fmt.Sprintf("Flowdeck died %d times in a row while it drove this run, and nothing of the run was finished in between, so it may be the run that it died of: "+
				"look whether memory ran out. The run does not go on by itself; run it again when the cause is put right", memo.Run.Died)}})
	}
	return x.goOn(ctx, memo, err, mail, done)
}

func (x *Executor) goOn(ctx context.Context, memo flows.Memo, err error, mail *Mail, done Committed) (Next, error) {
	if err != nil {
		return Next{}, err
	}
	if memo.Run.Response != nil { // who waits has not heard of it when the commit was not confirmed
		done(Commit{Answer: memo.Run.Response})
	}
	return x.segment(ctx, newRun(x, memo, mail, done))
}

// First is Segment for a run that the caller has just created as running: it
// holds the run's only epoch, so there is nothing to claim.
func (x *Executor) First(ctx context.Context, run flows.Run, mail *Mail, done Committed) (Next, error) {
	return x.segment(ctx, newRun(x, flows.Memo{Run: run}, mail, done))
}

// Begin is First for a run that is not in the journal yet. It gets there before
// anything that counts: see flows.StartOptions.Waited. The run may not be changed any more.
func (x *Executor) Begin(ctx context.Context, run *flows.Run, mail *Mail, done Committed) (Next, error) {
	r := newRun(x, flows.Memo{Run: *run}, mail, done)
	busy := x.fresh.Add(1) > manyFresh
	defer x.fresh.Add(-1)
	r.ledger.expect(run, busy)
	return x.segment(ctx, r)
}

// Interrupt ends an express run that was under way when its process died.
func (x *Executor) Interrupt(ctx context.Context, runID string, mail *Mail, done Committed) (Next, error) {
	memo, err := x.o.Journal.Claim(context.WithoutCancel(ctx), runID, x.o.Now())
	if err != nil {
		return Next{}, err
	}
	r := newRun(x, memo, mail, done)
	defer r.ledger.close()
	return r.finish(ctx, flows.Outcome{Status: flows.Failed, Error: &cards.Error{Code: cards.CodeInterrupted,
		Message: "Flowdeck stopped while this run was under way. Its flow is an express flow, so the run does not go on: some of its cards may have done their work"}})
}

func (x *Executor) segment(ctx context.Context, r *run) (Next, error) {
	defer r.ledger.close()
	deadline := r.Deadline
	if deadline.IsZero() {
		deadline = r.Created.Add(time.Hour)
	}
	ctx, cancel := within.DeadlineCause(ctx, time.Now().Add(deadline.Sub(x.o.Now())), errRunTimeout)
	defer cancel()
	program, err := x.o.Program(context.WithoutCancel(ctx), r.Document) // a run that is late or cancelled needs it to end
	if err != nil {
		return r.noProgram(ctx, err)
	}
	out, err := r.interpret(ctx, program)
	return r.end(ctx, deadline, out, err)
}
