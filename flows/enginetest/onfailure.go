package enginetest

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"flowdeck/cards"
	"flowdeck/cards/schema"
	"flowdeck/flows"
	"flowdeck/flows/store"
)

// fails publishes a flow whose runs fail, and what is called then.
func (b *bench) fails(id, onFailure string, chain ...flows.Step) {
	b.Helper()
	b.helper(id, chain...)
	if err := b.store.UpdateFlow(b.ctx, id, func(f *flows.Flow) error { f.Settings.OnFailure = onFailure; return nil }); err != nil {
		b.Fatal(err)
	}
}

// handles publishes a flow that is told of failures.
func (b *bench) handles(id, onFailure string, chain ...flows.Step) {
	b.Helper()
	var inputs []any
	for _, name := range []string{"run_id", "flow", "code", "step", "message"} {
		inputs = append(inputs, map[string]any{"name": name, "type": "text", "required": true})
	}
	inputs = append(inputs, map[string]any{"name": "error", "type": "object"}, map[string]any{"name": "other", "type": "text"})
	doc := flows.Document{Format: flows.Format, Chain: chain, Trigger: flows.Step{ID: "start", Card: "event.helper", Inputs: schema.Values{"inputs": inputs}}}
	err := b.store.CreateFlow(b.ctx, flows.Flow{ID: id, Name: "Handler " + id, Alias: id, Draft: doc})
	if err == nil {
		_, err = b.store.Publish(b.ctx, id, 1, doc, "", "test")
	}
	if err == nil {
		err = b.store.UpdateFlow(b.ctx, id, func(f *flows.Flow) error { f.On, f.Settings.OnFailure = true, onFailure; return nil })
	}
	if err != nil {
		b.Fatalf("make handler %s: %v", id, err)
	}
}

// published is a run of the published version of a flow.
func (b *bench) published(id string) flows.Run {
	b.Helper()
	flow, err := b.store.Callee(b.ctx, id, false)
	if err != nil {
		b.Fatal(err)
	}
	return flows.Run{ID: store.NewID("r_"), FlowID: id, FlowName: flow.Name, FlowAlias: flow.Alias, Version: flow.Version, Document: flow.Document,
		Trigger: "event.helper", Event: schema.Values{"what": "orders", "n": nil}}
}

func (b *bench) startPublished(id string) string {
	b.Helper()
	run := b.published(id)
	if err := b.engine.Start(b.ctx, run, flows.StartOptions{}); err != nil {
		b.Fatalf("Start: %v", err)
	}
	return run.ID
}

// quiet waits until no run is under way.
func (b *bench) quiet() {
	b.Helper()
	for end := time.Now().Add(patience); ; time.Sleep(5 * time.Millisecond) {
		pending, err := b.store.Pending(b.ctx)
		if err != nil || time.Now().After(end) {
			b.Fatalf("%d runs are under way, %v", len(pending), err)
		}
		if len(pending) == 0 {
			return
		}
	}
}

