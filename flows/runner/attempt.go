package runner

import (
	"context"
	"errors"
	"fmt"
	"time"

	"flowdeck/cards"
	"flowdeck/cards/schema"
	"flowdeck/cards/trace"
	"flowdeck/cards/within"
	"flowdeck/flows"
)

// attempt runs the card once. The attempt that it returns is complete but not
// yet in the ledger; failure is its error. err ends the segment.
func (r *run) attempt(ctx context.Context, p flows.Path, number int, c flows.Call) (a *flows.Attempt, failure *cards.Error, err error) {
	a = &flows.Attempt{RunID: r.ID, Path: p, Number: number, StepID: c.Step.ID, Card: c.Card.Name,
		Status: flows.Running, Input: c.Card.Inputs.Redact(c.In), Started: r.x.o.Now()}
	var out schema.Values
	var unrevealed *cards.Error
	c, err = r.reveal(ctx, c)
	switch {
	case errors.As(err, &unrevealed): // the card fails for want of its secret
	case err != nil:
		return nil, nil, r.cut(ctx, p, fmt.Errorf("read the secrets of step %s: %w", c.Step.ID, err))
	case c.Card.World:
		a, out, err = r.reach(ctx, a, c)
	default:
		out, err = call(ctx, c, cards.Env{Now: r.x.o.Now})
	}
	if a == nil {
		return nil, nil, err
	}
	a.Finished = r.x.o.Now()
	if err == nil {
		a.Status, a.Output = flows.Succeeded, out
		return a, nil, nil
	}
	failure, err = r.failure(ctx, a, c.Told(err))
	if failure != nil {
		numbered := *failure // a card may return the same error again and again
		numbered.Attempt = number
		failure = &numbered
		a.Status, a.Error = flows.Failed, failure
	}
	return a, failure, err
}

// reach runs a card that touches the world. It returns no attempt when the card
// could not begin.
func (r *run) reach(ctx context.Context, a *flows.Attempt, c flows.Call) (*flows.Attempt, schema.Values, error) {
	env, err := r.x.o.Env(ctx, c.Step.Connection, r.ID+"/"+string(a.Path))
	if err != nil {
		if err, ok := envFailure(err); ok {
			return a, nil, err
		}
		return nil, nil, err
	}
	f := &flight{attempt: a}
	// What may change something is written down first, also when it may be repeated: else a run
	// that is not kept yet could leave a change behind that nobody knows of.
	if err := r.ledger.begin(ctx, f, !c.Card.SafeToRepeat(c.In) || c.Card.Writes(c.In)); err != nil {
		return nil, nil, err
	}
	if ctx.Err() != nil { // cut off while the barrier was written: the card has not begun
		a = r.ledger.landed(f)
		return a, nil, notBegun
	}
	wire, started := &trace.Trace{}, r.x.o.Now()
	if r.x.o.Traceparent != nil {
		wire.Parent, wire.State = r.x.o.Traceparent(&r.Run, a.Path, a.Number)
	}
	out, err := r.outlast(ctx, c, func() (schema.Values, error) { return call(trace.With(ctx, wire), c, env) })
	a = r.ledger.landed(f)
	if r.inTrouble(ctx, c, err) { // nobody has begun to rely on the run, or the engine stops
		return nil, nil, err
	}
	a.Started = started
	if !wire.Empty() {
		a.Trace = wire
	}
	return a, out, err
}

// outlast has a card that is safe to repeat wait where it is while what it keeps things in is in
// trouble that passes, as commits do.
func (r *run) outlast(ctx context.Context, c flows.Call, call func() (schema.Values, error)) (schema.Values, error) {
	out, err := call()
	for pause := passPause; r.inTrouble(ctx, c, err) && r.ledger.born() && !r.x.abandoned.Load(); pause = min(2*pause, mostPassPause) {
		select {
		case <-time.After(pause):
			out, err = call()
		case <-ctx.Done():
		}
	}
	return out, err
}

// inTrouble reports whether a card failed because of trouble of ours that passes. What a service
// did is said by an error that cards know.
func (r *run) inTrouble(ctx context.Context, c flows.Call, err error) bool {
	var known *cards.Error
	return err != nil && ctx.Err() == nil && !errors.As(err, &known) && cards.ErrorOf(err).Code == cards.CodeBug && r.x.o.Passes(err) && c.Card.SafeToRepeat(c.In)
}

// call runs the card within its time.
func call(ctx context.Context, c flows.Call, env cards.Env) (schema.Values, error) {
	limited := ctx
	if c.Timeout > 0 {
		var cancel context.CancelFunc
		limited, cancel = within.Timeout(ctx, c.Timeout)
		defer cancel()
	}
	out, err := c.Card.Call(limited, env, c.In)
	if err != nil && limited.Err() != nil && ctx.Err() == nil {
		err = tookTooLong(c.Timeout, err)
	}
	return out, err
}
