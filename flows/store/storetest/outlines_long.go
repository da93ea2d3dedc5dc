package storetest

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"flowdeck/cards"
	"flowdeck/cards/schema"
	"flowdeck/flows"
	"flowdeck/flows/store"
)

// testOutlinesOfLongRuns has the same hold for runs that are more than one row: of many
// attempts, with a step that was left under way, or with a link.
func testOutlinesOfLongRuns(t *testing.T, open Opener) {
	s := open(t, store.Options{})
	newFlow(t, s, "f_1")
	long := schema.Values{"told": told + strings.Repeat("x", 70<<10)}
	attempt := func(n int, status flows.Status) flows.Entry {
		path := flows.Path(fmt.Sprintf("step_%d", n))
		return flows.Entry{Attempt: &flows.Attempt{Path: path, Number: 1, StepID: string(path), Card: "text.compose", Status: status, Input: long, Output: long,
			Started: start, Finished: start.Add(time.Second)}}
	}
	answer := flows.Entry{Answer: &flows.Answer{Path: "close", Response: flows.Response{Status: 201, Body: long}}}
	event := schema.Values{"method": "POST", "caller": schema.Values{"client_id": "", "subject": "maya", "issuer": "https://id.example"}, "body": long}
	end := flows.Outcome{Status: flows.Succeeded, Output: long, Outline: true, At: start.Add(time.Minute)}
	run := func() flows.Run {
		return flows.Run{ID: store.NewID("r_"), FlowID: "f_1", Version: 1, Status: flows.Running, Epoch: 1, Outline: true, Created: start, Started: start, Event: event}
	}

	var ids []string
	for _, attempts := range []int{70, 2100} { // in its row, and in rows of their own
		many := run()
		entries := []flows.Entry{answer, {Signal: &flows.Signal{Path: "wait", Kind: flows.Ended, At: start, Body: long}}}
		for n := range attempts {
			entries = append(entries, attempt(n, flows.Succeeded))
		}
		must(t, s.Record(ctx, many, entries, end))
		kept, err := s.Run(ctx, many.ID)
		must(t, err)
		if kept.Response == nil || kept.Response.Status != 201 || kept.Response.Body != nil || kept.Output != nil {
			t.Errorf("the run of %d attempts has the answer %+v and the output %v", attempts, kept.Response, kept.Output)
		}
		want(t, "who called", kept.Event["caller"], event["caller"])
		seen := 0
		must(t, s.EachAttempt(ctx, many.ID, func(flows.Attempt) error { seen++; return nil }))
		want(t, "how many attempts it has", seen, attempts)
		ids = append(ids, many.ID)
	}

	linked := run()
	must(t, s.Create(ctx, linked, attempt(0, flows.Waiting), flows.Entry{Callback: &flows.Callback{Hash: "h_1", Path: "wait", Made: start,
		Callback: cards.Callback{Expires: start.Add(time.Hour), Page: &cards.Page{Title: told}}}}))
	must(t, s.Finish(ctx, linked.ID, 1, []flows.Entry{attempt(1, flows.Succeeded)}, end))
	for _, id := range append(ids, linked.ID) {
		list, err := s.Attempts(ctx, id)
		must(t, err)
		for _, a := range list {
			if a.Input != nil || a.Output != nil {
				t.Errorf("the attempt %s that is %s has its values", a.Path, a.Status)
			}
		}
	}
	links, err := s.CallbacksOf(ctx, linked.ID)
	must(t, err)
	if len(links) != 1 || links[0].Page != nil {
		t.Errorf("the links are %+v, want one without its page", links)
	}
	_, err = s.Prune(ctx, time.Now().Add(2*time.Hour))
	must(t, err)
	if kept, err := s.Run(ctx, linked.ID); err != nil || kept.Output == nil {
		t.Errorf("who was told to ask later finds %+v, %v", kept.Output, err)
	}
}
