package runner

import "flowdeck/flows"

// Watch is told what runs do, for those who count it or tell others.
type Watch interface {
	// Run returns who is to be told of a run, once for each stretch of it.
	Run(run *flows.Run) Watcher
}

// Watcher is told what a run does, on the run's goroutines, which it may not hold up.
// It keeps nothing that it is given.
type Watcher interface {
	// Attempt has ended: it succeeded, failed, or was skipped.
	Attempt(run *flows.Run, a *flows.Attempt)
	// Over is the end of the run, when it is committed.
	Over(run *flows.Run, o *flows.Outcome)
}

// Watches tells several.
type Watches []Watch

// Run implements Watch.
func (list Watches) Run(run *flows.Run) Watcher {
	all := make(watchers, len(list))
	for i, w := range list {
		all[i] = w.Run(run)
	}
	return all
}

type watchers []Watcher

func (list watchers) Attempt(run *flows.Run, a *flows.Attempt) {
	for _, w := range list {
		w.Attempt(run, a)
	}
}

func (list watchers) Over(run *flows.Run, o *flows.Outcome) {
	for _, w := range list {
		w.Over(run, o)
	}
}
