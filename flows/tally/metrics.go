package tally

import (
	"cmp"
	"slices"

	"flowdeck/meter"
)

// Write writes what was counted since the start, flows and cards in order.
func (t *Tallies) Write(p *meter.Page) {
	list := append(t.list(), &t.others)
	p.Counter("flowdeck_runs_total", "Runs that ended, by flow and outcome.")
	var all meter.Spread
	for _, f := range list {
		c, name := f.Read(), f.name
		if f == &t.others {
			if name = "(others)"; c.All() == 0 {
				continue
			}
		}
		all.Add(c.Spread)
		outcomes(p, c, "flow", name)
	}
	p.Histogram("flowdeck_run_duration_seconds", "How long runs took from the call to their end.")
	p.Times(all)
	cards := t.byCard()
	p.Counter("flowdeck_card_attempts_total", "Attempts at cards that ended, by card and outcome.")
	for _, c := range cards {
		outcomes(p, c.count, "card", c.name)
	}
	p.Histogram("flowdeck_card_duration_seconds", "How long attempts at cards took.")
	for _, c := range cards {
		p.Times(c.count.Spread, "card", c.name)
	}
}

func outcomes(p *meter.Page, c meter.Count, label, name string) {
	p.Value(float64(c.All()-c.Failed-c.Cancelled), label, name, "outcome", "succeeded")
	p.Value(float64(c.Failed), label, name, "outcome", "failed")
	if label == "flow" {
		p.Value(float64(c.Cancelled), label, name, "outcome", "cancelled")
	}
}

// list is every flow that is counted apart, by name.
func (t *Tallies) list() (list []*Flow) {
	t.flows.Range(func(_, f any) bool { list = append(list, f.(*Flow)); return true })
	slices.SortFunc(list, func(a, b *Flow) int { return cmp.Or(cmp.Compare(a.name, b.name), cmp.Compare(a.id, b.id)) })
	return list
}

type cardCount struct {
	name  string
	count meter.Count
}

func (t *Tallies) byCard() (list []cardCount) {
	t.cards.Range(func(name, c any) bool {
		list = append(list, cardCount{name.(string), c.(*step).Read()})
		return true
	})
	slices.SortFunc(list, func(a, b cardCount) int { return cmp.Compare(a.name, b.name) })
	return list
}
