package local_test

import (
	"context"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"flowdeck/cards"
	"flowdeck/cards/event"
	"flowdeck/cards/schema"
	"flowdeck/flows"
	"flowdeck/flows/enginetest"
	"flowdeck/flows/local"
	"flowdeck/flows/runner"
	"flowdeck/flows/store"
)

// forgetful is a journal in memory that keeps only what a run in it needs.
type forgetful struct{ flows.Journal }

func (forgetful) Create(context.Context, flows.Run, ...flows.Entry) error    { return nil }
func (forgetful) Append(context.Context, string, int64, []flows.Entry) error { return nil }
func (forgetful) Record(context.Context, flows.Run, []flows.Entry, flows.Outcome) error {
	return nil
}
func (forgetful) Finish(context.Context, string, int64, []flows.Entry, flows.Outcome) error {
	return nil
}

// noop touches a world that is not there.
var noop = cards.NewFunction(cards.Spec{Name: "test.noop", Title: "Nothing", Summary: "Does nothing.", World: true, Idempotent: true},
	func(context.Context, cards.Env, struct{}) (struct{}, error) { return struct{}{}, nil })

func BenchmarkRun(b *testing.B) {
	b.Run("memory", func(b *testing.B) { benchmarkRun(b, forgetful{}, nil) })
	b.Run("sqlite", func(b *testing.B) {
		db, err := store.Open(b.Context(), filepath.Join(b.TempDir(), "flowdeck.db"), store.Options{})
		if err != nil {
			b.Fatal(err)
		}
		defer db.Close()
		benchmarkRun(b, db, db.Run)
	})
}

func benchmarkRun(b *testing.B, journal flows.Journal, read func(context.Context, string) (flows.Run, error)) {
	for _, steps := range []int{1, 20} {
		for _, callers := range []int{1, 16, 128} {
			b.Run(fmt.Sprintf("cards=%d/callers=%d", steps, callers), func(b *testing.B) {
				e := benchEngine(b, journal, read, steps)
				var next atomic.Int64
				var all sync.WaitGroup
				b.ReportAllocs()
				b.ResetTimer()
				for range callers {
					all.Go(func() {
						for next.Add(1) <= int64(b.N) {
							run := flows.Run{ID: store.NewID("r_"), FlowID: "f_1", Document: "d_1", Trigger: "event.manual"}
							if err := e.Start(b.Context(), run, flows.StartOptions{Waited: true}); err != nil {
								b.Errorf("Start: %v", err)
								return
							}
							_, _ = e.Wait(b.Context(), run.ID)
						}
					})
				}
				all.Wait()
				b.StopTimer()
				if err := e.Shutdown(context.Background()); err != nil {
					b.Error(err)
				}
				b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "runs/s")
			})
		}
	}
}

func benchEngine(b *testing.B, journal flows.Journal, read func(context.Context, string) (flows.Run, error), steps int) enginetest.Engine {
	doc := flows.Document{Format: flows.Format, Trigger: flows.Step{ID: "start", Card: "event.manual"}}
	for i := range steps {
		doc.Chain = append(doc.Chain, flows.Step{ID: fmt.Sprintf("step_%d", i), Card: "test.noop"})
	}
	program, err := flows.Compile(doc, cards.NewRegistry(event.Manual, noop))
	if err != nil {
		b.Fatalf("Compile: %v", err)
	}
	if read == nil {
		read = func(context.Context, string) (flows.Run, error) {
			return flows.Run{Status: flows.Succeeded, Output: schema.Values{}}, nil
		}
	}
	return local.New(local.Options{Journal: journal, Run: read, Executor: runner.New(runner.Options{Journal: journal,
		Program: func(context.Context, string) (*flows.Program, error) { return program, nil },
		Env: func(_ context.Context, _, key string) (cards.Env, error) {
			return cards.Env{Now: time.Now, Key: key}, nil
		}})})
}
