package tally

import (
	"cmp"
	"context"
	"crypto/rand"
	"slices"
	"time"

	"flowdeck/flows/store"
	"flowdeck/meter"
)

const (
	keepEvery  = 5 * time.Second // the minutes
	longEvery  = 12              // rounds after which the longer spans are written, too
	dropEvery  = 720             // rounds after which old rows are dropped
	idleRounds = 720             // without a run after which a flow is forgotten, when there are many
)

// Bounds of what has rows of its own in a stretch of time; the most frequent things do.
const (
	keptFlows       = 100
	keptSteps       = 150
	keptConnections = 50
	// mostEnded bounds the rows that wait while nothing can be written: about an hour of them.
	mostEnded = 20_000
)

// Keeper writes what was counted into the store.
type Keeper struct {
	Tallies *Tallies
	Store   *store.Store
	// Connections returns what went out through each connection since the start.
	Connections func() map[string]meter.Count
	Now         func() time.Time
	// Failed is told when the rows could not be written; they are with the next round.
	Failed func(error)

	nodes [4]string // what its rows are told apart by from those of others, for each span
	round int
	last  map[string]meter.Count  // of every connection, at the last round
	slots [4]map[key]*meter.Count // what is in the current stretch of each span
	began [4]time.Time            // of these stretches
	dirty [4]bool                 // there is something in them that is not written
	ended []store.TallyRow        // of stretches that are over and could not be written
}

// key names a thing that is counted.
type key struct{ kind, subject string }

// Run keeps until ctx ends, and once more then.
func (k *Keeper) Run(ctx context.Context) {
	tick := time.NewTicker(keepEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			k.Keep(context.WithoutCancel(ctx), true)
			return
		case <-tick.C:
			k.round++
			k.Keep(ctx, k.round%longEvery == 0)
			if k.round%dropEvery == 0 {
				if err := k.Store.DropTallies(ctx, k.Now()); err != nil {
					k.Failed(err)
				}
			}
		}
	}
}

// Keep writes what was counted since the last time: into the minutes, and with all into
// the longer stretches.
func (k *Keeper) Keep(ctx context.Context, all bool) {
	if k.last == nil {
		k.last = map[string]meter.Count{}
		for i := range k.slots {
			k.slots[i], k.nodes[i] = map[key]*meter.Count{}, rand.Text()[:8]
		}
	}
	now := k.Now()
	rows := k.ended
	over, tried := slices.Clone(k.ended), [4]bool{}
	// What happened just now belongs to the stretch that was current until now: one that has
	// ended gets it, and is written for the last time.
	for x, c := range k.news() {
		for i := range k.slots {
			k.dirty[i] = true
			sum := k.slots[i][x]
			if sum == nil {
				sum = &meter.Count{}
				k.slots[i][x] = sum
			}
			sum.Add(c)
		}
	}
	for i, span := range store.TallySpans() {
		begins := now.UTC().Truncate(span.Length)
		if k.began[i].IsZero() {
			k.began[i] = begins
		}
		ends := !begins.Equal(k.began[i])
		if k.dirty[i] && (i == 0 || all || ends) {
			some := k.rows(span.Length, k.began[i], k.nodes[i], k.slots[i])
			rows = append(rows, some...)
			if k.dirty[i], tried[i] = false, !ends; ends {
				over = append(over, some...)
			}
		}
		if ends {
			if begins.Before(k.began[i]) { // the clock was put back: what was counted then stays beside this
				k.nodes[i] = rand.Text()[:8]
			}
			k.began[i], k.slots[i] = begins, map[key]*meter.Count{}
		}
	}
	k.ended = nil
	if err := k.Store.PutTallies(ctx, rows); err != nil {
		k.ended = over[max(len(over)-mostEnded, 0):]
		for i := range tried {
			k.dirty[i] = k.dirty[i] || tried[i]
		}
		k.Failed(err)
	}
}

// rows are a stretch as it is written: the most frequent things, and all runs.
func (k *Keeper) rows(span time.Duration, slot time.Time, node string, counts map[key]*meter.Count) (rows []store.TallyRow) {
	left := map[string]int{store.TallyAll: 1, store.TallyRuns: keptFlows, store.TallySteps: keptSteps, store.TallyConnection: keptConnections}
	for x, c := range counts {
		rows = append(rows, store.TallyRow{Span: span, Slot: slot, Kind: x.kind, Subject: x.subject, Node: node, Count: *c})
	}
	slices.SortFunc(rows, func(a, b store.TallyRow) int {
		return cmp.Or(cmp.Compare(b.Count.All(), a.Count.All()), cmp.Compare(a.Subject, b.Subject))
	})
	return slices.DeleteFunc(rows, func(r store.TallyRow) bool { left[r.Kind]--; return left[r.Kind] < 0 })
}

// news is what was counted since the last round.
func (k *Keeper) news() map[key]meter.Count {
	news := map[key]meter.Count{}
	var all meter.Count
	add := func(x key, c meter.Count, last *meter.Count) meter.Count {
		since := c.Since(*last)
		if since.All() != 0 {
			*last, news[x] = c, since
		}
		return since
	}
	t := k.Tallies
	forget := t.nFlows.Load() > mostFlows/2
	for _, f := range t.list() {
		since := add(key{store.TallyRuns, f.id}, f.Read(), &f.kept)
		all.Add(since)
		f.steps.Range(func(_, found any) bool {
			s := found.(*step)
			add(key{store.TallySteps, f.id + "/" + s.name}, s.all.Read(), &s.all.kept)
			return true
		})
		if f.idle++; since.All() > 0 {
			f.idle = 0
		} else if forget && f.idle > idleRounds {
			k.forget(f)
		}
	}
	all.Add(add(key{store.TallyRuns, "(others)"}, t.others.Read(), &t.others.kept))
	delete(news, key{store.TallyRuns, "(others)"})
	if all.All() > 0 {
		news[key{kind: store.TallyAll}] = all
	}
	for id, c := range k.Connections() {
		last := k.last[id]
		add(key{store.TallyConnection, id}, c, &last)
		k.last[id] = last
	}
	return news
}

// forget makes room for other flows.
func (k *Keeper) forget(f *Flow) {
	t := k.Tallies
	t.grow.Lock()
	defer t.grow.Unlock()
	t.flows.Delete(f.id)
	t.nFlows.Add(-1)
	t.gone.addFlow(f)
	f.steps.Range(func(_, _ any) bool { t.nSteps.Add(-1); return true })
}
