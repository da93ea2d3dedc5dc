package storetest

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"flowdeck/cards"
	"flowdeck/flows"
	"flowdeck/flows/store"
)

func testRunList(t *testing.T, open Opener) {
	s := open(t, store.Options{})
	newFlow(t, s, "f_1")
	newFlow(t, s, "f_2")
	var ids []string // newest first
	for i := range 12 {
		id := newRun(t, s, fmt.Sprintf("f_%d", 1+i%2), nil)
		ids = append([]string{id}, ids...)
		switch i % 4 {
		case 1:
			must(t, s.Finish(ctx, id, 1, nil, flows.Outcome{Status: flows.Failed, Error: &cards.Error{Code: "timeout"}}))
		case 2:
			must(t, s.Finish(ctx, id, 1, nil, flows.Outcome{Status: flows.Succeeded}))
		case 3:
			must(t, s.Park(ctx, id, 1, nil, flows.Parking{WakeAt: start}))
		}
	}
	pages := func(f store.RunFilter) (got []string) {
		for {
			list, next, err := s.Runs(ctx, f)
			must(t, err)
			for _, r := range list {
				got = append(got, r.ID)
			}
			if next == "" {
				return got
			}
			f.Before = next
		}
	}
	pick := func(at ...int) (some []string) {
		for _, i := range at {
			some = append(some, ids[i])
		}
		return some
	}
	for _, x := range []struct {
		filter store.RunFilter
		want   []string
	}{
		{store.RunFilter{}, ids},
		{store.RunFilter{Limit: 5}, ids},
		{store.RunFilter{Limit: 12}, ids},
		{store.RunFilter{Limit: 1, FlowID: "f_1"}, pick(1, 3, 5, 7, 9, 11)},
		{store.RunFilter{Limit: 2, Status: flows.Failed}, pick(2, 6, 10)},
		{store.RunFilter{Status: flows.Failed, FlowID: "f_1"}, nil},
		{store.RunFilter{Limit: 1, Status: flows.Failed, FlowID: "f_2"}, pick(2, 6, 10)},
		{store.RunFilter{Status: flows.Running}, pick(3, 7, 11)},
		{store.RunFilter{Status: flows.Waiting}, pick(0, 4, 8)},
		{store.RunFilter{Limit: 4, Status: store.UnderWay}, pick(0, 3, 4, 7, 8, 11)},
		{store.RunFilter{Status: flows.Cancelled}, nil},
		{store.RunFilter{FlowID: "f_3"}, nil},
	} {
		want(t, fmt.Sprintf("Runs(%+v)", x.filter), pages(x.filter), x.want)
	}
	counts, err := s.RunCounts(ctx, "")
	must(t, err)
	want(t, "RunCounts of all", counts, store.RunCounts{Open: 6, Failed: 3})
	counts, err = s.RunCounts(ctx, "f_1")
	must(t, err)
	want(t, "RunCounts of f_1", counts, store.RunCounts{Open: 3})
	_, err = s.LastRun(ctx, "f_3")
	wantErr(t, "LastRun of a flow that never ran", err, flows.ErrNotFound)
}

