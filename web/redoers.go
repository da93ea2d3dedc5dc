package web

import (
	"context"
	"sync"
	"sync/atomic"
)

// redoers are the redos that this process goes on with.
type redoers struct {
	mu   sync.Mutex
	stop map[string]context.CancelFunc
	runs map[string]chan struct{} // of each run that a redo here began: has something in it when one ended
	all  sync.WaitGroup
	over bool
	any  atomic.Int64 // of runs: ends of others cost nothing
}

// leave ends what is begun here; it goes on with the next start.
func (r *redoers) leave() {
	r.mu.Lock()
	r.over = true
	for _, cancel := range r.stop {
		cancel()
	}
	r.mu.Unlock()
	r.all.Wait()
}

// drives reports whether a redo is gone on with here. One that was stopped may still be
// about to begin a run.
func (r *redoers) drives(id string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.stop[id] != nil
}

// expect has ended told when a run ends.
func (r *redoers) expect(runID string, ended chan struct{}) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.runs == nil {
		r.runs = map[string]chan struct{}{}
	}
	if r.runs[runID] == nil {
		r.any.Add(1)
	}
	r.runs[runID] = ended
}

// ended is told of every run that ends. It never waits.
func (r *redoers) ended(runID string) {
	if r.any.Load() == 0 {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if c := r.runs[runID]; c != nil {
		r.drop(runID)
		select {
		case c <- struct{}{}:
		default: // it has not looked since the last one
		}
	}
}

// forget expects no more ends for a redo that is over.
func (r *redoers) forget(ended chan struct{}) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for id, c := range r.runs {
		if c == ended {
			r.drop(id)
		}
	}
}

func (r *redoers) drop(runID string) {
	delete(r.runs, runID)
	r.any.Add(-1)
}
