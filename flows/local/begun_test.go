package local

import (
	"testing"

	"flowdeck/cards/schema"
	"flowdeck/flows"
	"flowdeck/flows/enginetest"
	"flowdeck/flows/runner"
	"flowdeck/flows/store"
	"flowdeck/flows/store/storetest"
)

// A flow that begins others, and does not wait for them, begins no more than may wait for a
// place: one that begins itself twice would else take all memory and all history.
func TestSoManyRunsWaitThatNoMoreAreBegun(t *testing.T) {
	ctx := t.Context()
	db, err := store.Open(ctx, storetest.SQLite(t), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	inner := flows.Document{Format: flows.Format, Trigger: flows.Step{ID: "start", Card: "event.helper", Inputs: schema.Values{"inputs": []any{}}},
		Chain: []flows.Step{{ID: "text", Card: "text.compose", Inputs: schema.Values{"text": "x"}}}}
	err = db.CreateFlow(ctx, flows.Flow{ID: "inner", Name: "Inner", Alias: "inner", Draft: inner})
	if err == nil {
		_, err = db.Publish(ctx, "inner", 1, inner, "", "test")
	}
	if err == nil {
		err = db.UpdateFlow(ctx, "inner", func(f *flows.Flow) error { f.On = true; return nil })
	}
	if err != nil {
		t.Fatal(err)
	}
	begin := flows.Step{ID: "begin", Card: "control.call_background", Inputs: schema.Values{"flow": "inner"}}
	document, err := db.PutDocument(ctx, enginetest.Document(flows.Step{ID: "loop", Card: "control.each",
		Inputs: schema.Values{"items": []any{"a", "b", "c", "d", "e"}, "go_on": true},
		Blocks: map[string]flows.Block{"each": {Chain: []flows.Step{begin}}}}))
	if err != nil {
		t.Fatal(err)
	}
	var e *Engine
	e = New(Options{Journal: db, Run: db.Run, Running: 1, Begun: 3, Executor: runner.New(runner.Options{Journal: db, Flow: db.Callee,
		Room: func(id string) bool { return e.Room(id) }, Program: runner.NewPrograms(2, enginetest.Cards, db.Document).Program})})
	run := flows.Run{ID: store.NewID("r_"), FlowID: "f_1", Document: document, Version: 1}
	if err := e.Start(ctx, run, flows.StartOptions{}); err != nil {
		t.Fatal(err)
	}
	if _, err := e.Wait(ctx, run.ID); err != nil {
		t.Fatal(err)
	}
	if err := e.Shutdown(ctx); err != nil {
		t.Fatal(err)
	}
	attempts, err := db.Attempts(ctx, run.ID)
	if err != nil {
		t.Fatal(err)
	}
	ends := map[string]int{}
	for _, a := range attempts {
		switch {
		case a.StepID != "begin":
		case a.Error != nil:
			ends[a.Error.Code]++
		default:
			ends[string(a.Status)]++
		}
	}
	rows, _, err := db.Runs(ctx, store.RunFilter{FlowID: "inner"})
	if err != nil || len(rows) != 3 || ends["succeeded"] != 3 || ends["limit"] != 2 {
		t.Errorf("%d runs were begun (%v), and the cards ended %v; want three, and limit for the other two", len(rows), err, ends)
	}
}
