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
			return
		}
	}
}

// set says how much room there is now; math.MaxInt64 is no bound.
func (r *room) set(left int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.left = left
	close(r.more)
	r.more = make(chan struct{})
}
