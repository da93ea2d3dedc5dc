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

// samples knows of which flows a run that succeeds is to be kept.
type samples struct {
	flows sync.Map // id -> *sampled
}

// sampled is what is known of a flow's runs, in Unix ns.
type sampled struct {
	kept   atomic.Int64 // when one that succeeded was kept
	failed atomic.Int64 // when the newest was created that did not succeed, and after which none was kept; 0: there is none
}

func (s *samples) of(flowID string) *sampled {
	found, ok := s.flows.Load(flowID)
	if !ok {
		found, _ = s.flows.LoadOrStore(flowID, &sampled{})
	}
	return found.(*sampled)
}

// spares reports whether nothing is kept of a run that is over and not in the journal. One is
// kept of which an attempt failed, or which leaves something that others look for in the journal.
func (s *samples) spares(run *flows.Run, entries []flows.Entry, o flows.Outcome) bool {
	if !run.Sample || o.Status != flows.Succeeded || run.Once != nil {
		return false
	}
	for _, e := range entries {
		if e.Answer == nil && (e.Attempt == nil || e.Attempt.Status != flows.Succeeded && e.Attempt.Status != flows.Skipped) {
			return false
		}
	}
	return !s.of(run.FlowID).due(run.Created, o.At)
}

// due reports whether a run that was created then is to be kept, and takes it to be.
func (s *sampled) due(created, now time.Time) bool {
	if failed := s.failed.Load(); failed != 0 && created.UnixNano() > failed && s.failed.CompareAndSwap(failed, 0) {
		s.kept.Store(now.UnixNano())
		return true
	}
	kept, at := s.kept.Load(), now.UnixNano()
	since := time.Duration(at - kept)
	return (since >= sampleEvery || since < 0) && s.kept.CompareAndSwap(kept, at)
}

// unwell has the next run of the flow that succeeds kept which is newer than this one: a list
// whose newest run failed says that the flow fails.
func (s *samples) unwell(run *flows.Run) {
	of, created := s.of(run.FlowID), run.Created.UnixNano()
	for {
		failed := of.failed.Load()
		if failed >= created || of.failed.CompareAndSwap(failed, created) {
			return
		}
	}
}
