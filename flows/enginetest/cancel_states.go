package enginetest

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"flowdeck/cards"
	"flowdeck/cards/schema"
	"flowdeck/flows"
)

// atOnce is how long cancelling a run may take, wherever the run is.
const atOnce = time.Second

// testCancelStates cancels a run in every state that it can be in.
func testCancelStates(t *testing.T, b Backend) {
	many := func(n int) []any {
		items := make([]any, n)
		for i := range items {
			items[i] = int64(i)
		}
		return items
	}
	each := func(n, limit int, chain ...flows.Step) flows.Step {
		return flows.Step{ID: "each", Card: "control.each", Inputs: schema.Values{"items": many(n), "concurrency": int64(limit)}, Blocks: map[string]flows.Block{"each": {Chain: chain}}}
	}
	given := schema.Values{"what": "{{start.what}}"}
	requested := func(name string) func(*bench, string) {
		return func(x *bench, _ string) { x.wait(x.world.Arrived(name), "the request") }
	}
	waiting := func(x *bench, id string) { x.parked(id) }
	under := func(x *bench, id string) {
		x.until(id, "be under way", func(r flows.Run) bool { return r.Status == flows.Running })
	}
	for _, c := range []struct {
		name    string
		flow    func(x *bench) []flows.Step
		reach   func(x *bench, id string) // returns when the run is in that state
		waited  bool                      // its caller waits, so it is not kept at once
		queued  bool                      // there is no place for it
		crowded bool                      // there is one, and another run takes it when the state is reached
	}{
		{name: "just started", flow: func(x *bench) []flows.Step { return []flows.Step{get("slow", x.world.URL+"/hang/slow")} }, reach: func(*bench, string) {}},
		{name: "just started, with a caller that waits", waited: true, flow: func(x *bench) []flows.Step { return []flows.Step{get("slow", x.world.URL+"/hang/slow")} }, reach: func(*bench, string) {}},
		{name: "in a request that reads", flow: func(x *bench) []flows.Step { return []flows.Step{get("slow", x.world.URL+"/hang/slow")} }, reach: requested("GET /hang/slow")},
		{name: "in a request that reads, not kept yet", waited: true, flow: func(x *bench) []flows.Step { return []flows.Step{get("slow", x.world.URL+"/hang/slow")} }, reach: requested("GET /hang/slow")},
		{name: "in a request that writes", flow: func(x *bench) []flows.Step { return []flows.Step{post("slow", x.world.URL+"/hang/slow")} }, reach: requested("POST /hang/slow")},
		{name: "in an answer that drips", flow: func(x *bench) []flows.Step { return []flows.Step{get("drip", dripping(x))} }, reach: under},
		{name: "in a short wait", flow: func(*bench) []flows.Step { return []flows.Step{pause("wait", 1.9, "seconds")} }, reach: under},
		{name: "in a wait of weeks", flow: func(*bench) []flows.Step { return []flows.Step{pause("wait", 8, "weeks")} }, reach: waiting},
		{name: "in a wait of weeks, after a restart", flow: func(*bench) []flows.Step { return []flows.Step{pause("wait", 8, "weeks")} }, reach: func(x *bench, id string) {
			x.parked(id)
			x.stop()
			x.begin()
		}},
		{name: "waiting for a callback", flow: func(x *bench) []flows.Step { return []flows.Step{x.asks("ask")} }, reach: waiting},
		{name: "before an attempt in a moment", flow: func(x *bench) []flows.Step {
			return []flows.Step{retried(get("down", x.world.URL+"/fail/503/9"), 2, 1900*time.Millisecond, "any")}
		}, reach: func(x *bench, id string) {
			x.until(id, "have failed once", func(flows.Run) bool { return len(x.attempts(id)) == 1 && !x.attempts(id)[0].NextAt.IsZero() })
		}},
		{name: "before an attempt in an hour", flow: func(x *bench) []flows.Step {
			return []flows.Step{retried(get("down", x.world.URL+"/fail/503/9"), 2, time.Hour, "any")}
		}, reach: waiting},
		{name: "in a loop of many requests", flow: func(x *bench) []flows.Step {
			return []flows.Step{each(10_000, 50, get("slow", x.world.URL+"/hang/slow"))}
		}, reach: requested("GET /hang/slow")},
		{name: "in a loop of many data cards", flow: func(x *bench) []flows.Step {
			return []flows.Step{each(100_000, 1, compose("say", "Order {{ each.item }}"))}
		}, reach: under},
		{name: "in a loop in which every round waits", flow: func(x *bench) []flows.Step { return []flows.Step{each(50, 50, pause("wait", 3, "days"))} }, reach: waiting},
		{name: "in lanes of which one waits and one asks", flow: func(x *bench) []flows.Step {
			return []flows.Step{{ID: "both", Card: "control.parallel", Inputs: schema.Values{"lanes": []any{map[string]any{"key": "a"}, map[string]any{"key": "b"}}}, Blocks: map[string]flows.Block{
				"a": {Chain: []flows.Step{pause("wait", 3, "days")}}, "b": {Chain: []flows.Step{get("slow", x.world.URL+"/hang/slow")}}}}}
		}, reach: requested("GET /hang/slow")},
		{name: "in a called flow, in a request", flow: func(x *bench) []flows.Step {
			x.helper("inner", get("slow", x.world.URL+"/hang/slow"))
			return []flows.Step{call("call", "inner", given)}
		}, reach: requested("GET /hang/slow")},
		{name: "in a called flow of a called flow, that waits", flow: func(x *bench) []flows.Step {
			x.helper("inner", pause("wait", 3, "days"))
			x.helper("middle", call("call", "inner", given))
			return []flows.Step{call("call", "middle", given)}
		}, reach: func(x *bench, id string) {
			x.parked(id)
			x.until(x.children("middle")[0].ID, "wait", func(r flows.Run) bool { return r.Status == flows.Waiting && len(x.children("inner")) == 1 })
			x.parked(x.children("inner")[0].ID)
		}},
		{name: "in a wait of weeks, when every place is taken", crowded: true, flow: func(*bench) []flows.Step { return []flows.Step{pause("wait", 8, "weeks")} }, reach: waiting},
		{name: "in a called flow that waits, when every place is taken", crowded: true, flow: func(x *bench) []flows.Step {
			x.helper("inner", pause("wait", 3, "days"))
			return []flows.Step{call("call", "inner", given)}
		}, reach: func(x *bench, id string) {
			x.parked(id)
			x.parked(x.children("inner")[0].ID)
		}},
		{name: "in a card that does not look up", flow: func(*bench) []flows.Step { return []flows.Step{flows.Step{ID: "deaf", Card: "test.deaf"}} }, reach: under},
		{name: "in a card that does not look up, not kept yet", waited: true, flow: func(*bench) []flows.Step {
			return []flows.Step{compose("say", "before"), flows.Step{ID: "deaf", Card: "test.deaf"}}
		}, reach: func(*bench, string) {}},
		{name: "in the queue", queued: true, flow: func(*bench) []flows.Step { return []flows.Step{compose("never", "1")} }, reach: func(*bench, string) {}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var took time.Duration
			for range 3 { // a machine that is busy with something else may hold one up
				if took = cancelIn(t, b, c.flow, c.reach, flows.StartOptions{Waited: c.waited}, c.queued, c.crowded); took < atOnce || t.Failed() {
					return
				}
			}
			t.Errorf("cancelling took %s, want less than %s", took, atOnce)
		})
	}
}