func testRunSearch(t *testing.T, open Opener) {
	s := open(t, store.Options{})
	newFlow(t, s, "f_1")
	event := map[string]any{"method": "POST", "headers": map[string]any{"x": "secret-header"},
		"body": map[string]any{"email": "Maya@Acme.io", "items": []any{map[string]any{"sku": "A_1"}}, "total": int64(1250)}}
	a := newRun(t, s, "f_1", event)
	b := newRun(t, s, "f_1", map[string]any{"name": "100%", "ok": true, "order": "20261201-0042", "user": "3F2A91C0-7d1e-4b6f-9a52-0c1d2e3f4a5b"})
	must(t, s.Finish(ctx, b, 1, nil, flows.Outcome{Status: flows.Failed, Output: map[string]any{"ref": "Z-9"},
		Error: &cards.Error{Code: "http_404", Message: "No such Customer"}}))
	for _, x := range []struct {
		query string
		want  []string
	}{
		{"maya@ACME", []string{a}}, {"a_1", []string{a}}, {"1250", []string{a}}, {"email maya", []string{a}}, {"secret-header", nil},
		{"100%", []string{b}}, {"0%0", nil}, {"http_404", []string{b}}, {"such customer", []string{b}}, {"z-9", []string{b}},
		{a, []string{a}}, {b[2:20], []string{b}}, {a[:8], []string{b, a}}, {a[len(a)-8:], []string{a}}, {"zzz", nil},
		{"20261201-0042", []string{b}}, {"3f2a91c0-7d1e-4b6f-9a52-0c1d2e3f4a5b", []string{b}}, {"r_3f2a91c0-7d1e-4b6f-9a52-0c1d2e3f4a5b", nil},
	} {
		list, next, err := s.Runs(ctx, store.RunFilter{Query: x.query})
		must(t, err)
		var got []string
		for _, r := range list {
			got = append(got, r.ID)
		}
		want(t, fmt.Sprintf("Runs(%q)", x.query), got, x.want)
		want(t, "next page of the search", next, "")
	}
	row, err := s.LastRun(ctx, "f_1")
	must(t, err)
	want(t, "summary of b", row.Key, "name 100%, ok true")
	list, _, err := s.Runs(ctx, store.RunFilter{Query: "maya"})
	must(t, err)
	want(t, "summary of a", list[0].Key, "email Maya@Acme.io, total 1250")
}

func testHistory(t *testing.T, open Opener) {
	s := open(t, store.Options{})
	id := newRun(t, s, "f_1", nil)
	var entries []flows.Entry
	for i := range 20 {
		entries = append(entries, flows.Entry{Attempt: &flows.Attempt{Path: flows.Path(fmt.Sprintf("loop[%d]/get", 19-i)), Number: 1, StepID: "get",
			Card: "http.get", Status: flows.Succeeded, Input: map[string]any{"i": int64(i)}, Output: map[string]any{"o": int64(i)},
			Started: start.Add(time.Duration(i) * time.Second)}})
	}
	must(t, s.Append(ctx, id, 1, entries))
	full, err := s.Attempts(ctx, id)
	must(t, err)
	heads, err := s.AttemptHeads(ctx, id)
	must(t, err)
	sketches, err := s.AttemptSketches(ctx, id)
	must(t, err)
	at, err := s.AttemptsAt(ctx, id, "loop[3]/get")
	must(t, err)
	if len(full) != 20 || len(heads) != 20 || len(sketches) != 20 || len(at) != 1 {
		t.Fatalf("%d attempts, %d heads, %d sketches, %d at loop[3]/get, want 20, 20, 20, 1", len(full), len(heads), len(sketches), len(at))
	}
	for i, a := range full {
		e := *entries[i].Attempt
		e.RunID = id
		want(t, fmt.Sprintf("attempt %d", i), a, e)
		want(t, fmt.Sprintf("sketch %d", i), sketches[i], e)
		e.Input, e.Output = nil, nil
		want(t, fmt.Sprintf("head %d", i), heads[i], e)
	}
	want(t, "attempt at loop[3]/get", at[0], full[16])
	must(t, s.Append(ctx, id, 1, []flows.Entry{
		{Attempt: &flows.Attempt{Path: "loop[3]/inner[0]/get", Number: 1, StepID: "inner", Card: "http.get", Status: flows.Failed, Started: start.Add(time.Minute)}},
		{Attempt: &flows.Attempt{Path: "loop[30]/get", Number: 1, StepID: "get", Card: "http.get", Status: flows.Failed, NextAt: start.Add(time.Hour), Started: start.Add(2 * time.Minute)}},
		{Attempt: &flows.Attempt{Path: "before", Number: 1, StepID: "before", Card: "http.get", Status: flows.Failed, Started: start}}}))
	lost, err := s.FailedRounds(ctx, id)
	must(t, err)
	want(t, "rounds that failed", lost, []flows.Path{"loop[3]/inner[0]/get"})
	newest, err := s.NewestRounds(ctx, id, []flows.Path{"none", "loop[3]/inner", "loop"})
	must(t, err)
	slices.Sort(newest)
	want(t, "the newest rounds", newest, []flows.Path{"loop[30]/get", "loop[3]/inner[0]/get"})
	some, err := s.SketchesIn(ctx, id, []flows.Path{"loop[3]/"})
	must(t, err)
	paths := []flows.Path{}
	for _, a := range some {
		paths = append(paths, a.Path)
	}
	want(t, "sketches in round 3", paths, []flows.Path{"before", "loop[3]/get"})
}

