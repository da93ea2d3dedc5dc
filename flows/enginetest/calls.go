package enginetest

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

func call(id, flow string, with schema.Values) flows.Step {
	return flows.Step{ID: id, Card: "control.call", Inputs: schema.Values{"flow": flow, "with": with}}
}

func begins(id, flow string, with schema.Values) flows.Step {
	return flows.Step{ID: id, Card: "control.call_background", Inputs: schema.Values{"flow": flow, "with": with}}
}

// helper publishes a flow that takes the number n and the text what, and switches it on.
func (b *bench) helper(id string, chain ...flows.Step) {
	b.Helper()
	doc := flows.Document{Format: flows.Format, Chain: chain, Trigger: flows.Step{ID: "start", Card: "event.helper", Inputs: schema.Values{"inputs": []any{
		map[string]any{"name": "what", "type": "text", "required": true}, map[string]any{"name": "n", "type": "number"}}}}}
	err := b.store.CreateFlow(b.ctx, flows.Flow{ID: id, Name: "Helper " + id, Alias: id, Draft: doc})
	if err == nil {
		_, err = b.store.Publish(b.ctx, id, 1, doc, "", "test")
	}
	if err == nil {
		err = b.store.UpdateFlow(b.ctx, id, func(f *flows.Flow) error { f.On = true; return nil })
	}
	if err != nil {
		b.Fatalf("make helper %s: %v", id, err)
	}
}

// children are the runs of a flow, oldest first.
func (b *bench) children(flow string) []flows.Run {
	b.Helper()
	rows, _, err := b.store.Runs(b.ctx, store.RunFilter{FlowID: flow, Limit: 200})
	if err != nil {
		b.Fatalf("Runs: %v", err)
	}
	list := make([]flows.Run, len(rows))
	for i, r := range rows {
		if list[len(rows)-1-i], err = b.store.Run(b.ctx, r.ID); err != nil {
			b.Fatalf("Run: %v", err)
		}
	}
	return list
}

