// Package tally counts what runs and their steps do, and keeps the counts by the
// minute, the quarter of an hour, two hours and the day.
//
// Counting stands beside the runs: it costs a run two look-ups and a step one, and
// holds nobody up. Pages read the rows that it keeps, and no runs.
package tally

import (
	"sync"
	"sync/atomic"

	"flowdeck/flows"
	"flowdeck/flows/runner"
	"flowdeck/meter"
)

// Bounds of what is counted apart; what is beyond them is counted together.
const (
	mostFlows = 500
	mostSteps = 2000 // of all flows
)

// Tallies counts. Its zero value is ready.
type Tallies struct {
	// Contains reports whether a card takes as long as what it contains or waits for, so that
	// its steps say nothing of their own; nil: none does.
	Contains func(card string) bool

	flows  sync.Map // id -> *Flow
	cards  sync.Map // name -> *step, of all steps with that card
	nFlows atomic.Int64
	nSteps atomic.Int64
	others Flow // of flows beyond the bound
	grow   sync.Mutex
	gone   ended // of flows that were forgotten; grow is held
}

var _ runner.Watch = (*Tallies)(nil)

// Flow counts the runs of one flow. It is told of them as a runner.Watcher.
type Flow struct {
	meter.Tally
	succeeded atomic.Int64
	set       *Tallies
	id, name  string
	steps     sync.Map    // id -> *step
	idle      int         // rounds of keeping in which nothing happened; of the keeper alone
	kept      meter.Count // at the last of them; of the keeper alone
}

// step counts the attempts at one step.
type step struct {
	meter.Tally
	succeeded atomic.Int64 // of a card
	name      string
	card      string
	byCard    *step
	all       *step       // counts the step with every card that it had; nil when it is counted with its card alone
	kept      meter.Count // of all, at the last round of keeping; of the keeper alone
}

// Run implements runner.Watch.
func (t *Tallies) Run(run *flows.Run) runner.Watcher {
	if f, ok := t.flows.Load(run.FlowID); ok {
		return f.(*Flow)
	}
	return t.flow(run)
}

func (t *Tallies) flow(run *flows.Run) *Flow {
	t.grow.Lock()
	defer t.grow.Unlock()
	if f, ok := t.flows.Load(run.FlowID); ok {
		return f.(*Flow)
	}
	if t.nFlows.Load() >= mostFlows {
		if t.others.set == nil { // whoever has it may be reading
			t.others.set = t
		}
		return &t.others
	}
	f := &Flow{set: t, id: run.FlowID, name: run.FlowAlias}
	if f.name == "" {
		f.name = run.FlowID
	}
	t.flows.Store(run.FlowID, f)
	t.nFlows.Add(1)
	return f
}

// Attempt implements runner.Watcher.
func (f *Flow) Attempt(_ *flows.Run, a *flows.Attempt) {
	if a.Given != "" || a.Status != flows.Succeeded && a.Status != flows.Failed {
		return
	}
	var s *step
	if found, ok := f.steps.Load(a.StepID); ok {
		s = found.(*step)
	}
	if s == nil || s.card != a.Card {
		s = f.step(a.StepID, a.Card)
	}
	took := a.Finished.Sub(a.Started)
	s.byCard.Observe(took)
	if s.all != nil {
		s.all.Observe(took)
	}
	if a.Status == flows.Succeeded {
		s.byCard.succeeded.Add(1)
		return
	}
	s.byCard.Failed.Add(1)
	if s.all != nil {
		s.all.Failed.Add(1)
	}
}

// step is what counts the attempts at the step: together with all others of its card when
// they are not counted apart.
func (f *Flow) step(id, card string) *step {
	t := f.set
	_, known := f.steps.Load(id)
	if f == &t.others || t.Contains != nil && t.Contains(card) || !known && t.nSteps.Load() >= mostSteps {
		return t.card(card)
	}
	s := &step{name: id, card: card, byCard: t.card(card)}
	t.grow.Lock()
	defer t.grow.Unlock()
	before, known := f.steps.Load(id)
	switch {
	case !known && t.nSteps.Add(1) > mostSteps: // others were as fast
		t.nSteps.Add(-1)
		return t.card(card)
	case !known:
		s.all = s
	case before.(*step).card == card:
		return before.(*step)
	default:
		s.all = before.(*step).all
	}
	f.steps.Store(id, s)
	return s
}

// card is what counts the attempts at the card in all flows.
func (t *Tallies) card(name string) *step {
	if s, ok := t.cards.Load(name); ok {
		return s.(*step)
	}
	s := &step{card: name}
	s.byCard = s
	kept, _ := t.cards.LoadOrStore(name, s)
	return kept.(*step)
}

// Over implements runner.Watcher.
func (f *Flow) Over(run *flows.Run, o *flows.Outcome) {
	f.Observe(o.At.Sub(run.Created))
	switch o.Status {
	case flows.Failed:
		f.Failed.Add(1)
	case flows.Cancelled:
		f.Cancelled.Add(1)
	default:
		f.succeeded.Add(1)
	}
}
