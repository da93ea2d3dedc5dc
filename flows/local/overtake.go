package local

import "time"

// deafFor is how long a segment may take to end whose run was cancelled.
const deafFor = 600 * time.Millisecond

// deafStop is how long segments may take to end when the engine is to stop at last.
const deafStop = 1500 * time.Millisecond

// overtakeLater has a run that was cancelled end soon, also when the card that it is in does not
// notice, as it computes. The caller holds mu.
func (e *Engine) overtakeLater(en *entry) {
	turn := en.turn
	time.AfterFunc(deafFor, func() {
		e.mu.Lock()
		defer e.mu.Unlock()
		if e.runs[en.id] == en && en.turn == turn && en.drive != nil && !e.stopped {
			e.overtake(en)
		}
	})
}

// overtake ends a run by a segment of its own. With its claim nothing is kept any more of what the
// one before does, which ends when its card does, and has its place until then. The caller holds mu.
func (e *Engine) overtake(en *entry) {
	if !en.kept { // it is about to be
		e.overtakeLater(en)
		return
	}
	en.turn++
	en.drive, en.mail, en.placed = nil, nil, false
	e.dispatch(en)
}
