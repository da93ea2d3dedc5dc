package runner

import (
	"context"
	"errors"
	"time"

	"flowdeck/cards"
	"flowdeck/flows"
)

// cutOthers ends the branches that wait beside one which failed, or ended the run, and
// returns how it did: what follows from that does not wait for them. The journal says so,
// because their time may have come when the run is taken up again.
func (r *run) cutOthers(ctx context.Context, failure error, waits []*waiting) error {
	if ctx.Err() != nil || !flows.Decides(failure) {
		return failure // the segment ends; they go on with the next
	}
	var called []string
	for _, w := range waits {
		if id := r.cutWait(w); id != "" {
			called = append(called, id)
		}
	}
	r.branches.resume(waits)
	if len(called) == 0 {
		return failure
	}
	// Why they are not waited for is committed first, so that it is like this after a crash too.
	if err := r.ledger.flush(ctx); err != nil {
		return err
	}
	for _, id := range called {
		if err := r.cancelCalled(ctx, id); err != nil {
			return err
		}
	}
	return failure
}

// cutWait notes that a step will not be come back to, and returns the run that it waits for.
func (r *run) cutWait(w *waiting) (called string) {
	r.mail.take(w.path)
	r.mu.Lock()
	a, held := r.held[w.path]
	delete(r.held, w.path)
	r.mu.Unlock()
	now := r.x.o.Now()
	switch {
	case held:
		called, _ = a.Output[runOf].(string)
		if called == "" && w.arrived != nil {
			r.ledger.enter(flows.Entry{Signal: &flows.Signal{Path: w.path, Kind: flows.TooLate, At: now}})
		}
	case w.again != nil:
		a = *w.again
		a.Started = now
	default:
		return ""
	}
	r.cancelled(a, now, "what runs beside this card ended while it waited")
	return called
}

// cancelled ends an attempt that waited.
func (r *run) cancelled(a flows.Attempt, at time.Time, why string) {
	a.Status, a.Finished, a.NextAt = flows.Cancelled, at, time.Time{}
	a.Error = &cards.Error{Code: cards.CodeCancelled, Message: why}
	r.ledger.add(&a)
}

func (r *run) cancelCalled(ctx context.Context, id string) error {
	ctx = context.WithoutCancel(ctx)
	err := r.x.o.Journal.Cancel(ctx, id)
	if errors.Is(err, flows.ErrConflict) || errors.Is(err, flows.ErrNotFound) { // it is over
		return nil
	}
	if err != nil {
		return err
	}
	ids, err := r.x.o.Journal.CancelChildren(ctx, id)
	r.ledger.done(Commit{Cancelled: append(ids, id)})
	return err
}

// wasCut reports whether the step was cut off when this run was here before.
func (r *run) wasCut(p flows.Path) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	past := r.past[p]
	return len(past) > 0 && past[len(past)-1].Status == flows.Cancelled
}