func cancelIn(t *testing.T, b Backend, flow func(*bench) []flows.Step, reach func(*bench, string), o flows.StartOptions, queued, crowded bool) (took time.Duration) {
	x := newBench(t, b)
	if queued || crowded {
		x.setup.Running = 1
	}
	x.begin()
	endless := func() {
		x.start(get("first", x.world.URL+"/hang/first"))
		x.wait(x.world.Arrived("GET /hang/first"), "the request of the run that takes the place")
	}
	if queued {
		endless()
	}
	run := x.run(flow(x)...)
	if err := x.engine.Start(x.ctx, run, o); err != nil {
		t.Fatalf("Start: %v", err)
	}
	reach(x, run.ID)
	if crowded {
		endless()
	}
	began := time.Now()
	if err := x.engine.Cancel(x.ctx, run.ID); err != nil {
		t.Fatalf("Cancel: %v", err)
	}
	if o.Waited { // it may not be in the journal before its end
		if _, err := x.engine.Wait(x.ctx, run.ID); err != nil {
			t.Fatalf("Wait: %v", err)
		}
	}
	end := x.ended(run.ID)
	took = time.Since(began)
	if end.Status != flows.Cancelled || end.Error == nil || end.Error.Code != cards.CodeCancelled {
		t.Errorf("run ended %s, %v; want cancelled", end.Status, end.Error)
	}
	for _, child := range append(x.children("inner"), x.children("middle")...) {
		if run := x.ended(child.ID); run.Status != flows.Cancelled {
			t.Errorf("the called run ended %s, %v; want cancelled", run.Status, run.Error)
		}
	}
	took = max(took, time.Since(began))
	for _, a := range x.attempts(run.ID) {
		if a.Status == flows.Running || a.Status == flows.Waiting || a.Finished.IsZero() {
			t.Errorf("%s#%d is %s after the run was cancelled", a.Path, a.Number, a.Status)
		}
	}
	x.stop()
	return took
}

// dripping is the address of a server that answers a byte at a time.
func dripping(x *bench) string {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for i := 0; r.Context().Err() == nil; i++ {
			fmt.Fprint(w, i%10)
			w.(http.Flusher).Flush()
			time.Sleep(20 * time.Millisecond)
		}
	}))
	x.Cleanup(s.Close)
	return s.URL
}
