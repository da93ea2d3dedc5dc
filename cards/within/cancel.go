package within

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// Cancelable is a context that is ended by Cancel. Nothing is made before somebody waits
// for it, and what can be interrupted needs no goroutine and no function to be told.
type Cancelable struct {
	parent context.Context

	made  atomic.Pointer[context.Context]
	mu    sync.Mutex
	ended bool
	cause error
	stop  context.CancelCauseFunc // of made
	watch []Interrupted
}

// Interrupted is told once when a context ends.
type Interrupted interface{ Interrupt() }

// Cancel is context.WithCancelCause, but for the end of the parent, which is not heeded.
func Cancel(parent context.Context) *Cancelable {
	if parent.Done() != nil {
		parent = context.WithoutCancel(parent)
	}
	return &Cancelable{parent: parent}
}

// Cancel ends the context; cause is what context.Cause returns. Only the first call counts.
func (c *Cancelable) Cancel(cause error) {
	c.mu.Lock()
	if c.ended {
		c.mu.Unlock()
		return
	}
	if cause == nil {
		cause = context.Canceled
	}
	c.ended, c.cause = true, cause
	stop, watch := c.stop, c.watch
	c.watch = nil
	c.mu.Unlock()
	if stop != nil {
		stop(cause)
	}
	for _, w := range watch {
		w.Interrupt()
	}
}

// Deadline implements context.Context.
func (c *Cancelable) Deadline() (time.Time, bool) { return time.Time{}, false }

// Done implements context.Context.
func (c *Cancelable) Done() <-chan struct{} { return c.make().Done() }

// Err implements context.Context.
func (c *Cancelable) Err() error {
	if made := c.made.Load(); made != nil {
		return (*made).Err()
	}
	c.mu.Lock()
	ended := c.ended
	c.mu.Unlock()
	if !ended {
		return nil
	}
	return c.make().Err() // which knows the cause
}

// Value implements context.Context.
func (c *Cancelable) Value(key any) any {
	if made := c.made.Load(); made != nil {
		return (*made).Value(key)
	}
	return c.parent.Value(key)
}

func (c *Cancelable) make() context.Context {
	if made := c.made.Load(); made != nil {
		return *made
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if made := c.made.Load(); made != nil {
		return *made
	}
	ctx, stop := context.WithCancelCause(c.parent)
	if c.ended {
		stop(c.cause)
	}
	c.stop = stop
	c.made.Store(&ctx)
	return ctx
}

// Watch has w told when ctx ends, at once when it has, but for the deadlines of ctx, which
// w heeds itself: see Base. Unwatch ends that; it reports whether w was not and will not
// be told.
func Watch(ctx context.Context, w Interrupted) (unwatch func() bool) {
	base := Base(ctx)
	c, ok := base.(*Cancelable)
	if !ok {
		return context.AfterFunc(base, w.Interrupt)
	}
	c.mu.Lock()
	ended := c.ended
	if !ended {
		c.watch = append(c.watch, w)
	}
	c.mu.Unlock()
	if ended {
		w.Interrupt()
		return told
	}
	return func() bool { return c.unwatch(w) }
}

func told() bool { return false }

func (c *Cancelable) unwatch(w Interrupted) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	i := slices.Index(c.watch, w)
	if i < 0 {
		return false
	}
	c.watch = slices.Delete(c.watch, i, i+1)
	return true
}
