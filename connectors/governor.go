package connectors

import (
	"container/list"
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// governor keeps one connection's requests within the limits that people set for
// it and that its service makes known. All flows share it. Who must wait does so in
// the order of coming; nobody waits longer than is of use.
type governor struct {
	name  string
	now   func() time.Time
	after func(time.Duration, func()) (stop func() bool)

	active atomic.Bool // there is something to keep to; else a request costs one load

	mu       sync.Mutex
	set      limits
	next     time.Time // when the rate lets the next one go (GCRA with a burst of one)
	inFlight int
	line     list.List   // of *waiter
	wake     func() bool // stops the timer of the first in line
	said     quota
}

// limits is what people set.
type limits struct {
	rate        float64 // requests per second; 0: any
	concurrency int     // 0: any
	queue       int
	wait        time.Duration
}

// waiter is a request in line.
type waiter struct {
	ready  chan error // gets nil when it may go
	until  time.Time  // when it is of no use any more
	giveUp func() bool
	place  *list.Element
}

func newGovernor(now func() time.Time, after func(time.Duration, func()) func() bool) *governor {
	return &governor{now: now, after: after}
}

// keep takes over the limits of n, from the next request on.
func (g *governor) keep(name string, n Network) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.name = name
	if n.Rate != g.set.rate {
		g.next = time.Time{}
	}
	g.set = limits{rate: n.Rate, concurrency: n.Concurrency, queue: n.Queue, wait: n.QueueWait.Duration}
	if n.Rate > 0 || n.Concurrency > 0 {
		g.active.Store(true)
	}
	g.pump()
}

// enter waits until a request may go. The error is a *LimitError, or ctx's.
func (g *governor) enter(ctx context.Context) (ticket, error) {
	if g == nil {
		return ticket{}, nil
	}
	if !g.active.Load() {
		return ticket{g: g}, nil
	}
	if err := ctx.Err(); err != nil {
		return ticket{}, err
	}
	g.mu.Lock()
	now := g.now()
	if g.line.Len() == 0 && g.room() && !g.free(now).After(now) {
		g.admit(now)
		g.mu.Unlock()
		return ticket{g: g, counted: true}, nil
	}
	w, err := g.join(ctx, now)
	g.mu.Unlock()
	if err != nil {
		return ticket{}, err
	}
	select {
	case err = <-w.ready:
	case <-ctx.Done():
		err = g.abandon(w, ctx.Err())
	}
	if err != nil {
		return ticket{}, err
	}
	g.tell(ctx, now)
	return ticket{g: g, counted: true}, nil
}

// join puts a request at the end of the line; mu is held.
func (g *governor) join(ctx context.Context, now time.Time) (*waiter, error) {
	free := g.turn(now, g.line.Len())
	if g.line.Len() >= g.set.queue {
		return nil, g.refuse(now, free, full)
	}
	w := &waiter{ready: make(chan error, 1), until: now.Add(g.set.wait)}
	if end, ok := ctx.Deadline(); ok { // by the clock that contexts go by
		if left := now.Add(time.Until(end)); left.Before(w.until) {
			w.until = left
		}
	}
	if free.After(w.until) {
		return nil, g.refuse(now, free, tooLong)
	}
	w.place = g.line.PushBack(w)
	w.giveUp = g.after(w.until.Sub(now), func() { g.expire(w) })
	if g.line.Len() == 1 {
		g.pump()
	}
	return w, nil
}

// room reports whether one more may be under way; mu is held.
func (g *governor) room() bool { return g.set.concurrency == 0 || g.inFlight < g.set.concurrency }

// free is when rate and service let the next one go; mu is held.
func (g *governor) free(now time.Time) time.Time {
	t := g.said.free(now)
	if g.set.rate > 0 && g.next.After(t) {
		t = g.next
	}
	return t
}

// turn guesses when a request goes that has ahead others before it; mu is held.
func (g *governor) turn(now time.Time, ahead int) time.Time {
	t := g.free(now)
	if t.Before(now) {
		t = now
	}
	if g.set.rate > 0 {
		t = t.Add(time.Duration(ahead) * g.interval())
	}
	return t
}

func (g *governor) interval() time.Duration { return time.Duration(float64(time.Second) / g.set.rate) }

// admit counts a request that goes now; mu is held.
func (g *governor) admit(now time.Time) {
	g.inFlight++
	if g.set.rate > 0 {
		if g.next.Before(now) {
			g.next = now
		}
		g.next = g.next.Add(g.interval())
	}
	g.said.spend()
}

// pump lets go who may go, and sees to it that the next one is let go in time; mu is held.
func (g *governor) pump() {
	if g.wake != nil {
		g.wake()
		g.wake = nil
	}
	for g.line.Len() > 0 && g.room() {
		now := g.now()
		w := g.line.Front().Value.(*waiter)
		free := g.free(now)
		switch {
		case !free.After(now):
			g.admit(now)
			g.release(w, nil)
		case free.After(w.until):
			g.release(w, g.refuse(now, free, tooLong))
		default:
			g.wake = g.after(free.Sub(now), g.woken)
			return
		}
	}
}

func (g *governor) woken() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.pump()
}

// release takes w out of the line; mu is held.
func (g *governor) release(w *waiter, err error) {
	g.line.Remove(w.place)
	w.place = nil
	w.giveUp()
	w.ready <- err
}

// expire ends a wait that took too long.
func (g *governor) expire(w *waiter) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if w.place != nil {
		now := g.now()
		g.release(w, g.refuse(now, g.turn(now, g.line.Len()), tooLong))
		g.pump()
	}
}

// abandon ends a wait because its run has ended; err says how.
func (g *governor) abandon(w *waiter, err error) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if w.place != nil {
		g.release(w, err)
	} else if <-w.ready == nil {
		g.inFlight-- // it was let go and does not go
	}
	g.pump()
	return err
}

// leave counts a request that is over.
func (g *governor) leave() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.inFlight--
	g.pump()
}
