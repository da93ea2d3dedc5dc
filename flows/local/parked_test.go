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

// TestTheAnswerOfARunThatWaitsIsNotHeldInMemory: many may wait for weeks, and answers are
// large. Whoever asks for it gets it all the same.
func TestTheAnswerOfARunThatWaitsIsNotHeldInMemory(t *testing.T) {
	db, err := store.Open(t.Context(), storetest.SQLite(t), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	document, err := db.PutDocument(t.Context(), enginetest.Document(
		flows.Step{ID: "close", Card: "http.close", Inputs: schema.Values{"status_code": int64(201), "body_type": "text", "body": "done"}},
		flows.Step{ID: "wait", Card: "control.wait", Inputs: schema.Values{"amount": 1, "unit": "weeks"}}))
	if err != nil {
		t.Fatal(err)
	}
	e := driving(db, db, 0)
	run := flows.Run{ID: store.NewID("r_"), FlowID: "f_1", Document: document}
	wait, err := e.Call(t.Context(), run, flows.StartOptions{Waited: true})
	if err != nil {
		t.Fatal(err)
	}
	for begun := time.Now(); e.Load().Waiting == 0; time.Sleep(time.Millisecond) {
		if time.Since(begun) > 20*time.Second {
			t.Fatal("the run does not wait")
		}
	}
	e.mu.Lock()
	held, wake := e.runs[run.ID].response, e.parked[0].wake
	e.mu.Unlock()
	if wake != wake.Round(0) {
		t.Errorf("the wait is over at %s, which a clock that is set does not move", wake)
	}
	if held != nil {
		t.Errorf("the engine holds the answer %+v of a run that waits for a week", held)
	}
	for range 2 {
		if got, err := wait(t.Context(), time.Minute); err != nil || got.Response == nil || got.Response.Body != "done" {
			t.Errorf("the caller hears %+v, %v", got, err)
		}
		if got, err := e.Wait(t.Context(), run.ID); err != nil || got.Response == nil || got.Response.Body != "done" {
			t.Errorf("who asks hears %+v, %v", got, err)
		}
	}
	if err := e.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
}