func testCalls(t *testing.T, b Backend) {
	given := schema.Values{"what": "{{start.what}}", "n": "41"}
	t.Run("its outputs are the card's", func(t *testing.T) {
		x := newBench(t, b)
		x.begin()
		x.helper("double", returns("out", schema.Values{"said": "{{start.what}}", "next": "{{start.n + 1}}"}))
		id := x.start(call("call", "double", given), returns("out", schema.Values{"next": "{{call.next}}", "run": "{{call.run_id}}"}))
		run := x.ended(id)
		list := x.children("double")
		if len(list) != 1 || run.Output["next"] != int64(42) || run.Output["run"] != list[0].ID {
			t.Fatalf("output %v of %d runs, %v; want 42 of one", run.Output, len(list), run.Error)
		}
		child := list[0]
		if want := (flows.Parent{Run: id, Path: "call", Waits: true, Depth: 1}); child.Parent != want || child.Version != 1 || child.Trigger != "event.helper" {
			t.Errorf("it is run %+v of version %d, begun by %s; want %+v, 1, event.helper", child.Parent, child.Version, child.Trigger, want)
		}
		if want := (schema.Values{"what": "orders", "n": int64(41)}); !schema.Equal(child.Event, want) {
			t.Errorf("it began with %v, want %v", child.Event, want)
		}
	})
	t.Run("one of which nothing is kept any more is a failure", func(t *testing.T) {
		x := newBench(t, b)
		x.begin()
		x.helper("sleeps", pause("wait", 1, "days"))
		id := x.start(goesOn(call("call", "sleeps", given)), returns("out", schema.Values{"code": "{{ call.error.code }}"}))
		x.parked(id)
		child := x.children("sleeps")[0]
		x.parked(child.ID)
		x.stop()
		memo, err := x.store.Claim(x.ctx, child.ID, time.Now())
		if err == nil {
			err = x.store.Finish(x.ctx, child.ID, memo.Run.Epoch, nil, flows.Outcome{Status: flows.Succeeded, At: time.Now(), Parent: child.Parent})
		}
		if err == nil {
			_, err = x.store.Prune(x.ctx, time.Now().Add(400*24*time.Hour))
		}
		if err != nil {
			t.Fatal(err)
		}
		x.begin()
		if run := x.ended(id); run.Status != flows.Succeeded || run.Output["code"] != cards.CodeUnknownOutcome {
			t.Errorf("run ended %s, %v with %v; want %s caught", run.Status, run.Error, run.Output, cards.CodeUnknownOutcome)
		}
	})
	t.Run("its failure is the card's", func(t *testing.T) {
		x := newBench(t, b)
		x.begin()
		x.helper("fails", get("ask", x.world.URL+"/fail/404/9"))
		id := x.start(goesOn(call("call", "fails", given)), call("again", "fails", given))
		run := x.ended(id)
		list := x.children("fails")
		if run.Status != flows.Failed || run.ErrorPath != "again" || run.Error.Code != "http_404" || !strings.HasPrefix(run.Error.Message, "Helper fails, at ask: ") ||
			len(list) != 2 || run.Error.Details["run_id"] != list[1].ID || run.Error.Details["status_code"] != int64(404) {
			t.Errorf("run ended %s, %v %v at %s; want the http_404 of ask in %d runs", run.Status, run.Error, run.Error.Details, run.ErrorPath, len(list))
		}
	})
	t.Run("what cannot be called says why", func(t *testing.T) {
		x := newBench(t, b)
		x.begin()
		x.helper("off", compose("a", "1"))
		x.helper("asks", compose("a", "1"))
		if err := x.store.UpdateFlow(x.ctx, "off", func(f *flows.Flow) error { f.On = false; return nil }); err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			step       flows.Step
			code, says string
		}{
			{call("call", "nowhere", given), cards.CodeNoFlow, "is gone"},
			{begins("call", "off", given), cards.CodeNoFlow, "is switched off"},
			{call("call", "asks", schema.Values{"n": 1}), cards.CodeInvalidInput, "with.what: is required"},
			{call("call", "asks", schema.Values{"what": "x", "n": "many"}), cards.CodeInvalidInput, "with.n: must be a number"},
		} {
			run := x.ended(x.start(c.step))
			if run.Status != flows.Failed || run.Error.Code != c.code || !strings.Contains(run.Error.Message, c.says) {
				t.Errorf("%v ended %s, %v; want %s, %s", c.step.Inputs, run.Status, run.Error, c.code, c.says)
			}
		}
	})
	t.Run("in the background", func(t *testing.T) {
		x := newBench(t, b)
		x.begin()
		x.helper("slow", get("ask", x.world.URL+"/hang/slow"))
		id := x.start(begins("call", "slow", given), returns("out", schema.Values{"run": "{{call.run_id}}"}))
		run := x.ended(id)
		child := x.children("slow")[0]
		if run.Status != flows.Succeeded || run.Output["run"] != child.ID || child.Status.Done() {
			t.Errorf("run ended %s with %v while the other was %s; want its id, and it under way", run.Status, run.Output, child.Status)
		}
		x.world.Release("GET /hang/slow")
		if child = x.ended(child.ID); child.Status != flows.Succeeded {
			t.Errorf("the run in the background ended %s, %v", child.Status, child.Error)
		}
	})
	t.Run("a long one parks its caller, across a restart", func(t *testing.T) {
		x := newBench(t, b)
		x.begin()
		x.helper("sleeps", pause("wait", 3, "days"), returns("out", schema.Values{"said": "{{start.what}}"}))
		id := x.start(call("call", "sleeps", given), returns("out", schema.Values{"said": "{{call.said}}"}))
		if run := x.parked(id); !run.WakeAt.IsZero() {
			t.Errorf("the caller waits until %s, want no time", run.WakeAt)
		}
		x.stop()
		x.later(4 * 24 * 3600e9)
		x.begin()
		if run := x.ended(id); run.Status != flows.Succeeded || run.Output["said"] != "orders" {
			t.Errorf("run ended %s, %v with %v; want orders", run.Status, run.Error, run.Output)
		}
		x.wantStory(id, "call#1 succeeded", "out#1 succeeded")
	})
	t.Run("without an end they end", func(t *testing.T) {
		x := newBench(t, b)
		x.begin()
		x.helper("self", call("again", "self", schema.Values{"what": "{{start.what}}"}))
		run := x.ended(x.start(call("call", "self", given)))
		if run.Status != flows.Failed || run.Error.Code != cards.CodeCallDepth || len(x.children("self")) != flows.MaxCallDepth {
			t.Errorf("run ended %s, %v, of %d runs; want call_depth of %d", run.Status, run.Error, len(x.children("self")), flows.MaxCallDepth)
		}
	})
	t.Run("cancelling the caller cancels what it waits for", func(t *testing.T) {
		x := newBench(t, b)
		x.begin()
		x.helper("inner", pause("wait", 3, "days"))
		x.helper("outer", call("call", "inner", given))
		x.helper("other", pause("wait", 3, "days"))
		id := x.start(begins("behind", "other", given), call("call", "outer", given))
		x.parked(id)
		x.parked(x.children("outer")[0].ID)
		x.parked(x.children("inner")[0].ID)
		x.cancelled(id)
		for _, flow := range []string{"outer", "inner"} {
			if run := x.ended(x.children(flow)[0].ID); run.Status != flows.Cancelled {
				t.Errorf("the run of %s ended %s, %v; want cancelled", flow, run.Status, run.Error)
			}
		}
		if run := x.children("other")[0]; run.Status.Done() {
			t.Errorf("the run in the background is %s, want it left alone", run.Status)
		}
	})
	t.Run("cancelling the called one is an error of its own", func(t *testing.T) {
		x := newBench(t, b)
		x.begin()
		x.helper("inner", pause("wait", 3, "days"))
		id := x.start(call("call", "inner", given))
		x.parked(id)
		x.cancelled(x.parked(x.children("inner")[0].ID).ID)
		if run := x.ended(id); run.Status != flows.Failed || run.Error.Code != cards.CodeCallCancelled {
			t.Errorf("run ended %s, %v; want call_cancelled", run.Status, run.Error)
		}
	})
	t.Run("kills", func(t *testing.T) {
		for _, deaf := range []bool{false, true} {
			for n := 0; ; n++ {
				if n > 40 || t.Failed() {
					t.Fatalf("it does not end right when killed after %d commits", n)
				}
				if calledAndKilled(t, b, n, deaf) {
					if n < 6 {
						t.Errorf("it took only %d commits: nothing was killed", n)
					}
					break
				}
			}
		}
	})
}

