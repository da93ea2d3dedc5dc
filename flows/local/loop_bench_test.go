package local_test

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"

	"flowdeck/cards"
	"flowdeck/cards/control"
	"flowdeck/cards/event"
	"flowdeck/cards/list"
	"flowdeck/cards/schema"
	"flowdeck/cards/text"
	"flowdeck/flows"
	"flowdeck/flows/local"
	"flowdeck/flows/runner"
	"flowdeck/flows/store"
)

// BenchmarkForEach is a run that goes through a list with one data card per round. What
// a round costs must not grow with the list.
func BenchmarkForEach(b *testing.B) {
	for _, rounds := range []int{100, 1000, 10_000} {
		b.Run(fmt.Sprint("memory/rounds=", rounds), func(b *testing.B) { benchmarkForEach(b, forgetful{}, rounds) })
		b.Run(fmt.Sprint("sqlite/rounds=", rounds), func(b *testing.B) {
			db, err := store.Open(b.Context(), filepath.Join(b.TempDir(), "flowdeck.db"), store.Options{})
			if err != nil {
				b.Fatal(err)
			}
			defer db.Close()
			benchmarkForEach(b, db, rounds)
		})
	}
}

func benchmarkForEach(b *testing.B, journal flows.Journal, rounds int) {
	program, err := flows.Compile(flows.Document{Format: flows.Format, Trigger: flows.Step{ID: "start", Card: "event.manual"}, Chain: []flows.Step{
		{ID: "numbers", Card: "list.range", Inputs: schema.Values{"start": 1, "end": rounds}},
		{ID: "loop", Card: "control.each", Inputs: schema.Values{"items": "{{ numbers.list }}"}, Blocks: map[string]flows.Block{"each": {
			Chain:  []flows.Step{{ID: "say", Card: "text.compose", Inputs: schema.Values{"text": "Order {{ loop.item }} of " + fmt.Sprint(rounds)}}},
			Result: schema.Values{"text": "{{ say.text }}"}}}},
	}}, cards.NewRegistry(event.Manual, list.Range, control.Each, text.Compose))
	if err != nil {
		b.Fatalf("Compile: %v", err)
	}
	// A run is waited for, so the engine never reads one back.
	read := func(context.Context, string) (flows.Run, error) { return flows.Run{Status: flows.Succeeded}, nil }
	e := local.New(local.Options{Journal: journal, Run: read, Executor: runner.New(runner.Options{Journal: journal,
		Program: func(context.Context, string) (*flows.Program, error) { return program, nil }})})
	b.ReportAllocs()
	for b.Loop() {
		run := flows.Run{ID: store.NewID("r_"), FlowID: "f_1", Document: "d_1", Trigger: "event.manual"}
		if err := e.Start(b.Context(), run, flows.StartOptions{Waited: true}); err != nil {
			b.Fatalf("Start: %v", err)
		}
		_, _ = e.Wait(b.Context(), run.ID)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*rounds), "ns/round")
	if err := e.Shutdown(context.Background()); err != nil {
		b.Error(err)
	}
}
