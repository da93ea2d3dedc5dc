// Package local drives runs in this process.
//
// It decides when a run is driven: at once, when a place is free, or when its
// time has come. What a run does is the runner's business, what is kept the
// journal's. It polls nothing, keeps nothing of a run that is over, and loses
// nothing when the process dies: Recover takes up what the journal holds.
package local

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"flowdeck/flows"
	"flowdeck/flows/runner"
)

// Options are what an Engine needs. Over, Running, Queue, Now and Log may be left out.
type Options struct {
	Journal  flows.Journal
	Executor *runner.Executor
	// Run reads a run, to answer those who wait for one that this process does not drive.
	Run func(ctx context.Context, id string) (flows.Run, error)
	// Over is told of each run driven here when it ends, or when it could not be kept and
	// there is nothing of it. It may not wait; nil tells nobody.
	Over func(flowID, runID string)
	// Shared says that other processes may drive runs of the same database.
	Shared  bool
	Running int // runs driven at the same time; 0: 1024
	Queue   int // new runs that may wait for a place; 0: 8192
	Begun   int // runs of a flow that may wait for a place when runs begin them; 0: 100,000
	Now     func() time.Time
	Log     *slog.Logger
}

// Engine is a flows.Engine for one process, alone or beside others over one database.
type Engine struct {
	o Options

	mu       sync.Mutex
	runs     map[string]*entry // every run that is not over
	ready    queue             // runs that wait for a place
	parked   alarms            // runs that wait for their time
	alarm    *time.Timer       // for the first of parked; nil until there is one
	running  int               // places taken
	spare    []chan *entry     // of workers without a run
	suspects suspects
	workers  sync.WaitGroup
	stopped  bool
	abandon  bool          // and segments begin only to be left
	idle     chan struct{} // closed when stopped and no place is taken
}

var _ flows.Engine = (*Engine)(nil)

// New returns an Engine that drives nothing yet. Call Recover before Start.
func New(o Options) *Engine {
	if o.Running <= 0 {
		o.Running = 1024
	}
	if o.Queue <= 0 {
		o.Queue = 8192
	}
	if o.Begun <= 0 {
		o.Begun = 100_000
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Engine{o: o, runs: map[string]*entry{}, idle: make(chan struct{})}
}

// Recover takes up every run that the journal gives to this process and that is not over. Once
// the engine is at work it takes up what has come to this process since, lets go of what
// has gone to another one, and notices what nobody has told it.
func (e *Engine) Recover(ctx context.Context) error {
	e.mu.Lock()
	laidAside := map[string]*entry{} // looked at before the journal is: what comes meanwhile is not gone
	for id, en := range e.runs {
		if en.idle {
			laidAside[id] = en
		}
	}
	e.mu.Unlock()
	pending, err := e.o.Journal.Pending(ctx)
	if err != nil {
		return err
	}
	now := e.o.Now()
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.stopped {
		return nil
	}
	took := 0
	var died []suspect
	for _, run := range pending {
		delete(laidAside, run.ID)
		waits := run.Status == flows.Waiting && !run.Cancel && (run.WakeAt.IsZero() || run.WakeAt.After(now))
		if en := e.runs[run.ID]; en != nil {
			e.refresh(en, run.Cancel, waits)
			continue
		}
		en := &entry{id: run.ID, cancelled: run.Cancel, kept: true, takenUp: true, parent: run.Parent,
			express: run.Express, orphan: run.Status == flows.Running, owner: run.FlowID}
		en.cutOff = en.express && en.orphan
		e.runs[run.ID] = en
		took++
		switch {
		case waits:
			e.park(en, run.WakeAt)
		case en.orphan && !en.express && !en.cancelled && run.Died >= fewDied:
			died = append(died, suspect{en: en, died: run.Died})
		default:
			e.dispatch(en)
		}
	}
	for id, en := range laidAside {
		if e.runs[id] == en && en.idle {
			e.parked.remove(en)
			e.drop(en, flows.ErrFenced)
		}
	}
	e.apart(died)
	if took > 0 {
		e.o.Log.Info("took up the runs that were not over", "runs", took)
	}
	return nil
}

// refresh has a run that is driven here notice what the journal says of it. The caller holds mu.
func (e *Engine) refresh(en *entry, cancelled, waits bool) {
	switch {
	case cancelled && !en.cancelled:
		e.cancel(en.id)
	case !waits && !en.suspect:
		e.rouse(en)
	}
}

// Room reports whether a run may begin one more of a flow without waiting for it.
func (e *Engine) Room(flowID string) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.ready.of(flowID) < e.o.Begun
}

