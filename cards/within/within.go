// Package within gives contexts that end at a time, of which nothing is made before
// somebody waits for it.
//
// A timer and what belongs to it are a good part of what a short request costs, and hardly
// any request is late. Whoever reads from a socket can tell the socket how long, and needs
// no timer: see Base. All others find an ordinary context.
package within

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// Timeout is context.WithTimeout.
func Timeout(parent context.Context, d time.Duration) (context.Context, context.CancelFunc) {
	return DeadlineCause(parent, time.Now().Add(d), nil)
}

// DeadlineCause is context.WithDeadlineCause.
func DeadlineCause(parent context.Context, at time.Time, cause error) (context.Context, context.CancelFunc) {
	l := &limited{parent: parent, at: at, own: at, cause: cause}
	if earlier, ok := parent.Deadline(); ok && earlier.Before(at) {
		l.at = earlier
	}
	return l, l.cancel
}

// Layer is a context that ends with the one beneath it, but for its own deadline.
type Layer interface {
	context.Context
	Beneath() context.Context
}

// Base is the context whose end ends ctx beside ctx's deadline: what is left without its
// layers. Whoever heeds ctx.Deadline needs to watch nothing else.
func Base(ctx context.Context) context.Context {
	for {
		layer, ok := ctx.(Layer)
		if !ok {
			return ctx
		}
		ctx = layer.Beneath()
	}
}

// limited is a context with a deadline.
type limited struct {
	parent context.Context
	at     time.Time // its own time, or the parent's when that comes first
	own    time.Time
	cause  error // of own

	made   atomic.Pointer[context.Context] // nil until somebody waits
	mu     sync.Mutex
	stop   context.CancelFunc // of made
	closed bool               // cancelled before it was made
}

func (l *limited) Deadline() (time.Time, bool) { return l.at, true }

// Beneath makes it a Layer.
func (l *limited) Beneath() context.Context { return l.parent }

func (l *limited) Done() <-chan struct{} { return l.make().Done() }

func (l *limited) Err() error {
	if l.made.Load() == nil && !l.isClosed() && !time.Now().Before(l.at) {
		return l.make().Err() // which knows the cause
	}
	return l.inTime()
}

// inTime is Err when the deadline, which is never after that of those beneath, is not over.
func (l *limited) inTime() error {
	if made := l.made.Load(); made != nil {
		return (*made).Err()
	}
	if l.isClosed() {
		return context.Canceled
	}
	if beneath, ok := l.parent.(*limited); ok {
		return beneath.inTime()
	}
	return l.parent.Err()
}

func (l *limited) isClosed() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.closed
}

func (l *limited) Value(key any) any {
	if made := l.made.Load(); made != nil {
		return (*made).Value(key)
	}
	return l.parent.Value(key)
}

func (l *limited) make() context.Context {
	if made := l.made.Load(); made != nil {
		return *made
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if made := l.made.Load(); made != nil {
		return *made
	}
	ctx, stop := context.WithDeadlineCause(l.parent, l.own, l.cause)
	if l.closed {
		stop()
	}
	l.stop = stop
	l.made.Store(&ctx)
	return ctx
}

func (l *limited) cancel() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed = true
	if l.stop != nil {
		l.stop()
	}
}
