package runner

import (
	"sync"
	"sync/atomic"
	"time"

	"flowdeck/flows"
)

// sampleEvery is how long after a run that was kept the next that succeeds is kept, of a flow
// that keeps a sample of them.
const sampleEvery = time.Second

// samples knows when a run that succeeded was last kept, by flow.
type samples struct {
	last sync.Map // id of the flow -> *atomic.Int64, Unix time in ns
}

// spares reports whether nothing is kept of a run that is over and not in the journal. One is
// kept of which an attempt failed, or which leaves something that others look for in the journal.
func (s *samples) spares(run *flows.Run, entries []flows.Entry, o flows.Outcome) bool {
	if !run.Sample || o.Status != flows.Succeeded || run.Once != nil {
		return false
	}
	for _, e := range entries {
		if e.Answer == nil && (e.Attempt == nil || e.Attempt.Status != flows.Succeeded) {
			return false
		}
	}
	return !s.due(run.FlowID, o.At)
}

// due reports whether it is time for a run of the flow to be kept, and takes it to be.
func (s *samples) due(flowID string, now time.Time) bool {
	found, ok := s.last.Load(flowID)
	if !ok {
		found, _ = s.last.LoadOrStore(flowID, new(atomic.Int64))
	}
	last, at := found.(*atomic.Int64), now.UnixNano()
	before := last.Load()
	since := time.Duration(at - before)
	return (since >= sampleEvery || since < 0) && last.CompareAndSwap(before, at)
}

// renew has the next run of the flow that succeeds kept: a list whose newest run is one that
// failed says that the flow fails.
func (s *samples) renew(flowID string) { s.last.Delete(flowID) }
