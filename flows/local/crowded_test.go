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

// behind is a journal that takes runs that are left only when it is let.
type behind struct {
	flows.Journal
	crowded bool
	let     chan struct{}
}

func (b *behind) Crowded() bool { return b.crowded }

func (b *behind) Leave(run flows.Run, entries []flows.Entry, o flows.Outcome) error {
	<-b.let
	return b.Journal.Leave(run, entries, o)
}

// TestCallersWaitWhileMuchIsToBeWritten: else more express runs begin than can be kept.
func TestCallersWaitWhileMuchIsToBeWritten(t *testing.T) {
	db, err := store.Open(t.Context(), storetest.SQLite(t), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	document, err := db.PutDocument(t.Context(), enginetest.Document(
		flows.Step{ID: "close", Card: "http.close", Inputs: schema.Values{"status_code": int64(201), "body_type": "text", "body": "done"}}))
	if err != nil {
		t.Fatal(err)
	}
	for _, crowded := range []bool{false, true} {
		j := &behind{Journal: db, crowded: crowded, let: make(chan struct{})}
		e := driving(db, j, 0)
		wait, err := e.Call(t.Context(), flows.Run{ID: store.NewID("r_"), FlowID: "f_1", Document: document, Express: true}, flows.StartOptions{Waited: true})
		if err != nil {
			t.Fatal(err)
		}
		answered := make(chan struct{})
		go func() {
			defer close(answered)
			if got, err := wait(t.Context(), time.Minute); err != nil || got.Response == nil || got.Response.Body != "done" {
				t.Errorf("the caller hears %+v, %v", got, err)
			}
		}()
		if crowded {
			select {
			case <-answered:
				t.Error("the caller does not wait")
			case <-time.After(50 * time.Millisecond):
			}
			close(j.let)
			<-answered
		} else {
			select {
			case <-answered:
			case <-time.After(20 * time.Second):
				t.Error("the caller waits")
			}
			close(j.let)
			<-answered
		}
		if err := e.Shutdown(t.Context()); err != nil {
			t.Error(err)
		}
	}
}
