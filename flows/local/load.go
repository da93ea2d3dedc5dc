package local

// Load is how much an engine has to do at a moment.
type Load struct {
	Running int // runs that are driven
	Ready   int // runs that wait for a place
	Waiting int // runs that wait for their time, or for something to arrive
}

// Load returns how much there is to do now.
func (e *Engine) Load() Load {
	e.mu.Lock()
	defer e.mu.Unlock()
	l := Load{Running: e.running, Ready: e.ready.len() + e.ready.reserved}
	l.Waiting = max(len(e.runs)-l.Running-l.Ready, 0)
	return l
}
