package local

import "flowdeck/flows"

// Progress is how far the loops of a run have come that this process drives now.
func (e *Engine) Progress(runID string) []flows.Progress {
	e.mu.Lock()
	en := e.runs[runID]
	if en == nil || en.mail == nil {
		e.mu.Unlock()
		return nil
	}
	mail := en.mail
	e.mu.Unlock()
	return mail.Progress()
}