// Cancelled has a run notice that another process has cancelled it.
func (e *Engine) Cancelled(runID string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.cancel(runID)
}

// Shutdown takes no more runs and lets those under way finish until ctx ends;
// then they are left where they are. All go on with the next Recover. A card that computes and
// does not look up is waited for a moment more; what it gives then is not kept.
func (e *Engine) Shutdown(ctx context.Context) error {
	e.mu.Lock()
	if !e.stopped {
		e.stopped = true
		if e.alarm != nil {
			e.alarm.Stop()
		}
		e.ready, e.parked = queue{reserved: e.ready.reserved}, nil
		for _, more := range e.spare {
			close(more)
		}
		e.spare = nil
		for _, en := range e.runs {
			if !en.placed {
				e.drop(en, flows.ErrStopped)
			}
		}
		if e.running == 0 {
			close(e.idle)
		}
	}
	e.mu.Unlock()
	select {
	case <-e.idle:
		e.workers.Wait()
		return nil
	case <-ctx.Done():
	}
	e.o.Executor.Abandon()
	e.mu.Lock()
	left := e.running
	e.abandon = true
	for _, en := range e.runs {
		if en.drive != nil {
			en.drive(runner.ErrAbandoned)
			en.mail.Hurry()
		}
	}
	e.mu.Unlock()
	select {
	case <-e.idle:
		e.workers.Wait()
	case <-time.After(deafStop):
		e.o.Log.Warn("left runs in cards that do not notice that the server stops")
	}
	if left > 0 {
		e.o.Log.Info("left runs for the next start", "runs", left)
	}
	return nil
}

// Cancel ends a run within a second, wherever it is, and the runs that it waits
// for. It gives flows.ErrConflict for one that is over and flows.ErrNotFound for
// one that never was.
func (e *Engine) Cancel(ctx context.Context, runID string) error {
	err := e.o.Journal.Cancel(ctx, runID)
	if errors.Is(err, flows.ErrNotFound) && e.cancelUnborn(runID) {
		return nil
	}
	if err != nil {
		return err
	}
	children, err := e.o.Journal.CancelChildren(context.WithoutCancel(ctx), runID)
	e.mu.Lock()
	defer e.mu.Unlock()
	e.cancel(runID)
	for _, id := range children {
		e.cancel(id)
	}
	return err
}

// cancelUnborn ends a run that the journal does not know yet.
func (e *Engine) cancelUnborn(runID string) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if en := e.runs[runID]; en == nil || en.kept {
		return false
	}
	e.cancel(runID)
	return true
}

// cancel ends a run that the journal says is to end. The caller holds mu.
func (e *Engine) cancel(runID string) {
	en := e.runs[runID]
	if en == nil {
		return // another process drives it, or will
	}
	en.cancelled = true
	switch {
	case en.drive != nil:
		en.drive(runner.ErrCancelled)
		en.mail.Hurry()
		e.overtakeLater(en)
	case e.ready.remove(en):
		e.dispatch(en)
	default:
		e.rouse(en)
	}
	en.notify()
}

// isOver reports whether err says that there is nothing left to drive here.
func isOver(err error) bool {
	return errors.Is(err, flows.ErrFenced) || errors.Is(err, flows.ErrConflict) || errors.Is(err, flows.ErrNotFound)
}
