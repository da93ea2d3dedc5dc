package local_test

import (
	"context"
	"testing"
	"time"

	"flowdeck/cards"
	"flowdeck/cards/control"
	"flowdeck/cards/event"
	"flowdeck/cards/schema"
	"flowdeck/flows"
	"flowdeck/flows/enginetest"
	"flowdeck/flows/local"
	"flowdeck/flows/runner"
	"flowdeck/flows/store"
	"flowdeck/flows/store/storetest"
)

// TestAWaitIsOverWhenTheClockSaysSo: a machine that slept, or whose clock was set, is past the
// time of a wait of which its timers think that hours are left.
func TestAWaitIsOverWhenTheClockSaysSo(t *testing.T) {
	t.Parallel()
	h := handsAt(monday(8, 0))
	db, err := store.Open(t.Context(), storetest.SQLite(t), h.store())
	must(t, err)
	defer db.Close()
	document, err := db.PutDocument(t.Context(), enginetest.Document(flows.Step{ID: "wait", Card: "control.wait", Inputs: schema.Values{"amount": 8, "unit": "hours"}}))
	must(t, err)
	e := local.New(local.Options{Journal: db, Now: h.Now, Run: db.Run, Executor: runner.New(runner.Options{Journal: db, Now: h.Now,
		Program: runner.NewPrograms(4, cards.NewRegistry(event.Endpoint, control.Wait), db.Document).Program,
		Env:     func(context.Context, string, string) (cards.Env, error) { return cards.Env{Now: h.Now}, nil }})})
	run := flows.Run{ID: store.NewID("r_"), FlowID: "f_1", Document: document}
	must(t, e.Start(t.Context(), run, flows.StartOptions{}))
	for begun := time.Now(); e.Load().Waiting == 0; time.Sleep(time.Millisecond) {
		if time.Since(begun) > 20*time.Second {
			t.Fatal("the run does not wait")
		}
	}
	h.forward(9 * time.Hour)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	if got, err := e.Wait(ctx, run.ID); err != nil || got.Outcome == nil || got.Outcome.Status != flows.Succeeded {
		t.Errorf("an hour after the end of its wait the run has come to %+v, %v; want succeeded", got.Outcome, err)
	}
	must(t, e.Shutdown(t.Context()))
}

// TestSchedulesComeBackFromAWrongClock: the clock was a year ahead for a while. Times that had
// their runs meanwhile have no second one.
func TestSchedulesComeBackFromAWrongClock(t *testing.T) {
	for name, restarted := range map[string]bool{"while the server runs": false, "while it does not": true} {
		t.Run(name, func(t *testing.T) {
			h := handsAt(monday(8, 30))
			db, err := store.Open(t.Context(), storetest.SQLite(t), h.store())
			must(t, err)
			defer db.Close()
			n := newNode(t, db, h)
			must(t, live(t.Context(), db, "f_1", schema.Values{"every": "hours"}))
			n.round(t)
			h.forward(time.Hour) // 9:30
			n.round(t)
			h.forward(-10 * time.Minute)
			n.round(t) // nothing is new
			h.forward(10*time.Minute - time.Hour)
			n.round(t) // 8:30 again
			h.forward(365 * 24 * time.Hour)
			n.round(t)
			if restarted {
				n.stop(t)
				n = newNode(t, db, h)
			}
			h.forward(-365 * 24 * time.Hour)
			n.round(t)
			h.forward(2 * time.Hour) // 10:30
			n.round(t)
			wantTimes(t, n, "2026-01-05T09:00:00Z #1", "2026-01-05T10:00:00Z #3", "2027-01-05T08:00:00Z #2")
			n.stop(t)
		})
	}
}
