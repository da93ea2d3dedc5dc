package enginetest

import (
	"strings"
	"testing"
	"time"

	"flowdeck/cards/schema"
	"flowdeck/flows"
)

func forEach(id string, limit int, chain ...flows.Step) flows.Step {
	return flows.Step{ID: id, Card: "control.each", Inputs: schema.Values{"items": []any{"a", "b"}, "concurrency": int64(limit)},
		Blocks: map[string]flows.Block{"each": {Chain: chain}}}
}

// testWaitingLanes has loops and lanes wait, over restarts.
func testWaitingLanes(t *testing.T, b Backend) {
	t.Run("rounds that wait together", func(t *testing.T) {
		x := newBench(t, b)
		x.begin()
		id := x.start(forEach("loop", 2, pause("wait", 1, "days"), post("after", x.world.URL+"/ok/{{loop.item}}")))
		x.parked(id)
		x.stop()
		x.later(25 * time.Hour)
		x.begin()
		x.both(id)
	})
	t.Run("rounds that wait one after the other", func(t *testing.T) {
		x := newBench(t, b)
		x.begin()
		id := x.start(forEach("loop", 1, pause("wait", 1, "days"), post("after", x.world.URL+"/ok/{{loop.item}}")))
		for day := range 2 {
			x.parked(id)
			x.stop()
			x.later(time.Duration(25*(day+1)) * time.Hour)
			x.begin()
			if day == 0 {
				x.until(id, "wait for the second", func(r flows.Run) bool { return r.Status == flows.Waiting && x.world.Asked("POST /ok/a") == 1 })
			}
		}
		x.both(id)
	})
	t.Run("lanes that wait for an answer, a flow and a time", func(t *testing.T) {
		x := newBench(t, b)
		x.begin()
		x.helper("sleeps", pause("nap", 2, "hours"), returns("out", schema.Values{"said": "{{start.what}}"}))
		id := x.start(flows.Step{ID: "lanes", Card: "control.parallel", Inputs: schema.Values{"lanes": []any{
			map[string]any{"key": "one"}, map[string]any{"key": "two"}, map[string]any{"key": "three"}}}, Blocks: map[string]flows.Block{
			"one":   {Chain: []flows.Step{x.asks("ask"), post("a", x.world.URL+"/ok/a")}},
			"two":   {Chain: []flows.Step{call("call", "sleeps", schema.Values{"what": "b"}), post("b", x.world.URL+"/ok/{{call.said}}")}},
			"three": {Chain: []flows.Step{pause("wait", 1, "hours"), get("c", x.world.URL+"/ok/c")}}}})
		if run := x.parked(id); run.WakeAt.IsZero() {
			t.Error("the run waits for ever, want an hour")
		}
		if err := x.answer(id, "lanes/ask", "yes"); err != nil {
			t.Fatalf("Answer: %v", err)
		}
		x.until(id, "go on in one lane, and wait again", func(r flows.Run) bool {
			return r.Status == flows.Waiting && strings.Contains(x.story(id), "lanes/a#1 succeeded")
		})
		x.stop()
		x.later(3 * time.Hour)
		x.begin()
		x.both(id)
		if n := x.world.Asked("GET /ok/c"); n != 1 {
			t.Errorf("the third lane asked %d times, want once", n)
		}
	})
}

// both expects the run to succeed after having posted a and b once.
func (b *bench) both(id string) {
	b.Helper()
	if run := b.ended(id); run.Status != flows.Succeeded {
		b.Errorf("run ended %s, %v at %s; want succeeded\n%s", run.Status, run.Error, run.ErrorPath, b.story(id))
	}
	for _, name := range []string{"POST /ok/a", "POST /ok/b"} {
		if n := b.world.Asked(name); n != 1 {
			b.Errorf("%s was asked %d times, want once", name, n)
		}
	}
}
