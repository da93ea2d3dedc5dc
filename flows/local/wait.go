package local

import (
	"context"
	"errors"
	"fmt"
	"time"

	"flowdeck/flows"
)

// Wait returns the run's answer or its end, whichever is committed first. Of a run that
// another process may drive it asks the store now and then.
func (e *Engine) Wait(ctx context.Context, runID string) (flows.Result, error) {
	for pause := 25 * time.Millisecond; ; pause = min(2*pause, time.Second) {
		res, err := e.waitHere(ctx, runID)
		if !errors.Is(err, flows.ErrStopped) || !e.elsewhere() {
			return res, err
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return res, ctx.Err()
		}
	}
}

// elsewhere reports whether a run that this engine does not drive may be driven all the same.
func (e *Engine) elsewhere() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.o.Shared && !e.stopped
}

func (e *Engine) waitHere(ctx context.Context, runID string) (flows.Result, error) {
	e.mu.Lock()
	en := e.runs[runID]
	takenUp := en != nil && en.takenUp
	e.mu.Unlock()
	switch {
	case en == nil:
		return e.read(ctx, runID)
	case takenUp: // it may have answered before
		run, err := e.o.Run(ctx, runID)
		if err != nil {
			return flows.Result{}, fmt.Errorf("read run %s: %w", runID, err)
		}
		if run.Response != nil {
			return flows.Result{Response: run.Response}, nil
		}
	}
	return e.wait(ctx, en, nil)
}

// wait waits for an answer until ctx ends or something comes from limit.
func (e *Engine) wait(ctx context.Context, en *entry, limit <-chan time.Time) (flows.Result, error) {
	e.mu.Lock()
	if res, ok := en.result(); ok {
		e.mu.Unlock()
		return res, nil
	}
	if en.left || en.answered {
		e.mu.Unlock()
		return e.read(ctx, en.id)
	}
	if en.told == nil {
		en.told = make(chan struct{})
	}
	told := en.told
	e.mu.Unlock()
	select {
	case <-ctx.Done():
		return e.late(ctx, ctx.Err(), en, told)
	case <-limit:
		return e.late(ctx, context.DeadlineExceeded, en, told)
	case <-told:
	}
	return e.told(ctx, en)
}

// late is the end of a wait that took too long. Whoever waited may now tell others
// of the run, so it has to be in the journal first, which takes a moment at most.
func (e *Engine) late(ctx context.Context, why error, en *entry, told <-chan struct{}) (flows.Result, error) {
	e.mu.Lock()
	if en.kept {
		e.mu.Unlock()
		return flows.Result{}, why
	}
	if en.born == nil {
		en.born = make(chan struct{})
	}
	born := en.born
	e.mu.Unlock()
	select {
	case <-born:
		return flows.Result{}, why
	case <-told:
		return e.told(context.WithoutCancel(ctx), en)
	}
}

// told is what a run that was waited for has to say.
func (e *Engine) told(ctx context.Context, en *entry) (flows.Result, error) {
	e.mu.Lock()
	res, ok := en.result()
	lost := !en.kept && en.err != nil && !isOver(en.err) && !errors.Is(en.err, flows.ErrStopped)
	e.mu.Unlock()
	switch {
	case ok:
		return res, nil
	case lost:
		return res, en.err
	}
	return e.read(ctx, en.id)
}

// read asks the store about a run that this engine does not drive.
func (e *Engine) read(ctx context.Context, runID string) (flows.Result, error) {
	run, err := e.o.Run(ctx, runID)
	if err != nil {
		return flows.Result{}, fmt.Errorf("read run %s: %w", runID, err)
	}
	res := flows.Result{Response: run.Response}
	if run.Status.Done() {
		res.Outcome = &flows.Outcome{Status: run.Status, Output: run.Output, Error: run.Error, ErrorPath: run.ErrorPath, At: run.Finished}
	}
	if res.Response == nil && res.Outcome == nil {
		return res, fmt.Errorf("wait for run %s: %w", runID, flows.ErrStopped)
	}
	return res, nil
}

// Watch returns a channel that has something in it whenever the run may have
// changed since it was last read: also once at the beginning, because it may
// have changed before. It is closed when ctx ends.
func (e *Engine) Watch(ctx context.Context, runID string) <-chan struct{} {
	w := make(chan struct{}, 1)
	w <- struct{}{}
	e.mu.Lock()
	defer e.mu.Unlock()
	en := e.runs[runID]
	if en == nil {
		en = &entry{id: runID}
	}
	if en.watchers == nil {
		en.watchers = map[chan struct{}]struct{}{}
	}
	en.watchers[w] = struct{}{}
	context.AfterFunc(ctx, func() {
		e.mu.Lock()
		defer e.mu.Unlock()
		delete(en.watchers, w)
		close(w)
	})
	return w
}
