package local_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"flowdeck/cards"
	"flowdeck/cards/control"
	"flowdeck/cards/event"
	"flowdeck/cards/list"
	"flowdeck/cards/schema"
	"flowdeck/flows"
	"flowdeck/flows/local"
	"flowdeck/flows/runner"
	"flowdeck/flows/store"
)

// BenchmarkWaitsInARow is a run that waits for an answer in every round. Each time it goes
// on it reads its journal and goes over what is done, which grows with the rounds.
func BenchmarkWaitsInARow(b *testing.B) {
	registry := cards.NewRegistry(event.Manual, list.Range, control.Each, control.Callback)
	link := func(runID string, p flows.Path) (url, hash string) {
		sum := sha256.Sum256([]byte(runID + string(p)))
		return "https://flows.test/" + string(p), hex.EncodeToString(sum[:])
	}
	for _, rounds := range []int{50, 200, 800} {
		b.Run(fmt.Sprint("rounds=", rounds), func(b *testing.B) {
			db, err := store.Open(b.Context(), filepath.Join(b.TempDir(), "flowdeck.db"), store.Options{})
			if err != nil {
				b.Fatal(err)
			}
			defer db.Close()
			document, err := db.PutDocument(b.Context(), flows.Document{Format: flows.Format, Trigger: flows.Step{ID: "start", Card: "event.manual"}, Chain: []flows.Step{
				{ID: "numbers", Card: "list.range", Inputs: schema.Values{"start": 1, "end": rounds}},
				{ID: "loop", Card: "control.each", Inputs: schema.Values{"items": "{{ numbers.list }}"}, Blocks: map[string]flows.Block{"each": {
					Chain: []flows.Step{{ID: "ask", Card: "control.wait_callback", Inputs: schema.Values{"title": "Well?"}}}}}}}})
			if err != nil {
				b.Fatal(err)
			}
			e := local.New(local.Options{Journal: db, Run: db.Run, Executor: runner.New(runner.Options{Journal: db, Link: link,
				Program: runner.NewPrograms(8, registry, db.Document).Program})})
			for b.Loop() {
				run := flows.Run{ID: store.NewID("r_"), FlowID: "f_1", Document: document, Trigger: "event.manual"}
				if err := e.Start(b.Context(), run, flows.StartOptions{}); err != nil {
					b.Fatalf("Start: %v", err)
				}
				for round := range rounds {
					path := flows.Path(fmt.Sprintf("loop[%d]/ask", round))
					if err := answerOnce(b.Context(), db, e, link, run.ID, path); err != nil {
						b.Fatalf("round %d: %v", round, err)
					}
				}
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*rounds), "µs/round")
			if err := e.Shutdown(context.Background()); err != nil {
				b.Error(err)
			}
		})
	}
}

// answerOnce answers a step as soon as it asks.
func answerOnce(ctx context.Context, db *store.Store, e *local.Engine, link func(string, flows.Path) (string, string), id string, p flows.Path) error {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	_, hash := link(id, p)
	for {
		c, err := db.Callback(ctx, hash)
		if err == nil {
			err = db.Answer(ctx, c, flows.Signal{Path: p, Kind: flows.Answered, At: time.Now(), Body: schema.Values{"outcome": "answered"}})
		}
		if err == nil {
			e.Signal(id, p)
			return nil
		}
		if ctx.Err() != nil {
			return fmt.Errorf("%w, after %w", ctx.Err(), err)
		}
		time.Sleep(200 * time.Microsecond)
	}
}
