package runner

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"flowdeck/cards"
	"flowdeck/cards/schema"
	"flowdeck/flows"
)

var errRunTimeout = errors.New("the run's time was up")

// run is one segment of a run: the effects of its program. It lives exactly as
// long as the segment.
type run struct {
	flows.Run
	x        *Executor
	ledger   ledger
	branches branches
	mail     *Mail
	cutCalls bool                    // a step that waited for a run was cut off
	signals  map[flows.Path]struct{} // where something had arrived when the segment began
	calls    atomic.Int64            // runs that it has begun

	mark string // begins what stands for a secret; "" when the program has none

	mu       sync.Mutex
	held     map[flows.Path]flows.Attempt   // steps that wait
	past     map[flows.Path][]flows.Attempt // by number; what the journal held
	answered bool
	stopped  flows.Path // where the segment met the end of its context
}

func newRun(x *Executor, memo flows.Memo, mail *Mail, done Committed) *run {
	r := &run{Run: memo.Run, x: x, mail: mail, branches: branches{live: 1, pass: x.o.Pass}, answered: memo.Run.Response != nil}
	r.ledger = ledger{journal: x.o.Journal, runID: memo.Run.ID, epoch: memo.Run.Epoch, done: done, run: &r.Run, express: memo.Run.Express, x: x}
	r.ledger.pending = r.ledger.few[:0]
	mail.of(&r.ledger)
	if x.o.Watch != nil {
		r.ledger.watcher = x.o.Watch.Run(&r.Run)
	}
	if len(memo.Attempts) > 0 {
		r.past = make(map[flows.Path][]flows.Attempt, len(memo.Attempts))
		for _, a := range memo.Attempts {
			r.past[a.Path] = append(r.past[a.Path], a)
			r.remember(a)
		}
	}
	if len(memo.Arrived) > 0 {
		r.signals = make(map[flows.Path]struct{}, len(memo.Arrived))
		for _, p := range memo.Arrived {
			r.signals[p] = struct{}{}
		}
	}
	return r
}

// remember takes up what the journal says of a step that waits, or has called a flow.
func (r *run) remember(a flows.Attempt) {
	if a.Status == flows.Waiting {
		if r.held == nil {
			r.held = map[flows.Path]flows.Attempt{}
		}
		r.held[a.Path] = a
	}
	r.cutCalls = r.cutCalls || a.Status == flows.Cancelled && a.Output[runOf] != nil
	if (a.Card == callCard || a.Card == startCard) && a.Output[runOf] != nil {
		r.calls.Add(1)
	}
}

// Do runs a function card, or returns what it did when this run was here before.
func (r *run) Do(ctx context.Context, p flows.Path, c flows.Call) (schema.Values, error) {
	t, err := r.recall(p, c)
	if t.over || err != nil {
		return t.out, err
	}
	for {
		if err := r.wait(ctx, p, t, c); err != nil {
			return nil, err
		}
		if err := r.proceed(ctx, p); err != nil {
			return nil, err
		}
		t.number++
		a, failure, err := r.attempt(ctx, p, t.number, c)
		if err != nil {
			return nil, err
		}
		if failure == nil {
			r.ledger.add(a)
			return a.Output, nil
		}
		t.failures++
		pause, again := retryWait(c.Step.Policy.Retry, failure, t.failures, r.x.o.Rand)
		if again {
			t.due = a.Finished.Add(pause)
			a.NextAt = t.due
		}
		r.ledger.add(a)
		r.logFailed(a)
		if !again {
			return nil, failure
		}
	}
}

// proceed is asked before every card: may the run go on?
func (r *run) proceed(ctx context.Context, p flows.Path) error {
	if ctx.Err() != nil {
		return r.stop(ctx, p)
	}
	if r.branches.ended() {
		return errParked
	}
	return r.ledger.relieve(ctx)
}

// stop returns what ended ctx, and remembers where that was.
func (r *run) stop(ctx context.Context, p flows.Path) error {
	r.stoppedAt(p)
	return context.Cause(ctx)
}

func (r *run) stoppedAt(p flows.Path) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.stopped == "" {
		r.stopped = p
	}
}

// wait waits for the next attempt.
func (r *run) wait(ctx context.Context, p flows.Path, t try, c flows.Call) error {
	if t.due.IsZero() {
		return nil
	}
	w := &waiting{path: p, until: t.due, wait: t.due.Sub(r.x.o.Now())}
	if w.wait >= shortest {
		w.again = &flows.Attempt{RunID: r.ID, Path: p, Number: t.number + 1, StepID: c.Step.ID, Card: c.Card.Name, Input: c.Card.Inputs.Redact(c.In)}
	}
	return r.hold(ctx, p, w)
}

// Respond answers the run's caller. The answer is let out when it is committed:
// with the barrier before the next card, or with the end of the run.
func (r *run) Respond(_ context.Context, p flows.Path, res flows.Response) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.answered {
		if p == r.ResponsePath {
			return nil
		}
		return &cards.Error{Code: cards.CodeResponded, Message: "this run has already answered its caller, at " + string(r.ResponsePath)}
	}
	r.answered, r.ResponsePath = true, p
	r.ledger.answer(flows.Answer{Path: p, Response: res})
	return nil
}

// Now is the time at p: the time it was when this run was here before.
func (r *run) Now(_ context.Context, p flows.Path) time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	if past := r.past[p]; len(past) > 0 {
		return past[0].Started
	}
	return r.x.o.Now()
}

// Control records what a control card did. Nobody waits for that.
func (r *run) Control(_ context.Context, p flows.Path, c flows.Call, started time.Time, out schema.Values, err error) {
	a := &flows.Attempt{RunID: r.ID, Path: p, Number: 1, StepID: c.Step.ID, Card: c.Card.Name, Status: flows.Succeeded,
		Input: c.Card.Inputs.Redact(c.In), Output: out, Started: started, Finished: r.x.o.Now()}
	if err != nil {
		var failure *cards.Error
		if !errors.As(err, &failure) {
			return // the run stops here or inside it: the card has not finished
		}
		a.Status, a.Error, a.Output = flows.Failed, failure, nil
	}
	if r.record(a) && err != nil {
		r.logControl(a, err)
	}
}

// Skipped records a step that was not taken.
func (r *run) Skipped(_ context.Context, p flows.Path, stepID, card string) {
	now := r.x.o.Now()
	r.record(&flows.Attempt{RunID: r.ID, Path: p, Number: 1, StepID: stepID, Card: card, Status: flows.Skipped, Started: now, Finished: now})
}

// record adds a to the journal unless it says so already, and reports whether it did.
func (r *run) record(a *flows.Attempt) bool {
	r.mu.Lock()
	past := r.past[a.Path]
	delete(r.held, a.Path)
	r.mu.Unlock()
	if len(past) > 0 && past[len(past)-1].Status == a.Status {
		return false
	}
	r.ledger.add(a)
	return true
}