// calledAndKilled kills a run that calls two flows, and theirs, after n commits, has
// another engine take them up, and reports whether the run was over by then.
func calledAndKilled(t *testing.T, b Backend, n int, deaf bool) (survived bool) {
	t.Run(fmt.Sprintf("after %d commits, answer lost %v", n, deaf), func(t *testing.T) {
		x := newBench(t, b)
		journal := &mortal{Journal: x.store, deaf: deaf, died: make(chan struct{}), left: n}
		x.setup.Journal = journal
		x.begin()
		x.helper("reads", get("ask", x.world.URL+"/ok/ask"), pause("nap", 0.01, "seconds"), returns("out", schema.Values{"path": "{{ask.body.path}}"}))
		x.helper("behind", get("also", x.world.URL+"/ok/also"))
		run := x.run(begins("behind", "behind", schema.Values{"what": "a"}), call("call", "reads", schema.Values{"what": "b"}),
			get("last", x.world.URL+"/ok/last"), returns("out", schema.Values{"path": "{{call.path}}"}))
		accepted := x.engine.Start(x.ctx, run, flows.StartOptions{}) == nil
		if accepted {
			x.overOrDead(run.ID, journal.died)
		}
		x.stop()
		survived = accepted && !isClosed(journal.died)
		x.setup.Journal = x.store
		x.begin()
		if _, err := x.store.Run(x.ctx, run.ID); err != nil && !accepted {
			return
		}
		if run := x.ended(run.ID); run.Status != flows.Succeeded || run.Output["path"] != "/ok/ask" {
			t.Errorf("run ended %s, %v with %v\n%s", run.Status, run.Error, run.Output, x.story(run.ID))
		}
		for _, flow := range []string{"reads", "behind"} {
			list := x.children(flow)
			if len(list) != 1 {
				t.Fatalf("%s was begun %d times, want once", flow, len(list))
			}
			if child := x.ended(list[0].ID); child.Status != flows.Succeeded {
				t.Errorf("the run of %s ended %s, %v", flow, child.Status, child.Error)
			}
		}
	})
	return survived
}