func testOnFailure(t *testing.T, b Backend) {
	t.Run("the flow for failures is told what failed", func(t *testing.T) {
		x := newBench(t, b)
		x.begin()
		x.handles("handler", "", returns("out", schema.Values{"said": "{{start.flow}}: {{start.code}} at {{start.step}}, {{start.error.message}}", "run": "{{start.run_id}}"}))
		x.fails("broken", "handler", get("ask", x.world.URL+"/fail/404/9"))
		id := x.startPublished("broken")
		x.quiet()
		list := x.children("handler")
		if len(list) != 1 {
			t.Fatalf("the flow for failures has %d runs, want one", len(list))
		}
		said, _ := list[0].Output["said"].(string)
		if !strings.HasPrefix(said, "Helper broken: http_404 at ask, ") || list[0].Output["run"] != id {
			t.Errorf("it was told %v, want the http_404 at ask of run %s", list[0].Output, id)
		}
		if want := (flows.Parent{Run: id, Path: flows.PathOnFailure, Depth: 1, Handles: true}); list[0].Parent != want {
			t.Errorf("its parent is %+v, want %+v", list[0].Parent, want)
		}
		if f, err := x.store.Failure(x.ctx, id); err != nil || !f.Handled.IsZero() || f.Problem != "" {
			t.Errorf("Failure = %+v, %v; want one that nobody has dealt with", f, err)
		}
		if n, err := x.store.OpenFailures(x.ctx, "", 10); n != 1 || err != nil {
			t.Errorf("OpenFailures = %d, %v; want 1", n, err)
		}
	})
	t.Run("as deep as flows may call each other it is still called", func(t *testing.T) {
		x := newBench(t, b)
		x.begin()
		x.handles("handler", "", returns("out", schema.Values{"said": "{{start.code}}"}))
		x.fails("broken", "handler", begins("more", "broken", schema.Values{"what": "x"}))
		x.startPublished("broken")
		x.quiet()
		if list := x.children("handler"); len(list) != 1 || list[0].Output["said"] != cards.CodeCallDepth {
			t.Errorf("the flow for failures has %d runs, want one that was told of the depth", len(list))
		}
	})
	t.Run("what fails while it deals with a failure calls nothing", func(t *testing.T) {
		x := newBench(t, b)
		x.begin()
		x.fails("part", "handler", get("ask", x.world.URL+"/fail/404/9"))
		x.handles("handler", "handler", begins("more", "part", schema.Values{"what": "x"}), get("ask", x.world.URL+"/fail/404/9"))
		x.fails("broken", "handler", get("ask", x.world.URL+"/fail/404/9"))
		x.startPublished("broken")
		x.quiet()
		if h, p := len(x.children("handler")), len(x.children("part")); h != 1 || p != 1 {
			t.Errorf("there are %d runs of the handler and %d of what it calls, want one of each", h, p)
		}
		if n, err := x.store.OpenFailures(x.ctx, "", 10); n != 3 || err != nil {
			t.Errorf("OpenFailures = %d, %v; want all 3", n, err)
		}
	})
	t.Run("a run that another one waits for is the other one's affair", func(t *testing.T) {
		x := newBench(t, b)
		x.begin()
		x.handles("handler", "", compose("a", "1"))
		x.fails("part", "handler", get("ask", x.world.URL+"/fail/404/9"))
		x.fails("whole", "", goesOn(call("call", "part", schema.Values{"what": "x"})))
		x.startPublished("whole")
		x.quiet()
		if n := len(x.children("handler")); n != 0 {
			t.Errorf("the flow for failures has %d runs, want none", n)
		}
		if n, err := x.store.OpenFailures(x.ctx, "", 10); n != 0 || err != nil {
			t.Errorf("OpenFailures = %d, %v; want none", n, err)
		}
	})
	t.Run("drafts and cancelled runs call nothing", func(t *testing.T) {
		x := newBench(t, b)
		x.begin()
		x.handles("handler", "", compose("a", "1"))
		x.fails("broken", "handler", get("ask", x.world.URL+"/hang/ask"))
		draft := x.published("broken")
		draft.Version = 0
		if err := x.engine.Start(x.ctx, draft, flows.StartOptions{RunTimeout: 1200 * time.Millisecond}); err != nil {
			t.Fatal(err)
		}
		id := x.startPublished("broken")
		x.wait(x.world.Arrived("GET /hang/ask"), "the request")
		x.cancelled(id)
		x.quiet()
		if n := len(x.children("handler")); n != 0 {
			t.Errorf("the flow for failures has %d runs, want none", n)
		}
	})
	t.Run("why it could not be called is kept", func(t *testing.T) {
		x := newBench(t, b)
		x.begin()
		x.handles("handler", "", compose("a", "1"))
		if err := x.store.UpdateFlow(x.ctx, "handler", func(f *flows.Flow) error { f.On = false; return nil }); err != nil {
			t.Fatal(err)
		}
		x.fails("broken", "handler", get("ask", x.world.URL+"/fail/404/9"))
		id := x.startPublished("broken")
		x.quiet()
		if f, err := x.store.Failure(x.ctx, id); err != nil || !strings.Contains(f.Problem, "is switched off") {
			t.Errorf("Failure = %+v, %v; want that the handler is switched off", f, err)
		}
	})
	t.Run("killed between any two commits", func(t *testing.T) {
		for _, deaf := range []bool{false, true} {
			for n := range 6 {
				for _, waited := range []bool{false, true} {
					t.Run(fmt.Sprintf("after %d, answer lost %v, waited %v", n, deaf, waited), func(t *testing.T) { killFailing(t, b, n, deaf, waited) })
				}
			}
		}
	})
}

// killFailing kills a run that is about to fail after n commits. Whenever the run is
// kept, its flow for failures is called once.
func killFailing(t *testing.T, b Backend, n int, deaf, waited bool) {
	x := newBench(t, b)
	x.handles("handler", "", get("tell", x.world.URL+"/ok/tell"))
	x.fails("broken", "handler", goesOn(post("first", x.world.URL+"/ok/first")), get("ask", x.world.URL+"/fail/404/9"))
	journal := &mortal{Journal: x.store, deaf: deaf, died: make(chan struct{}), left: n}
	x.setup.Journal = journal
	x.begin()
	run := x.published("broken")
	if err := x.engine.Start(x.ctx, run, flows.StartOptions{Waited: waited}); err == nil {
		x.overOrDead(run.ID, journal.died)
	}
	x.stop()
	x.setup.Journal = x.store
	x.begin()
	if _, err := x.store.Run(x.ctx, run.ID); errors.Is(err, flows.ErrNotFound) {
		return
	}
	x.ended(run.ID)
	x.quiet()
	if list := x.children("handler"); len(list) != 1 || list[0].Event["run_id"] != run.ID {
		t.Errorf("the flow for failures has %d runs, want one", len(list))
	}
	if _, err := x.store.Failure(x.ctx, run.ID); err != nil {
		t.Errorf("the failure is not listed: %v", err)
	}
}
