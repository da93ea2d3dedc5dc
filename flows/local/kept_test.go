package local

import (
	"context"
	"sync"
	"testing"
	"time"

	"flowdeck/cards"
	"flowdeck/cards/schema"
	"flowdeck/flows"
	"flowdeck/flows/enginetest"
	"flowdeck/flows/runner"
	"flowdeck/flows/store"
	"flowdeck/flows/store/storetest"
)

// driving is an engine whose runs may use no connection.
func driving(db *store.Store, j flows.Journal, running int) *Engine {
	return New(Options{Journal: j, Run: db.Run, Running: running, Executor: runner.New(runner.Options{Journal: j,
		Program: runner.NewPrograms(1, enginetest.Cards, db.Document).Program,
		Env:     func(context.Context, string, string) (cards.Env, error) { return cards.Env{Now: time.Now}, nil }})})
}

func TestNothingIsKeptOfRunsThatAreOver(t *testing.T) {
	db, err := store.Open(t.Context(), storetest.SQLite(t), store.Options{})
	if err != nil {
		t.Fatalf("Open: %v", err)
	}
	defer db.Close()
	document, err := db.PutDocument(t.Context(), enginetest.Document(
		flows.Step{ID: "text", Card: "text.compose", Inputs: schema.Values{"text": "{{start.what}}"}}))
	if err != nil {
		t.Fatalf("PutDocument: %v", err)
	}
	e := driving(db, db, 8)
	var all sync.WaitGroup
	for range 200 {
		all.Go(func() {
			run := flows.Run{ID: store.NewID("r_"), FlowID: "f_1", Document: document, Event: schema.Values{"what": "x"}}
			if err := e.Start(t.Context(), run, flows.StartOptions{}); err != nil {
				t.Errorf("Start: %v", err)
			}
			if _, err := e.Wait(t.Context(), run.ID); err != nil {
				t.Errorf("Wait: %v", err)
			}
		})
	}
	all.Wait()
	if err := e.Shutdown(t.Context()); err != nil {
		t.Errorf("Shutdown: %v", err)
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(e.runs) != 0 || e.ready.len() != 0 || e.ready.reserved != 0 || len(e.parked) != 0 || e.running != 0 {
		t.Errorf("%d runs, %d ready, %d reserved, %d parked and %d places are left, want none",
			len(e.runs), e.ready.len(), e.ready.reserved, len(e.parked), e.running)
	}
}
