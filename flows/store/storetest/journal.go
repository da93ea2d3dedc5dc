package storetest

import (
	"testing"
	"time"

	"flowdeck/cards"
	"flowdeck/cards/schema"
	"flowdeck/cards/trace"
	"flowdeck/flows"
	"flowdeck/flows/store"
)

func testLife(t *testing.T, open Opener) {
	c := &clock{start}
	s := open(t, store.Options{Now: c.Now})
	newFlow(t, s, "f_1")
	id := store.NewID("r_")
	created := flows.Run{ID: id, FlowID: "f_1", Version: 3, Document: "d", Trigger: "event.endpoint", Source: "10.4.0.18", RerunOf: "r_0",
		Event:    map[string]any{"n": int64(9007199254740993), "f": 0.25, "list": []any{nil, true, "x"}, "deep": map[string]any{"a": int64(1)}},
		Deadline: start.Add(time.Hour), Created: start}
	must(t, s.Create(ctx, created))
	wantErr(t, "Create of an id that exists", s.Create(ctx, created), flows.ErrTaken)
	created.Status, created.FlowName, created.FlowAlias = flows.Queued, "Flow f_1", "f_1"
	got, err := s.Run(ctx, id)
	must(t, err)
	want(t, "Run when queued", got, created)

	memo, err := s.Claim(ctx, id, start.Add(time.Second))
	must(t, err)
	created.Status, created.Epoch, created.Started = flows.Running, 1, start.Add(time.Second)
	created.Deadline = start.Add(time.Second + time.Hour) // its time has begun
	want(t, "Claim", memo, flows.Memo{Run: created, Attempts: []flows.Attempt{}})

	intent := flows.Attempt{RunID: id, Path: "get", Number: 1, StepID: "get", Card: "http.get", Status: flows.Running,
		Input: map[string]any{"url": "https://a.example"}, Started: start.Add(2 * time.Second)}
	must(t, s.Append(ctx, id, 1, []flows.Entry{{Attempt: &intent}}))
	failed := intent
	failed.Status, failed.Finished, failed.NextAt = flows.Failed, start.Add(3*time.Second), start.Add(4*time.Second)
	failed.Error = &cards.Error{Code: "http_503", Message: "Busy", Retryable: true, After: time.Second, Details: map[string]any{"status_code": int64(503)}}
	failed.Trace = &trace.Trace{Exchanges: []trace.Exchange{{Method: "GET", URL: "https://a.example", Status: 503, RequestHeaders: [][2]string{{"A", "b"}}}}}
	again := intent
	again.Number, again.Status, again.Output = 2, flows.Succeeded, map[string]any{"status_code": int64(200)}
	must(t, s.Append(ctx, id, 1, []flows.Entry{{Attempt: &failed}, {Attempt: &intent}, {Attempt: &failed}, {Attempt: &again}}))
	answer := flows.Response{Status: 201, Headers: map[string][]string{"X-A": {"1", "2"}}, Body: map[string]any{"id": int64(12)}}
	must(t, s.Append(ctx, id, 1, []flows.Entry{{Answer: &flows.Answer{Path: "close", Response: answer}}}))

	memo, err = s.Claim(ctx, id, start.Add(time.Minute))
	must(t, err)
	created.Epoch, created.Response, created.ResponsePath = 2, &answer, "close"
	want(t, "run when claimed again", memo.Run, created)
	want(t, "attempts when claimed again", memo.Attempts, []flows.Attempt{failed, again})

	end := flows.Outcome{Status: flows.Failed, Output: map[string]any{"a": int64(1)}, ErrorPath: "if_1/then/get",
		Error: &cards.Error{Code: "http_404", Message: "Not found"}, At: start.Add(2 * time.Minute)}
	must(t, s.Finish(ctx, id, 2, []flows.Entry{succeeded("last", "last", nil)}, end))
	created.Status, created.Output, created.Error, created.ErrorPath, created.Finished = flows.Failed, end.Output, end.Error, end.ErrorPath, end.At
	got, err = s.Run(ctx, id)
	must(t, err)
	want(t, "Run at the end", got, created)
	row, err := s.LastRun(ctx, "f_1")
	must(t, err)
	want(t, "row: id, answered, code, path, retries, flow", []any{row.ID, row.ResponseStatus, row.ErrorCode, row.ErrorPath, row.Retries, row.FlowName},
		[]any{id, 201, "http_404", flows.Path("if_1/then/get"), 1, "Flow f_1"})
}

