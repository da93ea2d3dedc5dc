package storetest

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"flowdeck/flows"
	"flowdeck/flows/shape"
	"flowdeck/flows/store"
)

func testShapes(t *testing.T, open Opener) {
	s := open(t, store.Options{})
	newFlow(t, s, "f_1")
	newFlow(t, s, "f_2")
	answer := func(email any) map[string]any { return map[string]any{"body": map[string]any{"email": email}} }
	must(t, s.Learn(ctx, "f_1", nil))
	must(t, s.Learn(ctx, "f_1", []store.Lesson{{Step: "get", Asks: "a", Answer: answer("x")}, {Step: "post", Asks: "p", Answer: map[string]any{"ok": true}}}))
	must(t, s.Learn(ctx, "f_1", []store.Lesson{{Step: "get", Asks: "a", Answer: answer(int64(1))}}))
	shapes, err := s.Shapes(ctx, "f_1")
	must(t, err)
	want(t, "steps learned of", len(shapes), 2)
	want(t, "answers of get", shapes["get"].Answers, int64(2))
	want(t, "the email", shapes["get"].Of("body.email").Drift, shape.Changed)

	must(t, s.Learn(ctx, "f_1", []store.Lesson{{Step: "get", Asks: "b", Answer: answer("x")}}))
	shapes, err = s.Shapes(ctx, "f_1")
	must(t, err)
	want(t, "answers to another question", shapes["get"].Answers, int64(1))
	want(t, "what it asked", shapes["get"].Asks, "b")

	shapes, err = s.Shapes(ctx, "f_2")
	must(t, err)
	want(t, "shapes of another flow", len(shapes), 0)
	err = s.Learn(ctx, "f_3", []store.Lesson{{Step: "get", Asks: "a", Answer: answer("x")}})
	want(t, "no such flow", errors.Is(err, flows.ErrNotFound), true)
}

func testRunOutputs(t *testing.T, open Opener) {
	s := open(t, store.Options{Blobs: Dir(t)})
	newFlow(t, s, "f_1")
	id := newRun(t, s, "f_1", nil)
	attempt := func(step string, status flows.Status, output map[string]any) flows.Entry {
		return flows.Entry{Attempt: &flows.Attempt{RunID: id, Path: flows.Path(step), Number: 1, StepID: step, Card: "http.get", Status: status, Output: output}}
	}
	big := make([]any, 5000)
	must(t, s.Append(ctx, id, 1, []flows.Entry{
		attempt("get", flows.Succeeded, map[string]any{"n": int64(1)}),
		attempt("bad", flows.Failed, nil),
		attempt("big", flows.Succeeded, map[string]any{"list": big}),
	}))
	outputs, err := s.RunOutputs(ctx, id, 10_000, 100)
	must(t, err)
	want(t, "outputs", outputs, map[string]map[string]any{"get": {"n": int64(1)}})

	var entries []flows.Entry
	for i := range 30 {
		e := attempt("say", flows.Succeeded, map[string]any{"n": int64(i)})
		e.Attempt.Path, e.Attempt.Started = flows.Path(fmt.Sprintf("loop[%d]/say", i)), start.Add(time.Duration(i)*time.Second)
		entries = append(entries, e)
	}
	after := attempt("after", flows.Succeeded, map[string]any{"n": int64(2)})
	after.Attempt.Started = start.Add(time.Minute)
	must(t, s.Append(ctx, id, 1, append(entries, after)))
	outputs, err = s.RunOutputs(ctx, id, 10_000, 10)
	must(t, err)
	want(t, "outputs with those of a long loop", outputs, map[string]map[string]any{"get": {"n": int64(1)}, "say": {"n": int64(29)}, "after": {"n": int64(2)}})
}
