package enginetest

import (
	"context"
	"errors"
	"testing"

	"flowdeck/cards"
	"flowdeck/flows"
)

func testAnswers(t *testing.T, b Backend) {
	t.Run("the answer comes before the end, and after its commit", func(t *testing.T) {
		x := newBench(t, b)
		x.begin()
		id := x.start(reply("answer", "thanks for {{start.what}}"), get("slow", x.world.URL+"/hang/slow"))
		res, err := x.engine.Wait(x.ctx, id)
		if err != nil || res.Response == nil {
			t.Fatalf("Wait = %+v, %v; want the answer", res, err)
		}
		if res.Outcome != nil {
			t.Errorf("Wait says that the run has ended: %+v", res.Outcome)
		}
		if res.Response.Status != 201 || res.Response.Body != "thanks for orders" {
			t.Errorf("answer = %d %v, want 201 thanks for orders", res.Response.Status, res.Response.Body)
		}
		run, err := x.store.Run(x.ctx, id)
		if err != nil || run.Response == nil || run.ResponsePath != "answer" || run.Status != flows.Running {
			t.Errorf("the store has run %s, answered by %q (%v); want running, answered by answer", run.Status, run.ResponsePath, err)
		}
		x.world.Release("GET /hang/slow")
		if run := x.ended(id); run.Status != flows.Succeeded {
			t.Errorf("run ended %s, %v; want succeeded", run.Status, run.Error)
		}
		x.wantStory(id, "answer#1 succeeded", "slow#1 succeeded")
	})
	t.Run("a second answer is an error and the first stays", func(t *testing.T) {
		x := newBench(t, b)
		x.begin()
		id := x.start(reply("first", "one"), get("between", x.world.URL+"/ok/between"), reply("second", "two"))
		run := x.ended(id)
		if run.Status != flows.Failed || run.Error == nil || run.Error.Code != cards.CodeResponded || run.ErrorPath != "second" {
			t.Errorf("run ended %s with %v at %q, want failed with %s at second", run.Status, run.Error, run.ErrorPath, cards.CodeResponded)
		}
		if run.Response == nil || run.Response.Body != "one" {
			t.Errorf("answer = %+v, want one", run.Response)
		}
		x.wantStory(id, "first#1 succeeded", "between#1 succeeded", "second#1 failed already_responded")
	})
	t.Run("who waits for a run without an answer gets its end, also afterwards", func(t *testing.T) {
		x := newBench(t, b)
		x.begin()
		id := x.start(compose("a", "1"))
		for _, when := range []string{"while it runs", "when it is over"} {
			res, err := x.engine.Wait(x.ctx, id)
			if err != nil || res.Outcome == nil || res.Outcome.Status != flows.Succeeded || res.Response != nil {
				t.Errorf("Wait %s = %+v, %v; want a success without an answer", when, res, err)
			}
			x.ended(id)
		}
		if _, err := x.engine.Wait(x.ctx, "r_unknown"); !errors.Is(err, flows.ErrNotFound) {
			t.Errorf("Wait for a run that never was = %v, want ErrNotFound", err)
		}
	})
	t.Run("who asks for the answer of a run that waits gets it, also after a restart", func(t *testing.T) {
		x := newBench(t, b)
		x.begin()
		id := x.start(reply("first", "one"), pause("wait", 1, "days"))
		x.parked(id)
		x.stop()
		x.begin()
		ctx, cancel := context.WithTimeout(x.ctx, patience/4)
		defer cancel()
		if res, err := x.engine.Wait(ctx, id); err != nil || res.Response == nil || res.Response.Body != "one" {
			t.Errorf("Wait = %+v, %v; want the answer", res, err)
		}
	})
}
