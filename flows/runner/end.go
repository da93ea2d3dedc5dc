package runner

import (
	"context"
	"errors"
	"fmt"
	"time"

	"flowdeck/cards"
	"flowdeck/cards/schema"
	"flowdeck/flows"
)

// end writes down how far the segment came.
func (r *run) end(ctx context.Context, deadline time.Time, out schema.Values, err error) (Next, error) {
	var failed *flows.RunError
	if err != nil && ctx.Err() != nil && !errors.As(err, &failed) && !r.ledger.broken() {
		err = context.Cause(ctx) // whatever the cut looked like from inside
	}
	o := flows.Outcome{Status: flows.Failed, ErrorPath: r.stopped}
	switch {
	case err == nil:
		o = flows.Outcome{Status: flows.Succeeded, Output: out}
	case errors.As(err, &failed):
		o.Error, o.ErrorPath = failed.Err, failed.Path
	case errors.Is(err, errParked) && r.branches.waited():
		return r.park(ctx, deadline)
	case errors.Is(err, errParked): // what cut the last branch off did not happen again
		o.Error = r.bug("nothing is left to wait for")
	case errors.Is(err, ErrCancelled):
		o.Status = flows.Cancelled
		o.Error = &cards.Error{Code: cards.CodeCancelled, Message: "somebody cancelled the run"}
	case errors.Is(err, errRunTimeout):
		o.Error = &cards.Error{Code: cards.CodeTimeout, Message: "the run took longer than " + r.limitWords(deadline)}
	case errors.Is(err, ErrAbandoned) && !r.Express: // it waits for the next server, which has not died of it
		return Next{}, errors.Join(err, r.ledger.park(ctx, flows.Parking{WakeAt: r.x.o.Now()}))
	default:
		return Next{}, errors.Join(err, r.ledger.flush(ctx))
	}
	return r.finish(ctx, o)
}

func (r *run) finish(ctx context.Context, o flows.Outcome) (Next, error) {
	r.settleRest(ctx)
	if err := r.release(ctx); err != nil {
		return Next{}, err
	}
	o.At, o.Parent, o.Outline = r.x.o.Now(), r.Parent, r.Outline && o.Status == flows.Succeeded
	if o.Status != flows.Succeeded {
		r.x.samples.unwell(&r.Run)
	}
	if o.Status == flows.Failed && r.Version > 0 && !r.Parent.Waits {
		if err := r.onFailure(context.WithoutCancel(ctx), &o); err != nil {
			return Next{}, errors.Join(err, r.ledger.flush(ctx)) // what cards did is not in doubt
		}
	}
	if err := r.ledger.finish(ctx, o); err != nil {
		return Next{}, err
	}
	if r.ledger.watcher != nil {
		r.ledger.watcher.Over(&r.Run, &o)
	}
	r.logEnd(&o)
	return Next{Outcome: &o}, nil
}

// park ends the segment. The run's clock stands still when one of its branches
// waits because the flow says so: then no time limit ends the wait.
func (r *run) park(ctx context.Context, deadline time.Time) (Next, error) {
	wake, meant := r.branches.wake()
	p := flows.Parking{WakeAt: wake}
	if meant {
		p.Left = max(deadline.Sub(r.x.o.Now()), time.Microsecond)
	} else if deadline.Before(wake) {
		p.WakeAt = deadline
	}
	if err := r.ledger.park(ctx, p); err != nil {
		return Next{}, err
	}
	return Next{WakeAt: p.WakeAt}, nil
}

// waitCards are the cards that a run may only wait for.
var waitCards = map[string]bool{"control.wait": true, "control.wait_callback": true, callCard: true}

// limitWords says what the run's time limit is. With each wait its deadline went on, so that it
// says nothing of the limit any more once a wait is behind it.
func (r *run) limitWords(deadline time.Time) string {
	for _, list := range r.past {
		if a := list[len(list)-1]; waitCards[a.Card] && (a.Status == flows.Waiting || a.Finished.Sub(a.Started) >= shortest) {
			return "its time limit; time in which it only waited is not counted"
		}
	}
	began := r.Started
	if began.IsZero() {
		began = r.Created
	}
	return fmt.Sprintf("%s, its time limit", deadline.Sub(began).Round(time.Millisecond))
}

// noProgram fails a run whose document is gone or is not understood any more.
func (r *run) noProgram(ctx context.Context, err error) (Next, error) {
	var problems flows.Problems
	if !errors.As(err, &problems) && !errors.Is(err, flows.ErrNotFound) {
		return Next{}, fmt.Errorf("program of run %s: %w", r.ID, err)
	}
	return r.finish(ctx, flows.Outcome{Status: flows.Failed,
		Error: &cards.Error{Code: cards.CodeInvalidInput, Message: "this version of the flow cannot run: " + err.Error(), Err: err}})
}

// interpret runs the program. A run that was cancelled, or is late, before it
// goes on does nothing more.
func (r *run) interpret(ctx context.Context, program *flows.Program) (out schema.Values, err error) {
	if r.Cancel {
		return nil, ErrCancelled
	}
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	defer func() {
		if v := recover(); v != nil {
			err = &flows.RunError{Path: r.stopped, Err: r.bug(v)}
		}
	}()
	start := flows.Start{Event: r.Event, RunID: r.ID, Started: r.Created, FlowID: r.FlowID, Name: r.FlowName, Alias: r.FlowAlias,
		Server: r.x.o.Bounds, Own: r.Bounds}
	if err := r.supply(ctx, program, &start); err != nil {
		return nil, err
	}
	return program.Run(ctx, r, start)
}