func testSamples(t *testing.T, open Opener) {
	s := open(t, store.Options{})
	newFlow(t, s, "f_1")
	samples, err := s.SampleOutputs(ctx, "f_1")
	must(t, err)
	want(t, "samples of a flow that never ran", samples, map[string]map[string]any{})

	old := newRun(t, s, "f_1", map[string]any{"from": "old"})
	must(t, s.Append(ctx, old, 1, []flows.Entry{succeeded("get", "get", map[string]any{"v": "old"}), succeeded("if_1/then/set", "set", map[string]any{"v": "set"})}))
	last := newRun(t, s, "f_1", map[string]any{"from": "last"})
	later := flows.Attempt{Path: "get", Number: 2, StepID: "get", Status: flows.Succeeded, Output: map[string]any{"v": "last"}, Started: start.Add(time.Minute)}
	bad := flows.Attempt{Path: "if_1/then/set", Number: 1, StepID: "set", Status: flows.Failed, Started: start.Add(time.Minute)}
	must(t, s.Append(ctx, last, 1, []flows.Entry{succeeded("get", "get", map[string]any{"v": "first try"}), {Attempt: &later}, {Attempt: &bad}}))
	tried := store.CardTest{FlowID: "f_1", StepID: "tried", Card: "http.get", Input: map[string]any{"url": "u"}, Output: map[string]any{"v": "test"},
		By: "Maya", At: start, Took: 3 * time.Millisecond}
	must(t, s.SaveCardTest(ctx, tried))
	must(t, s.SaveCardTest(ctx, store.CardTest{FlowID: "f_1", StepID: "get", Output: map[string]any{"v": "too old"}, At: start}))
	samples, err = s.SampleOutputs(ctx, "f_1")
	must(t, err)
	want(t, "samples", samples, map[string]map[string]any{"start": {"from": "last"}, "get": {"v": "last"}, "set": {"v": "set"}, "tried": {"v": "test"}})

	got, err := s.CardTest(ctx, "f_1", "tried")
	must(t, err)
	want(t, "CardTest", got, tried)
	tried.Output, tried.Error = nil, &cards.Error{Code: "timeout", Message: "Too slow"}
	must(t, s.SaveCardTest(ctx, tried))
	list, err := s.CardTests(ctx, "f_1")
	must(t, err)
	if len(list) != 2 {
		t.Fatalf("%d card tests, want 2", len(list))
	}
	want(t, "card test in place of the one before", list[1], tried)
	_, err = s.CardTest(ctx, "f_1", "set")
	wantErr(t, "CardTest of a step that was not tried", err, flows.ErrNotFound)
}

func testSameErrors(t *testing.T, open Opener) {
	s := open(t, store.Options{})
	for _, x := range []struct {
		flow, code string
		path       flows.Path
	}{
		{"f_1", "http_503", "if_1/then/get"}, {"f_1", "http_503", "get"}, {"f_1", "http_503", "loop[4]/get"},
		{"f_1", "timeout", "get"}, {"f_1", "http_503", "post"}, {"f_2", "http_503", "get"},
	} {
		id := newRun(t, s, x.flow, nil)
		must(t, s.Finish(ctx, id, 1, nil, flows.Outcome{Status: flows.Failed, Error: &cards.Error{Code: x.code}, ErrorPath: x.path}))
	}
	for since, n := range map[time.Time]int{time.Now().Add(-time.Hour): 3, time.Now().Add(time.Hour): 0} {
		got, err := s.SameErrors(ctx, "f_1", "get", "http_503", since)
		must(t, err)
		want(t, fmt.Sprint("SameErrors since ", since), got, n)
	}
}
