package storetest

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"flowdeck/cards/schema"
	"flowdeck/flows"
	"flowdeck/flows/store"
)

func testFlows(t *testing.T, open Opener) {
	c := &clock{start}
	s := open(t, store.Options{Now: c.Now})
	f := flows.Flow{ID: "f_1", Name: "Onboard", Description: "of people", Labels: []string{"hr", "it"}, Alias: "onboard",
		Draft: document("https://a.example/{{start.id}}", ""), Settings: flows.Settings{KeepDays: 3, RunTimeout: schema.Duration{Duration: time.Minute}},
		Created: start, Updated: start, UpdatedBy: "Maya"}
	must(t, s.CreateFlow(ctx, f))
	f.Revision, f.Changed = 1, true
	got, err := s.Flow(ctx, "f_1")
	must(t, err)
	want(t, "Flow", got, f)

	_, err = s.Flow(ctx, "f_2")
	wantErr(t, "Flow of an unknown id", err, flows.ErrNotFound)
	wantErr(t, "CreateFlow with an alias that exists", s.CreateFlow(ctx, flows.Flow{ID: "f_2", Alias: "onboard"}), flows.ErrTaken)
	wantErr(t, "CreateFlow with an id that exists", s.CreateFlow(ctx, flows.Flow{ID: "f_1", Alias: "x"}), flows.ErrTaken)

	c.now = start.Add(time.Hour)
	calls := 0
	must(t, s.UpdateFlow(ctx, "f_1", func(f *flows.Flow) error {
		if calls++; calls == 1 { // somebody else is faster
			must(t, s.UpdateFlow(ctx, "f_1", func(f *flows.Flow) error { f.Description = "theirs"; return nil }))
		}
		f.Name, f.On, f.Revision, f.UpdatedBy = "Welcome", true, 99, "Jo"
		return nil
	}))
	f.Name, f.On, f.Description, f.Updated, f.UpdatedBy = "Welcome", true, "theirs", c.now, "Jo"
	got, err = s.Flow(ctx, "f_1")
	must(t, err)
	want(t, "Flow after two updates at the same time", got, f)
	want(t, "calls of change", calls, 2)

	newFlow(t, s, "f_3")
	wantErr(t, "UpdateFlow to an alias that exists", s.UpdateFlow(ctx, "f_3", func(f *flows.Flow) error { f.Alias = "onboard"; return nil }), flows.ErrTaken)
	own := errors.New("no")
	wantErr(t, "UpdateFlow whose change fails", s.UpdateFlow(ctx, "f_3", func(*flows.Flow) error { return own }), own)
	wantErr(t, "UpdateFlow of an unknown id", s.UpdateFlow(ctx, "f_9", func(*flows.Flow) error { return nil }), flows.ErrNotFound)

	must(t, s.DuplicateFlow(ctx, "f_1", store.FlowCopy{ID: "f_4", Name: "Copy", Alias: "copy", By: "Jo"}))
	dup, err := s.Flow(ctx, "f_4")
	must(t, err)
	want(t, "draft of the copy", dup.Draft, f.Draft)
	want(t, "copy is on, published", []any{dup.On, dup.Version, dup.Labels}, []any{false, int64(0), f.Labels})
}

