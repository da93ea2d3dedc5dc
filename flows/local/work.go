package local

import (
	"container/heap"
	"context"
	"errors"
	"log/slog"
	"time"

	"flowdeck/cards/within"
	"flowdeck/flows"
	"flowdeck/flows/runner"
	"flowdeck/flows/store"
)

// mostSpare bounds the workers that wait for a run. Each has a stack, which shrinks while
// it waits.
const mostSpare = 512

// dispatch gives the run a place, or lets it wait for one. One that was cancelled may wait
// for long, and needs a place for a moment only: it gets one more. The caller holds mu.
func (e *Engine) dispatch(en *entry) {
	en.idle = false
	if e.running < e.o.Running || en.cancelled {
		e.running++
		e.place(en)
		return
	}
	e.ready.push(en)
}

// place has a worker drive the run, in a place that is already taken for it. The
// caller holds mu.
func (e *Engine) place(en *entry) {
	en.placed = true
	if last := len(e.spare) - 1; last >= 0 {
		e.spare[last] <- en
		e.spare = e.spare[:last]
		return
	}
	e.workers.Go(func() { e.work(en, make(chan *entry, 1)) })
}

// work drives runs until the engine needs this worker no longer. Workers are kept
// between runs: their stacks have grown to what a run takes.
func (e *Engine) work(en *entry, more chan *entry) {
	for en != nil {
		e.segment(en)
		e.mu.Lock()
		en = e.next()
		wait := en == nil && !e.stopped && len(e.spare) < mostSpare
		if wait {
			e.spare = append(e.spare, more)
		}
		e.mu.Unlock()
		if wait {
			en = <-more
		}
	}
}

// next returns the next run for a place that has become free, or gives the
// place back. The caller holds mu.
func (e *Engine) next() *entry {
	if e.running <= e.o.Running { // else it was one more, for a run that was cancelled
		if en := e.ready.pop(); en != nil {
			en.placed = true
			return en
		}
	}
	e.running--
	if e.stopped && e.running == 0 {
		close(e.idle)
	}
	return nil
}

func (e *Engine) segment(en *entry) {
	ctx := within.Cancel(context.Background())
	defer ctx.Cancel(nil)
	e.mu.Lock()
	fresh, unborn, cutOff, orphan, suspect, mail := en.fresh, en.unborn, en.cutOff, en.orphan, en.suspect, &runner.Mail{}
	en.fresh, en.unborn, en.orphan, en.suspect, en.drive, en.mail = nil, false, false, false, ctx.Cancel, mail
	en.turn++
	turn := en.turn
	switch {
	case e.abandon:
		ctx.Cancel(runner.ErrAbandoned)
	case en.cancelled:
		ctx.Cancel(runner.ErrCancelled)
	}
	e.mu.Unlock()
	done := func(c runner.Commit) { e.committed(en, c) }
	var (
		next runner.Next
		err  error
	)
	switch {
	case unborn:
		next, err = e.o.Executor.Begin(ctx, fresh, mail, done)
	case fresh != nil:
		next, err = e.o.Executor.First(ctx, *fresh, mail, done)
	case cutOff:
		next, err = e.o.Executor.Interrupt(ctx, en.id, mail, done)
	case orphan:
		next, err = e.o.Executor.TakeUp(ctx, en.id, mail, done)
	default:
		next, err = e.o.Executor.Segment(ctx, en.id, mail, done)
	}
	e.settle(en, turn, next, err)
	if suspect {
		e.suspectOver(en)
	}
}

// committed lets an answer out, drives the runs that the run has begun, and tells
// those who watch.
func (e *Engine) committed(en *entry, c runner.Commit) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if !c.Behind {
		en.keep()
	}
	if c.Answer != nil {
		en.response = c.Answer
		en.tell()
	}
	for _, child := range c.Children {
		e.adopt(child)
	}
	for _, id := range c.Cancelled {
		e.cancel(id)
	}
	en.notify()
}

