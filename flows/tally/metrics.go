package tally

import (
	"cmp"
	"slices"

	"flowdeck/meter"
)

// ended is how things of one name ended since the start. How many succeeded is counted apart:
// what is left of all beside those that failed is one less for a moment when another one fails.
type ended struct {
	name                         string
	took                         meter.Spread
	succeeded, failed, cancelled int64
}

func (e *ended) add(took meter.Spread, succeeded, failed, cancelled int64) {
	e.took.Add(took)
	e.succeeded, e.failed, e.cancelled = e.succeeded+succeeded, e.failed+failed, e.cancelled+cancelled
}

func (e *ended) addFlow(f *Flow) {
	e.add(f.Histogram.Read(), f.succeeded.Load(), f.Failed.Load(), f.Cancelled.Load())
}

// Write writes what was counted since the start, flows and cards in order.
func (t *Tallies) Write(p *meter.Page) {
	p.Counter("flowdeck_runs_total", "Runs that ended, by flow and outcome.")
	var all meter.Spread
	for _, e := range t.byFlow() {
		all.Add(e.took)
		p.Value(float64(e.succeeded), "flow", e.name, "outcome", "succeeded")
		p.Value(float64(e.failed), "flow", e.name, "outcome", "failed")
		p.Value(float64(e.cancelled), "flow", e.name, "outcome", "cancelled")
	}
	p.Histogram("flowdeck_run_duration_seconds", "How long runs took from the call to their end.")
	p.Times(all)
	cards := t.byCard()
	p.Counter("flowdeck_card_attempts_total", "Attempts at cards that ended, by card and outcome.")
	for _, e := range cards {
		p.Value(float64(e.succeeded), "card", e.name, "outcome", "succeeded")
		p.Value(float64(e.failed), "card", e.name, "outcome", "failed")
	}
	p.Histogram("flowdeck_card_duration_seconds", "How long attempts at cards took.")
	for _, e := range cards {
		p.Times(e.took, "card", e.name)
	}
}

// byFlow is how runs ended by the name of the flow, which several may have had, one after the
// other; at the end the flows that are not counted apart, and those that are no longer.
func (t *Tallies) byFlow() (list []ended) {
	t.grow.Lock()
	defer t.grow.Unlock()
	for _, f := range t.list() {
		if len(list) == 0 || list[len(list)-1].name != f.name {
			list = append(list, ended{name: f.name})
		}
		list[len(list)-1].addFlow(f)
	}
	others := t.gone
	others.name = "(others)"
	if others.addFlow(&t.others); others.took.Count() > 0 {
		list = append(list, others)
	}
	return list
}

// list is every flow that is counted apart, by name.
func (t *Tallies) list() (list []*Flow) {
	t.flows.Range(func(_, f any) bool { list = append(list, f.(*Flow)); return true })
	slices.SortFunc(list, func(a, b *Flow) int { return cmp.Or(cmp.Compare(a.name, b.name), cmp.Compare(a.id, b.id)) })
	return list
}

func (t *Tallies) byCard() (list []ended) {
	t.cards.Range(func(name, c any) bool {
		s, e := c.(*step), ended{name: name.(string)}
		e.add(s.Histogram.Read(), s.succeeded.Load(), s.Failed.Load(), 0)
		list = append(list, e)
		return true
	})
	slices.SortFunc(list, func(a, b ended) int { return cmp.Compare(a.name, b.name) })
	return list
}
