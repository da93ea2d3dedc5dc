package storetest

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"flowdeck/cards"
	"flowdeck/cards/schema"
	"flowdeck/cards/trace"
	"flowdeck/flows"
	"flowdeck/flows/store"
)

// testPacked has all who read attempts find the same, whether a run has them in its own
// row, which the short one does, or in rows of their own.
func testPacked(t *testing.T, open Opener) {
	s := open(t, store.Options{})
	odd := schema.Values{"text": "\"\\\n\x00\u2028<é>\U0001F600", "n": int64(1) << 62, "list": []any{nil, true, 1.5, map[string]any{}}}
	record := &trace.Trace{}
	record.Add(trace.Exchange{Method: "GET", URL: "http://a/?q=\"", Status: 200})
	var entries []flows.Entry
	add := func(path flows.Path, number int, status flows.Status, second int, change func(*flows.Attempt)) {
		a := &flows.Attempt{Path: path, Number: number, StepID: string(path[strings.LastIndexByte(string(path), '/')+1:]), Card: "http.get", Status: status,
			Started: start.Add(time.Duration(second) * time.Second), Finished: start.Add(time.Duration(second+1) * time.Second), Input: odd}
		if change != nil {
			change(a)
		}
		entries = append(entries, flows.Entry{Attempt: a})
	}
	add("get", 1, flows.Failed, 1, func(a *flows.Attempt) {
		a.Error, a.NextAt, a.Trace = &cards.Error{Code: "http_503", Message: "busy \"now\""}, start.Add(time.Minute), record
	})
	add("get", 2, flows.Succeeded, 2, func(a *flows.Attempt) { a.Output = odd })
	add("each[0]/put", 1, flows.Succeeded, 3, func(a *flows.Attempt) { a.Output = schema.Values{"i": int64(0)} })
	add("each[1]/put", 1, flows.Failed, 4, func(a *flows.Attempt) { a.Error = &cards.Error{Code: "dns"} })
	add("each[2]/put", 1, flows.Failed, 4, func(a *flows.Attempt) { a.Error = &cards.Error{Code: cards.CodeCancelled, Message: "stopped"} })
	add("each[10]/put", 1, flows.Succeeded, 5, func(a *flows.Attempt) { a.Output = schema.Values{"i": int64(10)} })
	add("pinned", 1, flows.Succeeded, 6, func(a *flows.Attempt) { a.Output, a.Given = schema.Values{}, "pin" })
	end := flows.Outcome{Status: flows.Failed, Error: &cards.Error{Code: "dns"}, ErrorPath: "each[1]/put", At: start.Add(time.Minute)}

	long := slices.Clone(entries)
	last := *long[1].Attempt
	last.Output = schema.Values{"long": strings.Repeat("x", 40<<10)}
	long[1].Attempt = &last
	for name, entries := range map[string][]flows.Entry{"short": entries, "long": long} {
		var seen []any
		for i, flow := range []string{"f_rows_" + name, "f_row_" + name} {
			newFlow(t, s, flow)
			run := flows.Run{ID: store.NewID("r_"), FlowID: flow, Version: 1, Status: flows.Running, Epoch: 1, Created: start, Started: start, Event: schema.Values{}}
			if i == 0 {
				must(t, s.Create(ctx, run))
				must(t, s.Append(ctx, run.ID, 1, entries))
				must(t, s.Finish(ctx, run.ID, 1, nil, end))
			} else {
				must(t, s.Record(ctx, run, entries, end))
			}
			seen = append(seen, readers(t, s, flow, run.ID))
		}
		want(t, "what readers see of a "+name+" run", seen[1], seen[0])
	}
}

// readers is what all who read attempts say of a run, without its id.
func readers(t *testing.T, s *store.Store, flow, id string) map[string]any {
	t.Helper()
	nameless := func(list []flows.Attempt, err error) []flows.Attempt {
		t.Helper()
		must(t, err)
		for i := range list {
			list[i].RunID = ""
		}
		return list
	}
	first, more, err := s.AttemptsPage(ctx, id, store.AttemptPage{Limit: 3})
	must(t, err)
	if !more || len(first) != 3 {
		t.Errorf("the first page has %d attempts, more %t", len(first), more)
	}
	rest, _, err := s.AttemptsPage(ctx, id, store.AttemptPage{After: &first[2], Heads: true})
	must(t, err)
	var all []flows.Attempt
	must(t, s.EachAttempt(ctx, id, func(a flows.Attempt) error { all = append(all, a); return nil }))
	failed, err := s.FailedRounds(ctx, id)
	must(t, err)
	want(t, "the rounds that failed, and were not stopped", failed, []flows.Path{"each[1]/put"})
	newest, err := s.NewestRounds(ctx, id, []flows.Path{"each"})
	must(t, err)
	outputs, err := s.OutputsOf(ctx, id, []string{"get", "put", "none"})
	must(t, err)
	learnt, err := s.RunOutputs(ctx, id, 1<<20, 50)
	must(t, err)
	samples, err := s.SampleOutputs(ctx, flow)
	must(t, err)
	success, version, err := s.LastSuccess(ctx, flow, "get", "get", time.Time{})
	must(t, err)
	moved, _, err := s.LastSuccess(ctx, flow, "put", "elsewhere", time.Time{})
	if err == nil {
		t.Errorf("a run that failed is taken for a success of a step that has moved: %v", moved)
	}
	var last []flows.Attempt
	_, err = s.LastAttempts(ctx, []string{id}, 1000, func(w store.Write) { last = append(last, w.Attempt) })
	must(t, err)
	seen := map[string]any{
		"last":     nameless(last, nil),
		"attempts": nameless(s.Attempts(ctx, id)), "heads": nameless(s.AttemptHeads(ctx, id)), "at": nameless(s.AttemptsAt(ctx, id, "get")),
		"sketches": nameless(s.AttemptSketches(ctx, id)), "round": nameless(s.SketchesIn(ctx, id, []flows.Path{"each[10]/"})),
		"first": nameless(first, nil), "rest": nameless(rest, nil), "each": nameless(all, nil), "failed": failed, "newest": newest,
		"outputs": outputs, "learnt": learnt, "samples": samples, "success": nameless([]flows.Attempt{success}, nil), "version": version,
	}
	for _, name := range slices.Sorted(maps.Keys(seen)) {
		if list, ok := seen[name].([]flows.Attempt); ok && len(list) == 0 {
			t.Errorf("%s sees nothing", name)
		}
	}
	return seen
}
