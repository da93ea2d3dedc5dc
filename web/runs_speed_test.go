package web_test

import (
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"flowdeck/cards"
	"flowdeck/cards/schema"
	"flowdeck/flows"
	"flowdeck/flows/store"
)

// BenchmarkRunOfManyRounds opens a run that went through a long list, in which one card
// of a hundred failed. Neither the time nor the page may grow with the list.
func BenchmarkRunOfManyRounds(b *testing.B) {
	p := newPlace(b)
	visitor := p.owner()
	for _, rounds := range []int{100, 2_000, 10_000} {
		outline := rounds == 2_000 // these have all their attempts in their row
		run := p.looped(fmt.Sprintf("Loop of %d", rounds), rounds, schema.Values{"count": int64(rounds)}, outline)
		left := p.looped(fmt.Sprintf("Loop of %d, left", rounds), rounds, nil, outline)
		last := fmt.Sprintf("/runs/%s/steps/loop%%5B%d%%5D/say", run, rounds-1)
		for name, path := range map[string]string{"run": "/runs/" + run, "round": last, "loop": "/runs/" + run + "/steps/loop", "left": "/runs/" + left} {
			b.Run(fmt.Sprintf("%s/rounds=%d", name, rounds), func(b *testing.B) {
				var took []time.Duration
				size := 0
				for b.Loop() {
					start := time.Now()
					size = len(visitor.get(path).want(http.StatusOK).body)
					took = append(took, time.Since(start))
				}
				slices.Sort(took)
				b.ReportMetric(float64(took[len(took)*95/100].Microseconds())/1000, "p95-ms")
				b.ReportMetric(float64(size), "page-bytes")
			})
		}
	}
}

// looped is a run that is over: a loop with that many rounds, of which every hundredth
// met a card that failed. says is what the loop put out; nil when it was left.
func (p *place) looped(name string, rounds int, says schema.Values, outline bool) string {
	p.t.Helper()
	ctx := p.t.Context()
	doc := flows.Document{Format: flows.Format, Trigger: flows.Step{ID: "start", Card: "event.manual"}, Chain: []flows.Step{{ID: "loop", Card: "control.each",
		Inputs: schema.Values{"items": []any{1}, "go_on": true},
		Blocks: map[string]flows.Block{"each": {Chain: []flows.Step{{ID: "say", Card: "text.compose", Inputs: schema.Values{"text": "Order {{ loop.item }}"}}}}}}}}
	flow := p.flow(name, doc)
	id, err := p.Store.PutDocument(ctx, doc)
	if err != nil {
		p.t.Fatal(err)
	}
	now := time.Now()
	run := flows.Run{ID: store.NewID("r_"), FlowID: flow, Document: id, Status: flows.Running, Epoch: 1, Trigger: "event.manual", Created: now, Started: now, Outline: outline}
	entries := make([]flows.Entry, 0, rounds+1)
	for i := range rounds {
		at := now.Add(time.Duration(i) * time.Microsecond)
		a := &flows.Attempt{RunID: run.ID, Path: flows.Path(fmt.Sprintf("loop[%d]/say", i)), Number: 1, StepID: "say", Card: "text.compose", Status: flows.Succeeded,
			Input: schema.Values{"text": fmt.Sprint("Order ", i)}, Output: schema.Values{"text": fmt.Sprint("Order ", i)}, Started: at, Finished: at}
		if i%100 == 99 {
			a.Status, a.Output, a.Error = flows.Failed, nil, &cards.Error{Code: "limit", Message: "text: is too long"}
		}
		entries = append(entries, flows.Entry{Attempt: a})
	}
	entries = append(entries, flows.Entry{Attempt: &flows.Attempt{RunID: run.ID, Path: "loop", Number: 1, StepID: "loop", Card: "control.each", Status: flows.Succeeded,
		Output: says, Started: now, Finished: now.Add(time.Second)}})
	if err := p.Store.Record(ctx, run, entries, flows.Outcome{Status: flows.Succeeded, At: now.Add(time.Second), Outline: outline}); err != nil {
		p.t.Fatal(err)
	}
	return run.ID
}

// TestALoopThatWasLeftIsCounted has a run end inside of its loop, which so says nothing.
func TestALoopThatWasLeftIsCounted(t *testing.T) {
	p := newPlace(t)
	visitor := p.owner()
	run := p.looped("Left", 112, nil, false)
	visitor.get("/runs/"+run).want(http.StatusOK, "Round 100 of 112 · cards failed in 1 round")
}
