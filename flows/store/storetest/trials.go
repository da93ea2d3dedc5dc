package storetest

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"flowdeck/cards/schema"
	"flowdeck/flows"
	"flowdeck/flows/store"
)

func testTrials(t *testing.T, open Opener) {
	s := open(t, store.Options{})
	newFlow(t, s, "f_1")
	trial := &flows.Trial{Until: "b", Given: map[string]flows.Given{"a": {Output: schema.Values{"n": int64(7)}, From: flows.Pinned}},
		Past: map[flows.Path]flows.Given{"loop[3]/get": {Output: schema.Values{"long": strings.Repeat("long ", 20_000)}, From: "r_0"}}}
	run := flows.Run{ID: store.NewID("r_"), FlowID: "f_1", Document: "d", Trial: trial}
	must(t, s.Create(ctx, run))
	memo, err := s.Claim(ctx, run.ID, start)
	must(t, err)
	if !reflect.DeepEqual(memo.Run.Trial, trial) {
		t.Errorf("the claimed run tries %+v, want %+v", memo.Run.Trial, trial)
	}
	must(t, s.Append(ctx, run.ID, memo.Run.Epoch, []flows.Entry{
		{Attempt: &flows.Attempt{RunID: run.ID, Path: "a", Number: 1, StepID: "a", Card: "x", Status: flows.Succeeded, Output: schema.Values{"n": int64(7)}, Given: flows.Pinned}},
		{Attempt: &flows.Attempt{RunID: run.ID, Path: "b", Number: 1, StepID: "b", Card: "x", Status: flows.Failed}}}))
	done, err := s.Done(ctx, run.ID)
	must(t, err)
	if len(done) != 1 || done[0].Given != flows.Pinned || done[0].Output["n"] != int64(7) {
		t.Errorf("done are %+v, want the attempt at a, pinned", done)
	}
	plain := newRun(t, s, "f_1", nil)
	if memo, err := s.Claim(ctx, plain, start); err != nil || memo.Run.Trial != nil {
		t.Errorf("a run like any other tries %+v, %v", memo.Run.Trial, err)
	}
}

func testPins(t *testing.T, open Opener) {
	s := open(t, store.Options{})
	newFlow(t, s, "f_1")
	pin := store.Pin{StepID: "get", Output: schema.Values{"body": []any{int64(1), nil}}, Source: "typed", By: "Maya", At: start}
	must(t, s.SavePin(ctx, "f_1", store.Pin{StepID: "get", Output: schema.Values{"old": true}, By: "Dana", At: start}))
	must(t, s.SavePin(ctx, "f_1", pin))
	pins, err := s.Pins(ctx, "f_1")
	must(t, err)
	if got := pins["get"]; len(pins) != 1 || !got.At.Equal(start) || !reflect.DeepEqual(got.Output, pin.Output) || got.By != "Maya" || got.Source != "typed" {
		t.Errorf("pins are %+v, want %+v", pins, pin)
	}
	must(t, s.DropPin(ctx, "f_1", "get"))
	if pins, err := s.Pins(ctx, "f_1"); err != nil || len(pins) != 0 {
		t.Errorf("after dropping it: %v, %v", pins, err)
	}
	if err := s.SavePin(ctx, "f_none", pin); err == nil || errors.Is(err, flows.ErrConflict) {
		t.Errorf("a pin of a flow that is not there: %v, want an error", err)
	}
}

func testFlowTests(t *testing.T, open Opener) {
	s := open(t, store.Options{})
	newFlow(t, s, "f_1")
	newFlow(t, s, "f_2")
	must(t, s.CreateFlowTest(ctx, store.FlowTest{ID: "t_1", FlowID: "f_1", Name: "First", By: "Maya", Created: start, Body: "{}"}))
	kept, err := s.FlowTest(ctx, "f_1", "t_1")
	must(t, err)
	kept.Name, kept.Body, kept.Updated = "Other", `{"event":{}}`, start.Add(1)
	must(t, s.SaveFlowTest(ctx, kept))
	wantErr(t, "a save that comes second", s.SaveFlowTest(ctx, kept), flows.ErrConflict)
	must(t, s.SetTestOutcome(ctx, "f_1", "t_1", `{"passed":true}`))
	list, err := s.FlowTests(ctx, "f_1")
	must(t, err)
	for _, ids := range [][]string{nil, {"f_1"}, {"f_0", "f_1", "f_2"}} {
		of, err := s.FlowTestsOf(ctx, ids)
		must(t, err)
		want(t, "tests by flow", of["f_1"], list)
	}
	if len(list) != 1 || list[0].Name != "Other" || list[0].Revision != 2 || list[0].Outcome != `{"passed":true}` || list[0].By != "Maya" || !list[0].Created.Equal(start) {
		t.Errorf("tests are %+v", list)
	}
	_, err = s.FlowTest(ctx, "f_2", "t_1")
	wantErr(t, "a test of another flow", err, flows.ErrNotFound)
	must(t, s.DeleteFlowTest(ctx, "f_1", "t_1"))
	wantErr(t, "a save of what was deleted", s.SaveFlowTest(ctx, kept), flows.ErrNotFound)
}
