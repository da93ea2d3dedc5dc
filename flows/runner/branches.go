package runner

import (
	"context"
	"errors"
	"sync"
	"time"
)

// shortest is the wait from which on a run is parked instead of held in memory.
const shortest = 2 * time.Second

// errParked unwinds a segment in which every branch waits for its time.
var errParked = errors.New("every branch of the run waits")

// branches counts the branches of a segment that can go on, and notices when
// none can: then the segment ends with the earliest of the times waited for.
type branches struct {
	mu      sync.Mutex
	live    int
	waits   map[*time.Timer]time.Time
	blocked chan struct{} // closed when none is live; nil until one waits
	parked  bool          // it is closed
}

// sleep returns nil at until, errParked when the segment has to end before, or
// the cause that ctx ended with.
func (b *branches) sleep(ctx context.Context, wait time.Duration, until time.Time) error {
	if wait <= 0 {
		return nil
	}
	t := time.NewTimer(wait)
	defer t.Stop()
	var blocked chan struct{}
	if wait >= shortest {
		blocked = b.leave(t, until)
		defer b.enter(t)
	}
	select {
	case <-t.C:
		return nil
	case <-blocked:
		return errParked
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func (b *branches) leave(t *time.Timer, until time.Time) chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.waits == nil {
		b.waits, b.blocked = map[*time.Timer]time.Time{}, make(chan struct{})
	}
	b.waits[t] = until
	b.live--
	b.check()
	return b.blocked
}

func (b *branches) enter(t *time.Timer) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.live++
	if !b.parked { // else its time is part of when the segment is due again
		delete(b.waits, t)
	}
}

func (b *branches) check() {
	if b.live == 0 && len(b.waits) > 0 && !b.parked {
		b.parked = true
		close(b.blocked)
	}
}

// wake is the earliest time that a branch of a parked segment waits for.
func (b *branches) wake() time.Time {
	b.mu.Lock()
	defer b.mu.Unlock()
	var first time.Time
	for _, t := range b.waits {
		if first.IsZero() || t.Before(first) {
			first = t
		}
	}
	return first
}

// ended reports whether no branch may begin anything new.
func (b *branches) ended() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.parked
}

// split makes one live branch into n; join ends one of them, and the last one
// that ends goes on as the branch that was split.
func (b *branches) split(n int) (join func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.live += n - 1
	return func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		if n--; n > 0 {
			b.live--
			b.check()
		}
	}
}
