package storetest

import (
	"testing"
	"time"

	"flowdeck/cards"
	"flowdeck/flows"
	"flowdeck/flows/store"
)

// testFailures lists runs that failed for good, and takes them up again together.
func testFailures(t *testing.T, open Opener) {
	s := open(t, store.Options{})
	newFlow(t, s, "f_1")
	fail := func(listed bool) string {
		id := newRun(t, s, "f_1", map[string]any{"n": int64(1)})
		sent := flows.Attempt{Path: "post", Number: 1, StepID: "post", Card: "http.post", Status: flows.Failed, Error: &cards.Error{Code: "timeout"}, Input: map[string]any{"url": "x"}, Finished: start}
		again := sent
		again.Number, again.Error = 2, &cards.Error{Code: "http_503"}
		o := flows.Outcome{Status: flows.Failed, ErrorPath: "post", Error: again.Error, At: start}
		if listed {
			o.Failure = &flows.Failure{Problem: "it is off"}
		}
		must(t, s.Finish(ctx, id, 1, []flows.Entry{{Attempt: &sent}, {Attempt: &again}}, o))
		return id
	}
	a, b, unlisted, c := fail(true), fail(true), fail(false), fail(true)
	wantOpen := func(what string, ids ...string) {
		t.Helper()
		rows, _, err := s.Runs(ctx, store.RunFilter{FlowID: "f_1", Open: true, Status: flows.Failed})
		must(t, err)
		var got []string
		for _, r := range rows {
			got = append(got, r.ID)
		}
		want(t, what, got, ids)
		n, err := s.OpenFailures(ctx, "", 10)
		must(t, err)
		want(t, what+", counted", n, len(ids))
	}
	wantOpen("failures", c, b, a)
	f, err := s.Failure(ctx, a)
	must(t, err)
	want(t, "why its flow for failures was not begun", f.Problem, "it is off")
	_, err = s.Failure(ctx, unlisted)
	wantErr(t, "Failure of one that is not listed", err, flows.ErrNotFound)

	n, err := s.HandleFailures(ctx, []string{b, b, unlisted}, store.FailureRow{Handled: start, How: store.Dismissed, By: "Maya", Note: "known"})
	must(t, err)
	want(t, "dealt with", n, 1)
	wantOpen("failures without the dismissed one", c, a)
	must(t, s.ReopenFailure(ctx, b))
	wantErr(t, "ReopenFailure of one that is not listed", s.ReopenFailure(ctx, unlisted), flows.ErrNotFound)
	wantOpen("failures with it again", c, b, a)

	seen := map[string]string{}
	cut, err := s.LastAttempts(ctx, []string{a, b}, 10, func(w store.Write) { seen[w.RunID] = w.Error.Code })
	must(t, err)
	want(t, "last attempts", seen, map[string]string{a: "http_503", b: "http_503"})
	want(t, "cut off", cut, false)

	redo := store.Redo{ID: "rd_1", Created: start, By: "Maya", FlowID: "f_1", From: store.FromFailed, Version: "same"}
	must(t, s.CreateRedo(ctx, redo, []string{a, b}))
	list, err := s.WaitingRedoRuns(ctx, "rd_1", 10)
	must(t, err)
	if len(list) != 2 || list[0].RunID != a || list[0].N != 1 || list[0].Again == "" || list[0].Again == list[1].Again {
		t.Fatalf("the runs of the redo are %+v; want %s and %s, with ids of their own", list, a, b)
	}
	must(t, s.SettleRedoRun(ctx, redo, list[0], start))
	must(t, s.SettleRedoRun(ctx, redo, list[0], start)) // once more, after a crash
	f, err = s.Failure(ctx, a)
	must(t, err)
	want(t, "what was done about it", f.How+" "+f.By+" "+f.Again, "redone Maya "+list[0].Again)
	wantOpen("failures without the one taken up", c, b)
	list[1].Problem = "its flow is gone"
	must(t, s.SettleRedoRun(ctx, redo, list[1], start))
	got, err := s.Redo(ctx, "rd_1")
	must(t, err)
	want(t, "the redo", string(got.Status)+" "+got.By+" "+got.From, "done Maya failed")
	want(t, "settled", got.Settled, 2)
	counts, err := s.RedoCounts(ctx, "rd_1")
	must(t, err)
	want(t, "counts, when what was begun is gone", counts, store.RedoCounts{Refused: 1, Gone: 1})
	must(t, s.Create(ctx, flows.Run{ID: list[0].Again, FlowID: "f_1", Version: 1}))
	counts, err = s.RedoCounts(ctx, "rd_1")
	must(t, err)
	want(t, "counts", counts, store.RedoCounts{Refused: 1, UnderWay: 1})
	underWay, err := s.RedoUnderWay(ctx, "rd_1")
	must(t, err)
	want(t, "runs of the redo under way", underWay, []string{list[0].Again})
	for as, n := range map[store.RedoOutcome]int{store.RedoUnderWay: 1, store.RedoFailed: 0, store.RedoSucceeded: 0} {
		begun, err := s.BegunRedoRuns(ctx, "rd_1", as, 10)
		must(t, err)
		want(t, "runs of the redo that are "+string(as), len(begun), n)
	}
	wantErr(t, "StopRedo of one that is over", s.StopRedo(ctx, "rd_1"), flows.ErrConflict)
	wantErr(t, "StopRedo of one that never was", s.StopRedo(ctx, "rd_2"), flows.ErrNotFound)
	wantOpen("failures with the refused one", c, b)

	must(t, s.CreateRedo(ctx, store.Redo{ID: "rd_3", Created: start, From: store.FromStart}, []string{c}))
	running, err := s.RunningRedos(ctx)
	must(t, err)
	if len(running) != 1 || running[0].ID != "rd_3" {
		t.Errorf("running redos are %+v, want rd_3", running)
	}
	must(t, s.StopRedo(ctx, "rd_3"))
	_, err = s.Prune(ctx, time.Now().AddDate(0, 0, 40))
	must(t, err)
	_, err = s.Redo(ctx, "rd_3")
	wantErr(t, "a redo of last month", err, flows.ErrNotFound)
	if left, err := s.OpenFailures(ctx, "", 10); left != 0 || err != nil {
		t.Errorf("%d failures are left of runs that are gone, %v", left, err)
	}
}
