package local

import (
	"testing"
	"time"

	"flowdeck/cards/schema"
	"flowdeck/flows"
	"flowdeck/flows/enginetest"
	"flowdeck/flows/store"
	"flowdeck/flows/store/storetest"
)

// TestAPlaceForCancellingIsGivenBack: else who cancels many runs has as many more driven at
// the same time as there may be.
func TestAPlaceForCancellingIsGivenBack(t *testing.T) {
	db, err := store.Open(t.Context(), storetest.SQLite(t), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	document, err := db.PutDocument(t.Context(), enginetest.Document(
		flows.Step{ID: "wait", Card: "control.wait", Inputs: schema.Values{"amount": 1.9, "unit": "seconds"}}))
	if err != nil {
		t.Fatal(err)
	}
	e, over := listening(db, db)
	e.o.Running = 1
	var ids []string
	for range 3 {
		run := flows.Run{ID: store.NewID("r_"), FlowID: "f_1", Document: document}
		if err := e.Start(t.Context(), run, flows.StartOptions{}); err != nil {
			t.Fatal(err)
		}
		ids = append(ids, run.ID)
	}
	if err := e.Cancel(t.Context(), ids[2]); err != nil {
		t.Fatal(err)
	}
	heard(t, over, ids[2])
	for begun := time.Now(); e.Load() != (Load{Running: 1, Ready: 1}); time.Sleep(time.Millisecond) {
		if time.Since(begun) > time.Second {
			t.Fatalf("after one of two that wait for the only place was cancelled: %+v, want one driven and one ready", e.Load())
		}
	}
	heard(t, over, ids[0])
	heard(t, over, ids[1])
	if err := e.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
}
