package runner

import (
	"context"
	"errors"
	"sync"
	"time"

	"flowdeck/flows"
)

// shortest is the wait from which on a run is parked instead of held in memory.
const shortest = 2 * time.Second

// errParked unwinds a segment in which every branch waits.
var errParked = errors.New("every branch of the run waits")

// parked is errParked that knows what the branches which it unwound waited for.
type parked struct{ waits []*waiting }

func (*parked) Error() string        { return errParked.Error() }
func (*parked) Is(target error) bool { return target == errParked }

// waiting is what a branch waits for: a time, something that arrives, or
// whichever is first.
type waiting struct {
	until   time.Time       // zero: for ever
	wait    time.Duration   // until then
	arrived <-chan struct{} // closed when it has; nil when nothing can
	linger  time.Duration   // how long it is held in memory in the hope that it arrives
	meant   bool            // the flow asked for it, so that it does not count as time taken
	path    flows.Path
	again   *flows.Attempt // the attempt that is waited for; nil when it is something else
}

// branches counts the branches of a segment that can go on, and notices when
// none can: then the segment ends with the earliest of the times waited for.
type branches struct {
	mu      sync.Mutex
	live    int
	waits   map[*waiting]struct{}
	blocked chan struct{}         // closed when none is live; nil until one waits
	parked  bool                  // it is closed
	pass    func(until time.Time) // instead of waiting for a time; nil: it is waited for
}

// sleep returns nil when what was waited for is there, errParked when the segment
// has to end before, or the cause that ctx ended with.
func (b *branches) sleep(ctx context.Context, w *waiting) error {
	if !w.until.IsZero() && w.wait <= 0 {
		return nil
	}
	select {
	case <-w.arrived:
		return nil
	default:
	}
	if b.pass != nil && !w.until.IsZero() {
		b.pass(w.until)
		return nil
	}
	var rings <-chan time.Time
	if !w.until.IsZero() {
		t := time.NewTimer(w.wait)
		defer t.Stop()
		rings = t.C
	}
	if short := !w.until.IsZero() && w.wait < shortest; short || w.linger > 0 {
		var enough <-chan time.Time // of holding it in memory
		if !short {
			t := time.NewTimer(w.linger)
			defer t.Stop()
			enough = t.C
		}
		select {
		case <-rings:
			return nil
		case <-w.arrived:
			return nil
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-enough:
		}
	}
	blocked := b.leave(w)
	select {
	case <-rings:
	case <-w.arrived:
	case <-blocked:
	case <-ctx.Done():
		b.enter(w, blocked)
		return context.Cause(ctx)
	}
	if b.enter(w, blocked) {
		return &parked{[]*waiting{w}}
	}
	return nil
}

// leave makes a live branch one that waits. The channel is closed when none is live.
func (b *branches) leave(w *waiting) chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.waits == nil {
		b.waits, b.blocked = map[*waiting]struct{}{}, make(chan struct{})
	}
	b.waits[w] = struct{}{}
	b.live--
	b.check()
	return b.blocked
}

// enter makes it a live one again, and reports whether that is only to unwind it: then
// its time is part of when the segment is due again, also when it has just come.
func (b *branches) enter(w *waiting, blocked chan struct{}) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.live++
	select {
	case <-blocked:
		return true
	default:
		delete(b.waits, w)
		return false
	}
}

// resume lets the branch that is left go on in a segment in which all others are unwound:
// those that waited for cut will not be come back to.
func (b *branches) resume(cut []*waiting) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, w := range cut {
		delete(b.waits, w)
	}
	if b.parked {
		b.parked, b.blocked = false, make(chan struct{})
	}
}

func (b *branches) check() {
	if b.live == 0 && len(b.waits) > 0 && !b.parked {
		b.parked = true
		close(b.blocked)
	}
}

// wake is the earliest time that a branch of a parked segment waits for, zero
// when none waits for a time; meant says that one of them waits because the flow
// asked for it.
func (b *branches) wake() (first time.Time, meant bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for w := range b.waits {
		if !w.until.IsZero() && (first.IsZero() || w.until.Before(first)) {
			first = w.until
		}
		meant = meant || w.meant
	}
	return first, meant
}

// waited reports whether a branch of a parked segment waits for anything.
func (b *branches) waited() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.waits) > 0
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