func testFlowList(t *testing.T, open Opener) {
	c := &clock{start}
	s := open(t, store.Options{Now: c.Now})
	for i := range 7 {
		f := flows.Flow{ID: fmt.Sprintf("f_%d", i), Name: fmt.Sprintf("%c flow", 'g'-i), Alias: fmt.Sprintf("a%d", i)}
		if i%2 == 0 {
			f.Labels = []string{"even", `50%_"x"`}
		}
		must(t, s.CreateFlow(ctx, f))
	}
	_, err := s.Publish(ctx, "f_2", 1, document("u", ""), "", "Maya")
	must(t, err)
	must(t, s.UpdateFlow(ctx, "f_2", func(f *flows.Flow) error { f.On = true; return nil }))
	_, err = s.Publish(ctx, "f_3", 1, document("u", ""), "", "Maya")
	must(t, err)
	_, err = s.SaveDraft(ctx, "f_3", 1, document("v", ""), store.Change{By: "Maya"})
	must(t, err)

	names := func(f store.FlowFilter) (ids []string) {
		for {
			list, next, err := s.Flows(ctx, f)
			must(t, err)
			for _, r := range list {
				ids = append(ids, r.ID)
			}
			if next == "" {
				return ids
			}
			if len(list) != f.Limit {
				t.Fatalf("a page of %d flows has a next one, want %d", len(list), f.Limit)
			}
			f.Cursor = next
		}
	}
	all := []string{"f_6", "f_5", "f_4", "f_3", "f_2", "f_1", "f_0"}
	for _, x := range []struct {
		filter store.FlowFilter
		want   []string
	}{
		{store.FlowFilter{}, all},
		{store.FlowFilter{Limit: 2}, all},
		{store.FlowFilter{Limit: 7}, all},
		{store.FlowFilter{Query: "C FL"}, []string{"f_4"}},
		{store.FlowFilter{Query: "a3"}, []string{"f_3"}},
		{store.FlowFilter{Query: "%"}, nil},
		{store.FlowFilter{Label: "even"}, []string{"f_6", "f_4", "f_2", "f_0"}},
		{store.FlowFilter{Label: `50%_"x"`, Limit: 3}, []string{"f_6", "f_4", "f_2", "f_0"}},
		{store.FlowFilter{Label: "eve"}, nil},
		{store.FlowFilter{State: "on"}, []string{"f_2"}},
		{store.FlowFilter{State: "off"}, []string{"f_3"}},
		{store.FlowFilter{State: "changed"}, []string{"f_3"}},
		{store.FlowFilter{State: "draft", Query: "flow", Label: "even"}, []string{"f_6", "f_4", "f_0"}},
	} {
		want(t, fmt.Sprintf("Flows(%+v)", x.filter), names(x.filter), x.want)
	}
	labels, err := s.Labels(ctx)
	must(t, err)
	want(t, "Labels", labels, []string{`50%_"x"`, "even"})

	c.now = time.Now()
	newRun(t, s, "f_2", nil)
	failed := newRun(t, s, "f_2", nil)
	must(t, s.Finish(ctx, failed, 1, nil, flows.Outcome{Status: flows.Failed}))
	list, _, err := s.Flows(ctx, store.FlowFilter{State: "on"})
	must(t, err)
	r := list[0]
	want(t, "last run, status, today, failed today, trigger, steps", []any{r.LastRun, r.LastStatus, r.RunsToday, r.FailedToday, r.Trigger, r.Steps},
		[]any{failed, flows.Failed, 2, 1, "", 0})
}

func testDeletedFlows(t *testing.T, open Opener) {
	s := open(t, store.Options{})
	newFlow(t, s, "f_1")
	must(t, s.SetToken(ctx, "f_1", "hash", "…x", "Maya"))
	id := newRun(t, s, "f_1", nil)
	must(t, s.DeleteFlow(ctx, "f_1"))
	_, err := s.Flow(ctx, "f_1")
	wantErr(t, "Flow when deleted", err, flows.ErrNotFound)
	_, err = s.FlowByAlias(ctx, "f_1")
	wantErr(t, "FlowByAlias when deleted", err, flows.ErrNotFound)
	wantErr(t, "DeleteFlow again", s.DeleteFlow(ctx, "f_1"), flows.ErrNotFound)
	run, err := s.Run(ctx, id)
	must(t, err)
	want(t, "cancel flag of a run of the deleted flow", run.Cancel, true)
	must(t, s.CreateFlow(ctx, flows.Flow{ID: "f_2", Alias: "f_1"}))
	againFromAFile(t, s)

	must(t, s.Finish(ctx, id, 1, nil, flows.Outcome{Status: flows.Cancelled}))
	p, err := s.Prune(ctx, time.Now().Add(time.Hour)) // not at once: a run that is over may not be a row yet
	must(t, err)
	want(t, "flows and runs pruned", []int{p.Flows, p.Runs}, []int{2, 1})
	_, err = s.Run(ctx, id)
	wantErr(t, "Run of a pruned flow", err, flows.ErrNotFound)
}

// againFromAFile deletes a flow that has runs, and makes it again with its old id.
func againFromAFile(t *testing.T, s *store.Store) {
	t.Helper()
	newFlow(t, s, "f_3")
	_, err := s.SaveDraft(ctx, "f_3", 1, document("https://b.example", ""), store.Change{UserID: "u_1", Label: "one", Edit: []byte(`1`), Inverse: []byte(`-1`)})
	must(t, err)
	must(t, s.SavePin(ctx, "f_3", store.Pin{StepID: "get", Output: schema.Values{"body": "of before"}}))
	must(t, s.CreateFlowTest(ctx, store.FlowTest{ID: "t_1", FlowID: "f_3", Name: "Before", Body: "{}"}))
	must(t, s.DeleteFlow(ctx, "f_3"))
	newFlow(t, s, "f_3")
	_, err = s.LastEdit(ctx, "f_3", "u_1", false)
	wantErr(t, "undo in a flow that was made again", err, flows.ErrNotFound)
	pins, err := s.Pins(ctx, "f_3")
	must(t, err)
	tests, err := s.FlowTests(ctx, "f_3")
	must(t, err)
	want(t, "pins and tests of a flow that was made again", []int{len(pins), len(tests)}, []int{0, 0})
	must(t, s.DeleteFlow(ctx, "f_3"))
}
