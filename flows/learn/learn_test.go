package learn_test

import (
	"context"
	"fmt"
	"log/slog"
	"sync/atomic"
	"testing"
	"time"

	"flowdeck/cards/all"
	"flowdeck/cards/schema"
	"flowdeck/flows"
	"flowdeck/flows/learn"
	"flowdeck/flows/shape"
	"flowdeck/flows/store"
	"flowdeck/flows/store/storetest"
)

var ctx = context.Background()

func open(t *testing.T) *store.Store {
	t.Helper()
	s, err := store.Open(ctx, storetest.SQLite(t), store.Options{Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// newFlow stores a flow that gets a URL, and returns its document's id.
func newFlow(t *testing.T, s *store.Store, id, url string) string {
	t.Helper()
	doc := flows.Document{Format: flows.Format, Trigger: flows.Step{ID: "start", Card: "event.manual"},
		Chain: []flows.Step{{ID: "get", Card: "http.get", Inputs: schema.Values{"url": url}}, {ID: "text", Card: "text.compose"}}}
	if err := s.CreateFlow(ctx, flows.Flow{ID: id, Name: id, Alias: id, Draft: doc}); err != nil {
		t.Fatal(err)
	}
	document, err := s.PutDocument(ctx, doc)
	if err != nil {
		t.Fatal(err)
	}
	return document
}

// ran stores a run that is over, whose card got body.
func ran(t *testing.T, s *store.Store, flow, document string, body any) string {
	t.Helper()
	now := time.Now()
	run := flows.Run{ID: store.NewID("r_"), FlowID: flow, Document: document, Status: flows.Running, Epoch: 1, Trigger: "event.manual",
		Event: schema.Values{"who": "maya"}, Created: now, Started: now, Deadline: now.Add(time.Hour)}
	if err := s.Create(ctx, run); err != nil {
		t.Fatal(err)
	}
	attempt := func(step, card string, out schema.Values) flows.Entry {
		return flows.Entry{Attempt: &flows.Attempt{RunID: run.ID, Path: flows.Path(step), Number: 1, StepID: step, Card: card, Status: flows.Succeeded, Output: out}}
	}
	entries := []flows.Entry{attempt("get", "http.get", schema.Values{"body": body}), attempt("text", "text.compose", schema.Values{"text": "x"})}
	if err := s.Finish(ctx, run.ID, 1, entries, flows.Outcome{Status: flows.Succeeded, At: now}); err != nil {
		t.Fatal(err)
	}
	return run.ID
}

func answers(t *testing.T, s *store.Store, flow, step string) int64 {
	t.Helper()
	shapes, err := s.Shapes(ctx, flow)
	if err != nil {
		t.Fatal(err)
	}
	if x := shapes[step]; x != nil {
		return x.Answers
	}
	return 0
}

func TestRunsTeachWhatAnswersLookLike(t *testing.T) {
	s := open(t)
	var now atomic.Int64
	now.Store(time.Now().UnixNano())
	begin := func() *learn.Learner {
		return learn.New(learn.Options{Store: s, Cards: all.Registry(), Now: func() time.Time { return time.Unix(0, now.Load()) }, Log: slog.New(slog.DiscardHandler)})
	}
	l := begin()
	doc := newFlow(t, s, "f_1", "https://api.example.com/customers")

	l.Over("f_1", ran(t, s, "f_1", doc, map[string]any{"email": "a", "id": int64(1)}))
	l.Over("f_1", ran(t, s, "f_1", doc, map[string]any{"id": int64(1)})) // too soon
	now.Add(int64(time.Minute))
	l.Over("f_1", ran(t, s, "f_1", doc, map[string]any{"id": "1"}))
	l.Close()
	if got := answers(t, s, "f_1", "get"); got != 2 {
		t.Errorf("%d answers were learned from, want the first and the third", got)
	}

	shapes, err := s.Shapes(ctx, "f_1")
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]shape.Drift{"body.email": shape.Vanished, "body.id": shape.Changed, "body": shape.Steady} {
		if got := shapes["get"].Of(path).Drift; got != want {
			t.Errorf("%s is %q, want %q", path, got, want)
		}
	}
	if got := shapes["start"].Answers; got != 2 {
		t.Errorf("%d events were learned from, want 2", got)
	}
	if shapes["text"] != nil {
		t.Error("something was learned of a card that asks nothing")
	}

	other := newFlow(t, s, "f_2", "https://api.example.com/orders")
	l = begin()
	l.Over("f_1", ran(t, s, "f_1", other, map[string]any{"total": int64(1)}))
	l.Close()
	if got := answers(t, s, "f_1", "get"); got != 1 {
		t.Errorf("an answer to another question is number %d, want that it begins anew", got)
	}
}

func TestLearningIsNeverInTheWay(t *testing.T) {
	s := open(t)
	l := learn.New(learn.Options{Store: s, Cards: all.Registry(), Log: slog.New(slog.DiscardHandler)})
	for i := range 100_000 {
		l.Over(fmt.Sprint("f_", i%30_000), "r_none") // runs that are gone when they are looked at
	}
	l.Close()
	l.Over("f_1", "r_1") // after the end
}
