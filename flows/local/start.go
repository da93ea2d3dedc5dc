package local

import (
	"context"
	"fmt"
	"sync"
	"time"

	"flowdeck/flows"
)

// Start commits the run and drives it; one that is waited for, and has a place at
// once, is driven first. It gives flows.ErrBusy, and keeps nothing, when no place is
// free and the queue is full, flows.ErrTaken when there is a run of that id, and
// flows.ErrStopped once Shutdown was called.
func (e *Engine) Start(ctx context.Context, run flows.Run, o flows.StartOptions) error {
	_, err := e.start(ctx, run, o)
	return err
}

// Call is Start for a caller who waits. The run goes on when the caller does not, and
// is not looked for in the journal, where it need not be yet.
func (e *Engine) Call(ctx context.Context, run flows.Run, o flows.StartOptions) (wait flows.WaitFunc, err error) {
	en, err := e.start(ctx, run, o)
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context, limit time.Duration) (flows.Result, error) {
		timer := timers.Get().(*time.Timer)
		timer.Reset(limit)
		defer func() {
			timer.Stop()
			timers.Put(timer)
		}()
		return e.wait(ctx, en, timer.C)
	}, nil
}

// timers are those of callers, which are many and hardly ever needed.
var timers = sync.Pool{New: func() any { return time.NewTimer(time.Hour) }}

func (e *Engine) start(ctx context.Context, run flows.Run, o flows.StartOptions) (*entry, error) {
	now := e.o.Now()
	limited := !run.Deadline.IsZero()
	run = prepared(run, o, now)
	en := &entry{id: run.ID, owner: run.FlowID, express: run.Express}
	free, err := e.admit(en)
	if err != nil {
		return nil, err
	}
	if free {
		run.Status, run.Epoch, run.Started = flows.Running, 1, now
		if !limited {
			run.Deadline = run.Deadline.Add(now.Sub(run.Created))
		}
		en.fresh = &run
	}
	if free && o.Waited {
		e.mu.Lock()
		defer e.mu.Unlock()
		en.unborn = true
		e.place(en)
		return en, nil
	}
	// Whoever called may go away in the middle of the commit; the run may not.
	if err := e.o.Journal.Create(context.WithoutCancel(ctx), run); err != nil {
		e.refuse(en, free)
		return nil, err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	en.kept = true
	if free {
		e.place(en)
		return en, nil
	}
	e.ready.reserved--
	if e.stopped {
		e.drop(en, flows.ErrStopped)
		return en, nil
	}
	e.dispatch(en)
	return en, nil
}

// prepared gives run the times that it keeps for good, as exact as the store.
func prepared(run flows.Run, o flows.StartOptions, now time.Time) flows.Run {
	if run.Created.IsZero() {
		run.Created = now
	}
	run.Created = run.Created.UTC().Truncate(time.Microsecond)
	if run.Deadline.IsZero() {
		limit := o.RunTimeout
		if limit <= 0 {
			limit = time.Hour
		}
		run.Deadline = run.Created.Add(limit)
	}
	run.Status, run.Bounds = flows.Queued, o.Bounds
	return run
}

// admit enters the run, and takes a place for it when one is free.
func (e *Engine) admit(en *entry) (free bool, err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	switch {
	case e.stopped:
		return false, flows.ErrStopped
	case e.runs[en.id] != nil:
		return false, fmt.Errorf("start run %s: %w", en.id, flows.ErrTaken)
	case e.running < e.o.Running:
		e.running++
		free, en.placed = true, true
	case e.ready.len()+e.ready.reserved >= e.o.Queue, e.ready.of(en.owner) >= e.o.Queue-e.o.Queue/4: // a flow leaves room for others
		return false, flows.ErrBusy
	default:
		e.ready.reserved++
	}
	e.runs[en.id] = en
	return free, nil
}

// refuse undoes admit.
func (e *Engine) refuse(en *entry, free bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.drop(en, flows.ErrNotFound)
	if !free {
		e.ready.reserved--
		return
	}
	if next := e.next(); next != nil {
		e.place(next)
	}
}