// testBounds: a run that is taken up has the limits that its flow has then.
func testBounds(t *testing.T, open Opener) {
	s := open(t, store.Options{})
	newFlow(t, s, "f_1")
	id := newRun(t, s, "f_1", nil)
	for _, set := range []flows.Settings{{RunSteps: 7}, {RunMemoryMB: 3, RunTimeout: schema.Duration{Duration: time.Minute}}, {}} {
		must(t, s.UpdateFlow(ctx, "f_1", func(f *flows.Flow) error { f.Settings = set; return nil }))
		memo, err := s.Claim(ctx, id, start)
		must(t, err)
		want(t, "limits when claimed", memo.Run.Bounds, set.Bounds())
	}
}

// testDied: a process that dies while it drives a run is counted, until something of the run
// is finished.
func testDied(t *testing.T, open Opener) {
	s := open(t, store.Options{})
	id := store.NewID("r_")
	must(t, s.Create(ctx, flows.Run{ID: id, FlowID: "f_1", Document: "d"}))
	takeUp := func(what string, died int) int64 {
		t.Helper()
		pending, err := s.Pending(ctx)
		must(t, err)
		memo, err := s.TakeUp(ctx, id, start)
		must(t, err)
		want(t, "Died "+what, memo.Run.Died, died)
		if before := pending[0].Died; before != died && before != died-1 {
			t.Errorf("Pending gave Died %d %s, and TakeUp %d", before, what, died)
		}
		return memo.Run.Epoch
	}
	over := func(path string, status flows.Status, e *cards.Error) flows.Entry {
		return flows.Entry{Attempt: &flows.Attempt{RunID: id, Path: flows.Path(path), Number: 1, StepID: path, Card: "http.get", Status: status, Error: e, Started: start}}
	}
	takeUp("of one that nobody has driven", 0)
	takeUp("when that died", 1)
	epoch := takeUp("when the next died too", 2)
	must(t, s.Append(ctx, id, epoch, []flows.Entry{over("a", flows.Failed, &cards.Error{Code: cards.CodeInterrupted}), over("b", flows.Running, nil)}))
	epoch = takeUp("when a card has begun", 3)
	must(t, s.Append(ctx, id, epoch, []flows.Entry{over("b", flows.Succeeded, nil)}))
	takeUp("when a card was over", 1)
	memo, err := s.Claim(ctx, id, start)
	must(t, err)
	want(t, "Died when the same process goes on", memo.Run.Died, 1)
	must(t, s.Park(ctx, id, memo.Run.Epoch, nil, flows.Parking{WakeAt: start}))
	takeUp("when it waited", 0)
	epoch = takeUp("when its process died", 1)
	must(t, s.Finish(ctx, id, epoch, nil, flows.Outcome{Status: flows.Succeeded}))
	_, err = s.TakeUp(ctx, id, start)
	wantErr(t, "TakeUp after the end", err, flows.ErrConflict)
}

func testFencing(t *testing.T, open Opener) {
	s := open(t, store.Options{})
	id := newRun(t, s, "f_1", nil)
	_, err := s.Claim(ctx, id, start)
	must(t, err)
	entries := []flows.Entry{succeeded("late", "late", nil), {Answer: &flows.Answer{Path: "late", Response: flows.Response{Status: 200}}}}
	for _, epoch := range []int64{0, 1, 3} {
		wantErr(t, "Append by another epoch", s.Append(ctx, id, epoch, entries), flows.ErrFenced)
		wantErr(t, "Park by another epoch", s.Park(ctx, id, epoch, entries, flows.Parking{WakeAt: start}), flows.ErrFenced)
		wantErr(t, "Finish by another epoch", s.Finish(ctx, id, epoch, entries, flows.Outcome{Status: flows.Succeeded}), flows.ErrFenced)
	}
	run, err := s.Run(ctx, id)
	must(t, err)
	attempts, err := s.Attempts(ctx, id)
	must(t, err)
	want(t, "status, answer, attempts after fenced writes", []any{run.Status, run.Response == nil, len(attempts)}, []any{flows.Running, true, 0})

	must(t, s.Finish(ctx, id, 2, nil, flows.Outcome{Status: flows.Succeeded}))
	wantErr(t, "Append after the end", s.Append(ctx, id, 2, entries), flows.ErrFenced)
	wantErr(t, "Finish after the end", s.Finish(ctx, id, 2, nil, flows.Outcome{Status: flows.Failed}), flows.ErrFenced)
	_, err = s.Claim(ctx, id, start)
	wantErr(t, "Claim after the end", err, flows.ErrConflict)
	_, err = s.Claim(ctx, "r_unknown", start)
	wantErr(t, "Claim of an unknown run", err, flows.ErrNotFound)
	wantErr(t, "Append to an unknown run", s.Append(ctx, "r_unknown", 1, nil), flows.ErrNotFound)
}

