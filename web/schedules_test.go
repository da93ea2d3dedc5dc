package web

import (
	"context"
	"testing"
	"time"

	"flowdeck/cards/schema"
	"flowdeck/flows"
)

// TestAPausedScheduleSaysThatItIsPaused: it is published, so nobody is told to publish it.
func TestAPausedScheduleSaysThatItIsPaused(t *testing.T) {
	w := newWorld(t, echoUpstream)
	w.signIn()
	f := w.publish("nightly", flows.Settings{}, flows.Document{Trigger: flows.Step{ID: "start", Card: "event.schedule"}})
	w.has("/flows", "Next: ")
	// what counts while a field is empty is what stands in it
	w.has("/flows/"+f.ID, "Next times", `placeholder="UTC"`, `placeholder="09:00"`)
	must(t, w.s.Store.UpdateFlow(context.Background(), f.ID, func(f *flows.Flow) error { f.On = false; return nil }))
	w.has("/flows", "Paused: not before it is on again")
	w.has("/flows/"+f.ID, "It is paused: nothing runs by itself until it is on again.")
	draft := flows.Flow{ID: "f_draft", Name: "Draft", Alias: "draft", Draft: f.Draft}
	must(t, w.s.Store.CreateFlow(context.Background(), draft))
	w.has("/flows", "Not before it is published and on")
	w.has("/flows/f_draft", "Nothing starts it yet: it counts once it is published and on.")
}

// TestNextTimesAreSaidWhole: with seconds where a schedule has them, and with the year when
// it is not this one.
func TestNextTimesAreSaidWhole(t *testing.T) {
	w := newWorld(t, echoUpstream)
	w.signIn()
	now := time.Date(2026, 12, 1, 8, 18, 40, 0, time.UTC)
	w.s.Now = func() time.Time { return now }
	f := w.publish("cron", flows.Settings{}, flows.Document{Trigger: flows.Step{ID: "start", Card: "event.schedule", Inputs: schema.Values{"every": "cron", "cron": "@every 1m30s"}}})
	w.has("/flows/"+f.ID, "Tue 1 Dec 2026, 08:19:30", "Tue 1 Dec 2026, 08:21<")
	w.has("/flows", "Next: Tue 1 Dec, 08:19:30 UTC")
	w.publish("leap", flows.Settings{}, flows.Document{Trigger: flows.Step{ID: "start", Card: "event.schedule", Inputs: schema.Values{"every": "cron", "cron": "0 0 29 2 *"}}})
	w.has("/flows", "Next: Tue 29 Feb 2028, 00:00 UTC")
}
