package enginetest

import (
	"strings"
	"testing"

	"flowdeck/cards"
	"flowdeck/flows"
)

func testFailures(t *testing.T, b Backend) {
	t.Run("a failed card ends the run with its error", func(t *testing.T) {
		x := newBench(t, b)
		x.begin()
		id := x.start(get("down", x.world.URL+"/fail/503/9"), get("never", x.world.URL+"/ok/never"))
		run := x.ended(id)
		if run.Status != flows.Failed || run.Error == nil || run.Error.Code != "http_503" || run.ErrorPath != "down" {
			t.Errorf("run ended %s with %v at %q, want failed with http_503 at down", run.Status, run.Error, run.ErrorPath)
		}
		x.wantStory(id, "down#1 failed http_503")
	})
	t.Run("on error continue goes on with the error as output", func(t *testing.T) {
		x := newBench(t, b)
		x.begin()
		id := x.start(goesOn(get("down", x.world.URL+"/fail/503/9")), compose("why", "it said {{down.error.code}}"))
		if run := x.ended(id); run.Status != flows.Succeeded {
			t.Fatalf("run ended %s, %v; want succeeded", run.Status, run.Error)
		}
		x.wantStory(id, "down#1 failed http_503", "why#1 succeeded")
		for _, a := range x.attempts(id) {
			if a.StepID == "why" && a.Output["text"] != "it said http_503" {
				t.Errorf("output of why = %v, want it said http_503", a.Output)
			}
		}
	})
	t.Run("a panic is a bug that the log explains and people do not see", func(t *testing.T) {
		x := newBench(t, b)
		x.begin()
		id := x.start(flows.Step{ID: "broken", Card: "test.panic"})
		run := x.ended(id)
		if run.Status != flows.Failed || run.Error == nil || run.Error.Code != cards.CodeBug {
			t.Fatalf("run ended %s with %v, want failed with bug", run.Status, run.Error)
		}
		if got := run.Error.Error(); strings.Contains(got, "a mistake in this card") {
			t.Errorf("the error shows the panic: %s", got)
		}
		if got := x.logged.String(); !strings.Contains(got, "a mistake in this card") || !strings.Contains(got, "enginetest") {
			t.Errorf("the log does not hold the panic and its stack: %s", got)
		}
		if run := x.ended(x.start(compose("a", "1"))); run.Status != flows.Succeeded {
			t.Errorf("the run after it ended %s, %v", run.Status, run.Error)
		}
	})
	t.Run("a connection that is gone fails the card", func(t *testing.T) {
		x := newBench(t, b)
		x.begin()
		step := get("signed", x.world.URL+"/ok/signed")
		step.Connection = "c_gone"
		id := x.start(step)
		if run := x.ended(id); run.Status != flows.Failed || run.Error == nil || run.Error.Code != cards.CodeSignIn {
			t.Errorf("run ended %s with %v, want failed with sign_in", run.Status, run.Error)
		}
		x.wantStory(id, "signed#1 failed sign_in")
	})
	t.Run("a document that is gone fails the run", func(t *testing.T) {
		x := newBench(t, b)
		x.begin()
		run := x.run(compose("a", "1"))
		run.Document = "0000"
		if err := x.engine.Start(x.ctx, run, flows.StartOptions{}); err != nil {
			t.Fatalf("Start: %v", err)
		}
		if got := x.ended(run.ID); got.Status != flows.Failed || got.Error == nil {
			t.Errorf("run ended %s with %v, want failed with an error", got.Status, got.Error)
		}
	})
}