func testAnswers(t *testing.T, open Opener) {
	s := open(t, store.Options{})
	id := newRun(t, s, "f_1", nil)
	say := func(path flows.Path, status int) flows.Entry {
		return flows.Entry{Answer: &flows.Answer{Path: path, Response: flows.Response{Status: status}}}
	}
	wantErr(t, "two answers at once", s.Append(ctx, id, 1, []flows.Entry{say("a", 200), say("b", 201)}), flows.ErrConflict)
	must(t, s.Append(ctx, id, 1, []flows.Entry{say("a", 200)}))
	must(t, s.Append(ctx, id, 1, []flows.Entry{say("a", 299)}))
	wantErr(t, "a second answer", s.Append(ctx, id, 1, []flows.Entry{succeeded("b", "b", nil), say("b", 201)}), flows.ErrConflict)
	wantErr(t, "a second answer at the end", s.Finish(ctx, id, 1, []flows.Entry{say("b", 201)}, flows.Outcome{Status: flows.Succeeded}), flows.ErrConflict)
	run, err := s.Run(ctx, id)
	must(t, err)
	attempts, err := s.Attempts(ctx, id)
	must(t, err)
	want(t, "answer, path, attempts, status", []any{run.Response.Status, run.ResponsePath, len(attempts), run.Status},
		[]any{200, flows.Path("a"), 0, flows.Running})
}

func testParking(t *testing.T, open Opener) {
	s := open(t, store.Options{})
	first, second, third := newRun(t, s, "f_1", nil), newRun(t, s, "f_1", nil), newRun(t, s, "f_1", nil)
	must(t, s.Park(ctx, second, 1, []flows.Entry{succeeded("get", "get", nil)}, flows.Parking{WakeAt: start}))
	must(t, s.Cancel(ctx, second))
	must(t, s.Finish(ctx, third, 1, nil, flows.Outcome{Status: flows.Succeeded}))
	list, err := s.Pending(ctx)
	must(t, err)
	if len(list) != 2 {
		t.Fatalf("Pending has %d runs, want 2", len(list))
	}
	want(t, "first pending", []any{list[0].ID, list[0].Status, list[0].WakeAt.IsZero(), list[0].Cancel}, []any{first, flows.Running, true, false})
	want(t, "second pending", []any{list[1].ID, list[1].Status, list[1].WakeAt, list[1].Cancel}, []any{second, flows.Waiting, start, true})
	memo, err := s.Claim(ctx, second, start)
	must(t, err)
	want(t, "claimed: status, wake, cancel, attempts", []any{memo.Run.Status, memo.Run.WakeAt.IsZero(), memo.Run.Cancel, len(memo.Attempts)},
		[]any{flows.Running, true, true, 1})
}

func testCancelling(t *testing.T, open Opener) {
	s := open(t, store.Options{})
	id := newRun(t, s, "f_1", nil)
	must(t, s.Cancel(ctx, id))
	must(t, s.Cancel(ctx, id))
	must(t, s.Finish(ctx, id, 1, nil, flows.Outcome{Status: flows.Cancelled}))
	wantErr(t, "Cancel of a run that is done", s.Cancel(ctx, id), flows.ErrConflict)
	wantErr(t, "Cancel of an unknown run", s.Cancel(ctx, "r_unknown"), flows.ErrNotFound)
}
