package local

import (
	"context"
	"errors"
	"testing"
	"time"

	"flowdeck/cards/schema"
	"flowdeck/flows"
	"flowdeck/flows/enginetest"
	"flowdeck/flows/store"
	"flowdeck/flows/store/storetest"
)

// full is a journal that has no room for runs that are over.
type full struct{ flows.Journal }

func (full) Record(context.Context, flows.Run, []flows.Entry, flows.Outcome) error {
	return errors.New("the disk is full")
}

func (full) Leave(flows.Run, []flows.Entry, flows.Outcome) error {
	return errors.New("the disk is full")
}

// listening is an engine over j whose ends are told to over.
func listening(db *store.Store, j flows.Journal) (e *Engine, over chan string) {
	e, over = driving(db, j, 0), make(chan string, 8)
	e.o.Over = func(_, runID string) { over <- runID }
	return e, over
}

func heard(t *testing.T, over <-chan string, want string) {
	t.Helper()
	select {
	case got := <-over:
		if got != want {
			t.Errorf("%s is over, want %s", got, want)
		}
	case <-time.After(20 * time.Second):
		t.Errorf("nobody is told that %s is over", want)
	}
}

// TestARunThatIsLostIsOver: whoever counts runs would count it for ever.
func TestARunThatIsLostIsOver(t *testing.T) {
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
	for _, express := range []bool{false, true} {
		e, over := listening(db, full{db})
		run := flows.Run{ID: store.NewID("r_"), FlowID: "f_1", Document: document, Express: express}
		if _, err := e.Call(t.Context(), run, flows.StartOptions{Waited: true}); err != nil { // and the caller leaves
			t.Fatal(err)
		}
		heard(t, over, run.ID)
		if err := e.Shutdown(t.Context()); err != nil {
			t.Error(err)
		}
	}
}

// TestRunsThatWereTakenUpEnd: they are counted like those that were begun here.
func TestRunsThatWereTakenUpEnd(t *testing.T) {
	db, err := store.Open(t.Context(), storetest.SQLite(t), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	document, err := db.PutDocument(t.Context(), enginetest.Document(
		flows.Step{ID: "text", Card: "text.compose", Inputs: schema.Values{"text": "x"}}))
	if err != nil {
		t.Fatal(err)
	}
	run := flows.Run{ID: store.NewID("r_"), FlowID: "f_1", Document: document, Deadline: time.Now().Add(time.Hour)}
	if err := db.Create(t.Context(), run); err != nil {
		t.Fatal(err)
	}
	e, over := listening(db, db)
	if err := e.Recover(t.Context()); err != nil {
		t.Fatal(err)
	}
	heard(t, over, run.ID)
	if err := e.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
}
