package storetest

import (
	"slices"
	"strings"
	"testing"
	"time"

	"flowdeck/cards"
	"flowdeck/flows"
	"flowdeck/flows/store"
)

// testWaits goes through what the journal keeps of runs that wait.
func testWaits(t *testing.T, open Opener) {
	c := &clock{start}
	s := open(t, store.Options{Now: c.Now})
	newFlow(t, s, "f_1")
	parent := newRun(t, s, "f_1", nil)
	waits := func(p flows.Path) flows.Entry {
		return flows.Entry{Attempt: &flows.Attempt{RunID: parent, Path: p, Number: 1, StepID: string(p), Card: "control.wait", Status: flows.Waiting, Started: start}}
	}
	child := func(p flows.Path, waits bool) flows.Run {
		return flows.Run{ID: flows.ChildID(parent, p, start), FlowID: "f_1", Status: flows.Queued, Created: start, Event: map[string]any{"n": int64(1)},
			Parent: flows.Parent{Run: parent, Path: p, Waits: waits, Depth: 1}}
	}
	link := flows.Callback{Hash: "h_1", Path: "ask", Made: start, Callback: cards.Callback{Expires: start.Add(time.Hour), Page: &cards.Page{Title: "Well?", Approve: "Yes"}}}

	call, behind := child("call", true), child("behind", false)
	again := call
	again.ID = "r_another"
	for range 2 { // the second time nothing is added
		must(t, s.Append(ctx, parent, 1, []flows.Entry{waits("call"), {Child: &call}, {Child: &behind}, waits("ask"), {Callback: &link}}))
	}
	must(t, s.Append(ctx, parent, 1, []flows.Entry{{Child: &again}}))
	list, err := s.Children(ctx, parent, "")
	must(t, err)
	want(t, "children", []any{len(list), list[0].ID != list[1].ID, list[0].ID == call.ID || list[1].ID == call.ID}, []any{2, true, true})
	begun, err := s.BegunBy(ctx, []string{parent, call.ID}, 10)
	must(t, err)
	slices.SortFunc(begun, func(a, b store.BegunRun) int { return strings.Compare(string(b.Path), string(a.Path)) })
	want(t, "runs that it began", begun, []store.BegunRun{{ID: call.ID, FlowID: "f_1", FlowName: begun[0].FlowName, Parent: parent, Path: "call"},
		{ID: behind.ID, FlowID: "f_1", FlowName: begun[0].FlowName, Parent: parent, Path: "behind"}})
	got, err := s.Run(ctx, call.ID)
	must(t, err)
	want(t, "parent of the child", got.Parent, call.Parent)

	must(t, s.Park(ctx, parent, 1, nil, flows.Parking{Left: 10 * time.Minute}))
	run, err := s.Run(ctx, parent)
	must(t, err)
	want(t, "status, wake, deadline of a run whose clock stands still", []any{run.Status, run.WakeAt.IsZero(), run.Deadline.IsZero()}, []any{flows.Waiting, true, true})

	cb, err := s.Callback(ctx, "h_1")
	must(t, err)
	want(t, "link", []any{cb.RunID, cb.Path, cb.Page.Title, cb.Open(start), cb.Open(start.Add(time.Hour))}, []any{parent, flows.Path("ask"), "Well?", true, false})
	_, err = s.Callback(ctx, "h_2")
	wantErr(t, "an unknown link", err, flows.ErrNotFound)
	signal := flows.Signal{Path: "ask", Kind: flows.Answered, At: start.Add(time.Minute), Body: map[string]any{"approved": true}}
	late := signal
	late.At = start.Add(2 * time.Hour)
	wantErr(t, "an answer that is late", s.Answer(ctx, cb, late), flows.ErrConflict)
	_, err = s.Arrived(ctx, parent, "ask")
	wantErr(t, "Arrived before anything has", err, flows.ErrNotFound)
	must(t, s.Answer(ctx, cb, signal))
	wantErr(t, "a second answer", s.Answer(ctx, cb, signal), flows.ErrConflict)
	arrived, err := s.Arrived(ctx, parent, "ask")
	must(t, err)
	want(t, "what arrived", arrived, signal)

	pending, err := s.Pending(ctx)
	must(t, err)
	for _, r := range pending {
		if r.ID == parent && (r.WakeAt.IsZero() || !r.WakeAt.Before(start)) {
			t.Errorf("a run for which something arrived is due at %v, want it past", r.WakeAt)
		}
	}
	memo, err := s.Claim(ctx, parent, start.Add(5*time.Minute))
	must(t, err)
	want(t, "where something arrived, deadline", []any{memo.Arrived, memo.Run.Deadline}, []any{[]flows.Path{"ask"}, start.Add(15 * time.Minute)})

	_, err = s.Outcome(ctx, call.ID)
	wantErr(t, "Outcome of a run that goes on", err, flows.ErrConflict)
	ids, err := s.CancelChildren(ctx, parent)
	must(t, err)
	want(t, "runs that are asked to end with it", ids, []string{call.ID})
	_, err = s.Claim(ctx, call.ID, start)
	must(t, err)
	end := flows.Outcome{Status: flows.Cancelled, At: start.Add(time.Minute), Output: map[string]any{"a": int64(1)}, Parent: call.Parent}
	must(t, s.Finish(ctx, call.ID, 1, nil, end))
	o, err := s.Outcome(ctx, call.ID)
	must(t, err)
	want(t, "outcome", []any{o.Status, o.Output}, []any{flows.Cancelled, end.Output})
	arrived, err = s.Arrived(ctx, parent, "call")
	must(t, err)
	want(t, "what the end of a run is to its parent", arrived.Kind, flows.Ended)

	must(t, s.Finish(ctx, parent, 2, nil, flows.Outcome{Status: flows.Succeeded, At: start.Add(time.Minute)}))
	_, err = s.Prune(ctx, start.AddDate(1, 0, 0))
	must(t, err)
	_, err = s.Callback(ctx, "h_1")
	wantErr(t, "the link of a run that was pruned", err, flows.ErrNotFound)
}
