package enginetest

import (
	"testing"
	"time"

	"flowdeck/cards/schema"
	"flowdeck/flows"
)

func lanes(id string, one, two []flows.Step) flows.Step {
	return flows.Step{ID: id, Card: "control.parallel", Inputs: schema.Values{"lanes": []any{map[string]any{"key": "one"}, map[string]any{"key": "two"}}},
		Blocks: map[string]flows.Block{"one": {Chain: one}, "two": {Chain: two}}}
}

func caught(id string, try, catch []flows.Step) flows.Step {
	return flows.Step{ID: id, Card: "control.try", Inputs: schema.Values{"catches": []any{map[string]any{"key": "catch", "match": "any"}}},
		Blocks: map[string]flows.Block{"try": {Chain: try}, "catch": {Chain: catch}}}
}

// testFailingLanes has a lane fail while the one beside it waits. What catches the failure
// runs at once, and the other lane is over: it does not go on when its time has come.
func testFailingLanes(t *testing.T, b Backend) {
	for _, c := range []struct {
		name  string
		waits func(x *bench) flows.Step
		story string
	}{
		{"for a time", func(*bench) flows.Step { return pause("wait", 1, "hours") }, "try/lanes/wait#1 cancelled cancelled"},
		{"for an answer", func(x *bench) flows.Step { return x.asks("wait") }, "try/lanes/wait#1 cancelled cancelled"},
		{"for a flow", func(x *bench) flows.Step {
			x.helper("sleeps", pause("nap", 1, "hours"))
			return call("wait", "sleeps", schema.Values{"what": "b"})
		}, "try/lanes/wait#1 cancelled cancelled"},
		{"for its next attempt", func(x *bench) flows.Step {
			return retried(get("wait", x.world.URL+"/fail/503/1"), 2, time.Hour, "any")
		}, "try/lanes/wait#2 cancelled cancelled"},
	} {
		t.Run("beside one that waits "+c.name, func(t *testing.T) {
			x := newBench(t, b)
			x.begin()
			run := x.run(
				caught("try", []flows.Step{lanes("lanes",
					[]flows.Step{c.waits(x), post("never", x.world.URL+"/ok/never")},
					[]flows.Step{pause("first", 0.1, "seconds"), get("fails", x.world.URL+"/fail/404/9")})},
					[]flows.Step{post("tell", x.world.URL+"/ok/tell")}),
				pause("later", 2, "hours"), post("end", x.world.URL+"/ok/end"))
			if err := x.engine.Start(x.ctx, run, flows.StartOptions{RunTimeout: 24 * time.Hour}); err != nil {
				t.Fatalf("Start: %v", err)
			}
			id := run.ID
			x.until(id, "catch the failure", func(r flows.Run) bool { return r.Status == flows.Waiting && x.world.Asked("POST /ok/tell") == 1 })
			for _, child := range x.children("sleeps") {
				if run := x.ended(child.ID); run.Status != flows.Cancelled {
					t.Errorf("the flow that nobody waits for any more ended %s, want cancelled", run.Status)
				}
			}
			x.stop()
			x.later(3 * time.Hour)
			x.begin()
			if run := x.ended(id); run.Status != flows.Succeeded {
				t.Errorf("run ended %s, %v at %s; want succeeded", run.Status, run.Error, run.ErrorPath)
			}
			for name, want := range map[string]int{"POST /ok/never": 0, "POST /ok/tell": 1, "POST /ok/end": 1, "GET /fail/404/9": 1} {
				if n := x.world.Asked(name); n != want {
					t.Errorf("%s was asked %d times, want %d\n%s", name, n, want, x.story(id))
				}
			}
		})
	}
}
