package runner

import (
	"context"
	"errors"
	"time"

	"flowdeck/cards"
	"flowdeck/cards/schema"
	"flowdeck/flows"
)

// WaitUntil holds the step up until a time, in memory when that is near.
func (r *run) WaitUntil(ctx context.Context, p flows.Path, c flows.Call, until time.Time) error {
	if r.finished(p) {
		return nil
	}
	if r.wasCut(p) {
		return errParked
	}
	if err := r.proceed(ctx, p); err != nil {
		return err
	}
	w := &waiting{path: p, until: until, wait: until.Sub(r.x.o.Now()), meant: true}
	if w.wait >= shortest {
		r.holds(ctx, p, c, until, nil)
	}
	return r.hold(ctx, p, w)
}

// Open makes the step's link. It is committed with the barrier before the next
// card that touches the world, or with the run's parking: before anybody has it.
func (r *run) Open(ctx context.Context, p flows.Path, c flows.Call, cb cards.Callback) (string, error) {
	if r.wasCut(p) {
		return "", errParked
	}
	url, hash := r.x.o.Link(r.ID, p)
	if !r.finished(p) {
		r.holds(ctx, p, c, cb.Expires, nil, flows.Entry{Callback: &flows.Callback{Hash: hash, Path: p, Made: r.x.o.Now(), Callback: cb}})
	}
	return url, nil
}

// Await returns what came by the step's link, nil when nothing did in time.
func (r *run) Await(ctx context.Context, p flows.Path, c flows.Call, cb cards.Callback) (schema.Values, error) {
	if a, ok := r.over(p); ok {
		return a.Output, failureOf(a)
	}
	if err := r.proceed(ctx, p); err != nil {
		return nil, err
	}
	if !r.arrived(p) {
		w := &waiting{path: p, until: cb.Expires, wait: cb.Expires.Sub(r.x.o.Now()), arrived: r.mail.at(p), meant: true}
		if err := r.hold(ctx, p, w); err != nil {
			return nil, err
		}
	}
	r.mail.take(p)
	s, err := r.x.o.Journal.Arrived(ctx, r.ID, p)
	if errors.Is(err, flows.ErrNotFound) { // the time is up; who answers at this moment is first, or too late
		r.ledger.enter(flows.Entry{Signal: &flows.Signal{Path: p, Kind: flows.TooLate, At: r.x.o.Now()}})
		if err = r.ledger.flush(ctx); err == nil {
			s, err = r.x.o.Journal.Arrived(ctx, r.ID, p)
		}
	}
	if err != nil {
		return nil, r.cut(ctx, p, err)
	}
	if s.Kind == flows.TooLate {
		return nil, nil
	}
	return s.Body, nil
}

// holds notes in the journal that the step waits, until a time when there is one,
// unless it says so already; more is committed with it.
func (r *run) holds(ctx context.Context, p flows.Path, c flows.Call, until time.Time, known schema.Values, more ...flows.Entry) {
	a := flows.Attempt{RunID: r.ID, Path: p, Number: 1, StepID: c.Step.ID, Card: c.Card.Name, Status: flows.Waiting,
		Input: c.Card.Inputs.Redact(c.In), Output: known, Started: r.Now(ctx, p), NextAt: until}
	r.mu.Lock()
	_, held := r.held[p]
	if !held {
		if r.held == nil {
			r.held = map[flows.Path]flows.Attempt{}
		}
		r.held[p] = a
	}
	r.mu.Unlock()
	if !held {
		r.ledger.enter(append(more, flows.Entry{Attempt: &a})...)
	}
}

// hold waits; it may end the segment.
func (r *run) hold(ctx context.Context, p flows.Path, w *waiting) error {
	if w.until.IsZero() || w.wait > linger {
		r.ledger.soon()
	}
	err := r.branches.sleep(ctx, w)
	if err != nil && ctx.Err() != nil {
		return r.stop(ctx, p)
	}
	return err
}

// cut is err, or what ended the run when that is why it happened.
func (r *run) cut(ctx context.Context, p flows.Path, err error) error {
	if ctx.Err() != nil {
		return r.stop(ctx, p)
	}
	return err
}

// over returns the last attempt of a step that had come to its end when the
// segment began.
func (r *run) over(p flows.Path) (flows.Attempt, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	past := r.past[p]
	if len(past) == 0 {
		return flows.Attempt{}, false
	}
	last := past[len(past)-1]
	return last, last.Status == flows.Succeeded || last.Status == flows.Failed
}

func (r *run) finished(p flows.Path) bool {
	_, yes := r.over(p)
	return yes
}

// failureOf is the error of an attempt, which must be nil itself when there is none.
func failureOf(a flows.Attempt) error {
	if a.Error == nil {
		return nil
	}
	return a.Error
}

// arrived reports whether something was in the journal for p when the segment began.
func (r *run) arrived(p flows.Path) bool {
	_, yes := r.signals[p]
	return yes
}

// release ends the waits that the run will not come back to, and the runs that
// were waited for.
func (r *run) release(ctx context.Context) error {
	r.mu.Lock()
	left := make([]flows.Attempt, 0, len(r.held))
	for _, a := range r.held {
		left = append(left, a)
	}
	r.mu.Unlock()
	calls := r.cutCalls
	for _, a := range left {
		calls = calls || a.Output[runOf] != nil
		r.cancelled(a, r.x.o.Now(), "the run ended while this card waited")
	}
	if !calls {
		return nil
	}
	// What made the run end is committed first, so that it ends like this after a crash too.
	if err := r.ledger.flush(ctx); err != nil {
		return err
	}
	ids, err := r.x.o.Journal.CancelChildren(context.WithoutCancel(ctx), r.ID)
	if len(ids) > 0 {
		r.ledger.done(Commit{Cancelled: ids})
	}
	return err
}
