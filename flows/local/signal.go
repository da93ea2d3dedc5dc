package local

import "flowdeck/flows"

// Signal tells a run that something arrived for a step of it. A run that this
// process does not drive finds it in the journal.
func (e *Engine) Signal(runID string, p flows.Path) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.signal(runID, p)
}

// signal is Signal. The caller holds mu.
func (e *Engine) signal(runID string, p flows.Path) {
	en := e.runs[runID]
	switch {
	case en == nil || e.stopped && en.drive == nil:
	case en.drive != nil:
		en.mail.Put(p)
	default:
		e.rouse(en)
	}
}

// rouse drives a parked run; one that waits for a place has its turn anyway. The
// caller holds mu.
func (e *Engine) rouse(en *entry) {
	if !en.idle {
		return
	}
	e.parked.remove(en)
	e.dispatch(en)
}

// adopt drives a run that another one began and committed. There is always room
// for it in the queue: it is there already. The caller holds mu.
func (e *Engine) adopt(run flows.Run) {
	if e.stopped || e.runs[run.ID] != nil {
		return // the next start takes it up
	}
	en := &entry{id: run.ID, owner: run.FlowID, parent: run.Parent, kept: true}
	e.runs[run.ID] = en
	e.dispatch(en)
}
