package storetest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"flowdeck/cards"
	"flowdeck/cards/trace"
	"flowdeck/flows"
	"flowdeck/flows/store"
)

func files(t testing.TB, dir string) (n int) {
	t.Helper()
	must(t, filepath.WalkDir(dir, func(_ string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			n++
		}
		return err
	}))
	return n
}

func testLargeBodies(t *testing.T, open Opener) {
	dir := Dir(t)
	s := open(t, store.Options{Blobs: dir})
	newFlow(t, s, "f_1")
	large := func(c string) map[string]any {
		return map[string]any{"body": strings.Repeat(c, 100_000), "n": int64(1)}
	}
	id := newRun(t, s, "f_1", large("e"))
	a := flows.Attempt{RunID: id, Path: "get", Number: 1, StepID: "get", Card: "http.get", Status: flows.Succeeded,
		Input: large("i"), Output: large("o"), Trace: &trace.Trace{Exchanges: []trace.Exchange{{RequestBody: strings.Repeat("t", 100_000)}}}}
	response := flows.Response{Status: 200, Body: large("r")}
	must(t, s.Append(ctx, id, 1, []flows.Entry{{Attempt: &a}, {Answer: &flows.Answer{Path: "close", Response: response}}}))
	want(t, "files", files(t, dir), 5)
	outcome := flows.Outcome{Status: flows.Failed, Output: large("o"), Error: &cards.Error{Code: "x", Message: strings.Repeat("m", 400), Details: large("d")}}
	must(t, s.Finish(ctx, id, 1, nil, outcome))
	want(t, "files when an output is there already", files(t, dir), 6)

	run, err := s.Run(ctx, id)
	must(t, err)
	want(t, "event", run.Event, large("e"))
	want(t, "response", *run.Response, response)
	want(t, "output", run.Output, large("o"))
	want(t, "error", run.Error, outcome.Error)
	list, err := s.Attempts(ctx, id)
	must(t, err)
	want(t, "attempts", list, []flows.Attempt{a})
	sketches, err := s.AttemptSketches(ctx, id)
	must(t, err)
	want(t, "long bodies in a sketch", []any{sketches[0].Input == nil, sketches[0].Output == nil}, []any{true, true})
	samples, err := s.SampleOutputs(ctx, "f_1")
	must(t, err)
	want(t, "samples", samples, map[string]map[string]any{"start": large("e"), "get": large("o")})

	must(t, s.SaveCardTest(ctx, store.CardTest{FlowID: "f_1", StepID: "get", Input: large("x"), Output: large("o")}))
	test, err := s.CardTest(ctx, "f_1", "get")
	must(t, err)
	want(t, "bodies of a card test", []any{test.Input, test.Output}, []any{large("x"), large("o")})
}

// testStrangeText keeps what callers send out of PostgreSQL's way: it takes no zero byte and no broken UTF-8.
func testStrangeText(t *testing.T, open Opener) {
	s := open(t, store.Options{})
	newFlow(t, s, "f_1")
	id := store.NewID("r_")
	event := map[string]any{"zero": "a\x00b", "quote": "'; drop table runs; --?", "line": "\u2028<script>&\U0001F600"}
	must(t, s.Create(ctx, flows.Run{ID: id, FlowID: "f_1", Source: "a\x00b\xff", Status: flows.Running, Epoch: 1, Event: event}))
	must(t, s.Finish(ctx, id, 1, nil, flows.Outcome{Status: flows.Failed, Error: &cards.Error{Code: "c", Message: "\x00\xff" + strings.Repeat("é", 400)}}))
	run, err := s.Run(ctx, id)
	must(t, err)
	want(t, "event", run.Event, event)
	want(t, "source", run.Source, "a\uFFFDb\uFFFD")
	for _, query := range []string{"a\x00", "\xff", `\`, "'; drop", "_", "😀"} {
		if _, _, err := s.Runs(ctx, store.RunFilter{Query: query}); err != nil {
			t.Errorf("Runs(%q): %v", query, err)
		}
		if _, _, err := s.Flows(ctx, store.FlowFilter{Query: query, Label: query, Cursor: query}); err != nil {
			t.Errorf("Flows(%q): %v", query, err)
		}
	}
}

func testPruneLeftovers(t *testing.T, open Opener) {
	dir := Dir(t)
	s := open(t, store.Options{Blobs: dir})
	newFlow(t, s, "f_1")
	_, err := s.Publish(ctx, "f_1", 1, document("published", ""), "", "Maya")
	must(t, err)
	published, err := s.PutDocument(ctx, document("published", ""))
	must(t, err)
	tried, err := s.PutDocument(ctx, document("tried", ""))
	must(t, err)
	stray, err := s.PutDocument(ctx, document("stray", ""))
	must(t, err)
	large := func(c string) map[string]any { return map[string]any{"body": strings.Repeat(c, 100_000)} }
	id := store.NewID("r_")
	must(t, s.Create(ctx, flows.Run{ID: id, FlowID: "f_1", Document: tried, Event: large("a"), Status: flows.Running, Epoch: 1}))
	must(t, s.Append(ctx, id, 1, []flows.Entry{succeeded("get", "get", large("b"))}))
	must(t, s.SaveCardTest(ctx, store.CardTest{FlowID: "f_1", StepID: "get", Output: large("c")}))
	must(t, s.SaveCardTest(ctx, store.CardTest{FlowID: "f_1", StepID: "get", Output: large("b")}))

	p, err := s.Prune(ctx, time.Now())
	must(t, err)
	want(t, "what a young store loses", p, store.Pruned{})
	p, err = s.Prune(ctx, time.Now().Add(25*time.Hour))
	must(t, err)
	want(t, "what a day takes", p, store.Pruned{Blobs: 1, Documents: 1})
	_, err = s.Document(ctx, stray)
	wantErr(t, "a document that nothing needs", err, flows.ErrNotFound)
	for _, keep := range []string{published, tried} {
		_, err = s.Document(ctx, keep)
		must(t, err)
	}
	run, err := s.Run(ctx, id)
	must(t, err)
	want(t, "event", run.Event, large("a"))

	must(t, s.Finish(ctx, id, 1, nil, flows.Outcome{Status: flows.Succeeded}))
	p, err = s.Prune(ctx, time.Now().AddDate(0, 0, 31))
	must(t, err)
	want(t, "runs, files and documents that go with a run", []int{p.Runs, p.Blobs, p.Documents}, []int{1, 1, 1})
	test, err := s.CardTest(ctx, "f_1", "get")
	must(t, err)
	want(t, "output of a card test that had the same file as the run", test.Output, large("b"))
}
