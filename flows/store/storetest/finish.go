package storetest

import (
	"testing"
	"time"

	"flowdeck/cards"
	"flowdeck/flows"
	"flowdeck/flows/store"
)

// testFinishing has runs end the same whether their journal is written at once or bit by bit.
func testFinishing(t *testing.T, open Opener) {
	s := open(t, store.Options{})
	newFlow(t, s, "f_1")
	answer := flows.Entry{Answer: &flows.Answer{Path: "close", Response: flows.Response{Status: 202, Headers: map[string][]string{"X-B": {"2"}, "X-A": nil}, Body: "é\x01"}}}
	first := flows.Attempt{Path: "get", Number: 1, StepID: "get", Card: "http.get", Status: flows.Failed, Error: &cards.Error{Code: "timeout"}}
	second := first
	second.Number, second.Status, second.Error, second.Output = 2, flows.Succeeded, nil, map[string]any{"status_code": int64(200)}
	entries := []flows.Entry{{Attempt: &first}, {Attempt: &second}, answer}
	end := flows.Outcome{Status: flows.Failed, ErrorPath: "if_1/then/post", Error: &cards.Error{Code: "http_404", Message: "Gone"},
		Output: map[string]any{"a": int64(1)}, At: start}
	var rows []store.RunRow
	var runs []flows.Run
	var bytes []int64
	written := func(early int) string {
		id := newRun(t, s, "f_1", map[string]any{"n": int64(1)})
		for _, e := range entries[:early] {
			must(t, s.Append(ctx, id, 1, []flows.Entry{e}))
		}
		wantErr(t, "Finish by another claim", s.Finish(ctx, id, 2, entries[early:], end), flows.ErrFenced)
		must(t, s.Finish(ctx, id, 1, entries[early:], end))
		return id
	}
	late := func() flows.Run {
		return flows.Run{ID: store.NewID("r_"), FlowID: "f_1", Version: 1, Status: flows.Running, Epoch: 1, Event: map[string]any{"n": int64(1)}}
	}
	ways := []func() string{}
	for early := range 4 {
		ways = append(ways, func() string { return written(early) }, func() string {
			run := late()
			must(t, s.Create(ctx, run, entries[:early]...))
			must(t, s.Finish(ctx, run.ID, 1, entries[early:], end))
			return run.ID
		})
	}
	ways = append(ways, func() string {
		run := late()
		must(t, s.Record(ctx, run, entries, end))
		if _, err := s.Run(ctx, run.ID); err != nil { // it may be on the disk and no row yet
			t.Errorf("Run: %v", err)
		}
		return run.ID
	})
	for way, write := range ways {
		id := write()
		wantErr(t, "Finish of a run that is over", s.Finish(ctx, id, 1, nil, end), flows.ErrFenced)
		row, err := s.LastRun(ctx, "f_1")
		must(t, err)
		run, err := s.Run(ctx, id)
		must(t, err)
		history, err := s.Attempts(ctx, id)
		must(t, err)
		if row.ID != id || len(history) != 2 || row.Retries != 1 || row.ResponseStatus != 202 {
			t.Errorf("way %d: run %s has %d attempts, %d retries and answered %d, want %s, 2, 1 and 202",
				way, row.ID, len(history), row.Retries, row.ResponseStatus, id)
		}
		row.ID, row.Created, run.ID, run.Created = "", time.Time{}, "", time.Time{}
		rows, runs = append(rows, row), append(runs, run)
		p, err := s.Prune(ctx, time.Now().AddDate(1, 0, 0))
		must(t, err)
		if p.Bytes == 0 || p.Runs != 1 {
			t.Errorf("pruned %d runs of %d bytes, want the one run and its bytes", p.Runs, p.Bytes)
		}
		bytes = append(bytes, p.Bytes)
	}
	for i := range rows {
		want(t, "the run's row", rows[i], rows[0])
		want(t, "the run", runs[i], runs[0])
		want(t, "the run's bytes", bytes[i], bytes[0])
	}
}