// settle decides what becomes of a run whose segment has ended.
func (e *Engine) settle(en *entry, turn int, next runner.Next, err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if en.turn != turn {
		return // it was overtaken
	}
	mail := en.mail
	en.drive, en.placed, en.mail = nil, false, nil
	switch {
	case next.Outcome != nil:
		en.outcome = next.Outcome
		e.drop(en, nil)
		e.ended(en)
	case err == nil && mail.Left() && !e.stopped:
		en.failures = 0
		en.notify()
		e.dispatch(en)
	case err == nil:
		en.failures = 0
		e.later(en, next.WakeAt)
	case !en.kept: // nobody has heard of the run, unless it is an express run that has answered
		if en.response != nil {
			e.o.Log.Error("an express run that has answered could not be kept", "run", en.id, "flow", en.owner, "error", err)
		}
		e.drop(en, err)
		e.over(en)
	case errors.Is(err, flows.ErrConflict): // it is over, perhaps since a commit that was said to have failed
		e.drop(en, err)
		e.ended(en)
	case isOver(err):
		e.drop(en, err)
		e.over(en)
	case errors.Is(err, runner.ErrAbandoned) || e.stopped:
		e.drop(en, flows.ErrStopped)
	default:
		en.failures++
		en.cutOff = en.express
		pause := min(time.Second<<min(en.failures-1, 6), time.Minute)
		e.o.Log.Log(context.Background(), store.Quiet(slog.LevelError, err), "a run could not go on and is tried again", "run", en.id, "flow", en.owner, "in", pause, "error", err)
		e.later(en, e.o.Now().Add(pause))
	}
}

// ended tells the run that waits for this one, and all who want to know. The caller holds mu.
func (e *Engine) ended(en *entry) {
	if en.parent.Waits {
		e.signal(en.parent.Run, en.parent.Path)
	}
	e.over(en)
}

// over tells that the run is over. The caller holds mu.
func (e *Engine) over(en *entry) {
	if e.o.Over != nil && en.owner != "" {
		e.o.Over(en.owner, en.id)
	}
}

// Resume has the runs that could not go on tried again at once: what kept them from
// it has passed.
func (e *Engine) Resume() {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.stopped {
		return
	}
	for _, en := range e.runs {
		if en.failures > 0 {
			e.rouse(en)
		}
	}
}

// later parks the run, unless it has something to do at once. The caller holds mu.
func (e *Engine) later(en *entry, wake time.Time) {
	en.notify()
	switch {
	case e.stopped:
		e.drop(en, flows.ErrStopped)
	case en.cancelled && en.failures == 0:
		e.dispatch(en)
	default:
		e.park(en, wake)
	}
}

// drop forgets the run. The caller holds mu.
func (e *Engine) drop(en *entry, err error) {
	delete(e.runs, en.id)
	en.left = true
	en.err = err
	en.tell()
	en.notify()
}

// park lays the run aside until wake, or until it is roused when that is zero. The
// caller holds mu.
func (e *Engine) park(en *entry, wake time.Time) {
	en.idle = true
	if en.kept && en.response != nil { // many runs may wait for long
		en.response, en.answered = nil, true
	}
	if wake.IsZero() {
		return
	}
	en.wake = wake.Round(0) // by the clock, which may be set, and goes on while the machine sleeps
	heap.Push(&e.parked, en)
	if e.parked[0] == en {
		e.setAlarm()
	}
}

// setAlarm has the first of the parked runs woken in time, also when the clock is put forward
// or the machine sleeps meanwhile, which timers do not notice. The caller holds mu.
func (e *Engine) setAlarm() {
	wait := min(max(e.parked[0].wake.Sub(e.o.Now()), 0), lookAgain)
	if e.alarm == nil {
		e.alarm = time.AfterFunc(wait, e.ring)
		return
	}
	e.alarm.Reset(wait)
}

// ring wakes the runs whose time has come.
func (e *Engine) ring() {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.stopped {
		return
	}
	now := e.o.Now()
	for len(e.parked) > 0 && !e.parked[0].wake.After(now) {
		e.rouse(e.parked[0])
	}
	if len(e.parked) > 0 {
		e.setAlarm()
	}
}
