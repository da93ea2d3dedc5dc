package storetest

import (
	"testing"
	"time"

	"flowdeck/cards"
	"flowdeck/flows"
	"flowdeck/flows/store"
)

func testLastAnswers(t *testing.T, open Opener) {
	s := open(t, store.Options{})
	newFlow(t, s, "f_1")
	now := time.Now().Add(24 * time.Hour) // ids of runs are made now, so what is told happens later
	_, err := s.LastAnswer(ctx, "f_1", "post", "post")
	wantErr(t, "LastAnswer of a step that never ran", err, flows.ErrNotFound)

	ran := func(flow string, path flows.Path, at time.Time, version int64, status flows.Status, ends flows.Status) string {
		id := store.NewID("r_")
		must(t, s.Create(ctx, flows.Run{ID: id, FlowID: flow, Version: version, Status: flows.Running, Epoch: 1, Created: at}))
		a := flows.Attempt{Path: path, Number: 1, StepID: "post", Status: status, Output: map[string]any{"v": string(path)}, Started: at, Finished: at.Add(2 * time.Second)}
		must(t, s.Finish(ctx, id, 1, []flows.Entry{{Attempt: &a}}, flows.Outcome{Status: ends}))
		return id
	}
	moved := ran("f_1", "if_1/then/post", now.Add(-4*time.Hour), 6, flows.Succeeded, flows.Succeeded)
	older := ran("f_1", "post", now.Add(-3*time.Hour), 7, flows.Succeeded, flows.Succeeded)
	failed := ran("f_1", "post", now.Add(-2*time.Hour), 8, flows.Succeeded, flows.Failed) // a later step failed
	ran("f_1", "post", now.Add(-time.Hour), 8, flows.Failed, flows.Failed)
	ran("f_2", "post", now.Add(-time.Hour), 1, flows.Succeeded, flows.Succeeded)
	for _, c := range []struct {
		what    string
		path    flows.Path
		before  time.Time
		id      string
		version int64
	}{
		{"the newest, also of a run that failed later", "post", now.Add(-time.Hour), failed, 8},
		{"before that", "post", now.Add(-2 * time.Hour), older, 7},
		{"where the step stood then", "loop[3]/post", now.Add(-3 * time.Hour), moved, 6},
	} {
		a, version, err := s.LastSuccess(ctx, "f_1", "post", c.path, c.before)
		must(t, err)
		if a.RunID != c.id || version != c.version || a.Output["v"] == nil {
			t.Errorf("%s: LastSuccess = %s v%d %v, want %s v%d", c.what, a.RunID, version, a.Output, c.id, c.version)
		}
	}
	_, _, err = s.LastSuccess(ctx, "f_1", "post", "post", now.Add(-4*time.Hour))
	wantErr(t, "LastSuccess before all", err, flows.ErrNotFound)

	answer, err := s.LastAnswer(ctx, "f_1", "post", "post")
	must(t, err)
	if answer.RunID != failed || answer.Took != 2*time.Second {
		t.Errorf("LastAnswer = %+v, want that of %s", answer, failed)
	}
	test := store.CardTest{FlowID: "f_1", StepID: "post", Output: map[string]any{"v": "test"}, By: "Maya", At: now.Add(-90 * time.Minute), Took: time.Second}
	must(t, s.SaveCardTest(ctx, test))
	refused := test
	refused.Output, refused.Error, refused.At = nil, &cards.Error{Code: "http_500"}, now
	must(t, s.SaveCardTest(ctx, refused))
	replayed := test
	replayed.Output, replayed.At, replayed.Recorded, replayed.Recording = map[string]any{"v": "again"}, now, now.Add(-2*time.Hour).UTC().Truncate(time.Microsecond), failed
	must(t, s.SaveCardTest(ctx, replayed))
	answer, err = s.LastAnswer(ctx, "f_1", "post", "post")
	must(t, err)
	if answer.By != "Maya" || answer.RunID != "" || answer.Output["v"] != "test" {
		t.Errorf("LastAnswer = %+v, want that of the test that a service answered", answer)
	}
	got, err := s.CardTest(ctx, "f_1", "post")
	must(t, err)
	want(t, "when it was recorded", got.Recorded, replayed.Recorded)
	want(t, "where it was recorded", got.Recording, failed)

	outputs, err := s.OutputsOf(ctx, older, []string{"post", "none"})
	must(t, err)
	want(t, "OutputsOf", outputs, map[string]map[string]any{"post": {"v": "post"}})
	must(t, s.SaveTyped(ctx, "f_1", "post", "u_1", map[string]store.Typed{"a.b": {Text: "1"}}))
	must(t, s.SaveTyped(ctx, "f_1", "post", "u_1", map[string]store.Typed{"a.b": {Text: "2", JSON: true}}))
	for user, n := range map[string]map[string]store.Typed{"u_1": {"a.b": {Text: "2", JSON: true}}, "u_2": {}} {
		typed, err := s.Typed(ctx, "f_1", "post", user)
		must(t, err)
		want(t, "typed by "+user, typed, n)
	}
	var seen []flows.Path
	must(t, s.EachAttempt(ctx, older, func(a flows.Attempt) error { seen = append(seen, a.Path); return nil }))
	want(t, "EachAttempt", seen, []flows.Path{"post"})
}
