package store

import (
	"math"
	"sync"
	"time"
)

// roomTime is how long somebody waits for room at most: who cannot delete fast enough
// does not stop all work.
const roomTime = 10 * time.Second

// room is how much may be written until somebody has looked at the size again.
type room struct {
	mu    *sync.Mutex
	left  int64
	taken int64         // since the start
	more  chan struct{} // closed when there is more
	short func()        // called when there is none; nil: nobody
	lack  chan struct{} // something in it: somebody has waited for room
}

func newRoom() room {
	return room{mu: &sync.Mutex{}, left: math.MaxInt64, more: make(chan struct{}), lack: make(chan struct{}, 1)}
}

// take waits until there is room for n bytes.
func (r *room) take(n int64) {
	var late <-chan time.Time
	for {
		r.mu.Lock()
		if r.left >= n || r.left == math.MaxInt64 {
			if r.left != math.MaxInt64 {
				r.left -= n
			}
			r.taken += n
			r.mu.Unlock()
			return
		}
		more, short := r.more, r.short
		r.mu.Unlock()
		if short != nil {
			short()
		}
		select {
		case r.lack <- struct{}{}:
		default:
		}
		if late == nil {
			timer := time.NewTimer(roomTime)
			defer timer.Stop()
			late = timer.C
		}
		select {
		case <-more:
		case <-late:
			r.mu.Lock()
			r.taken += n
			r.mu.Unlock()
			return
		}
	}
}

// mark is asked for before the size is looked at: what is taken from then on may not be in it.
func (r *room) mark() int64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.taken
}

// unbound says that there is no bound.
func (r *room) unbound() { r.set(math.MaxInt64, 0) }

// set says how much room there was at mark; math.MaxInt64 is no bound.
func (r *room) set(left, mark int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if left != math.MaxInt64 {
		left = max(left-(r.taken-mark), 0)
	}
	r.left = left
	close(r.more)
	r.more = make(chan struct{})
}
