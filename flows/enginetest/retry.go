package enginetest

import (
	"testing"
	"time"

	"flowdeck/flows"
)

func testRetry(t *testing.T, b Backend) {
	t.Run("a rule that matches tries again, with growing waits", func(t *testing.T) {
		x := newBench(t, b)
		x.begin()
		id := x.start(retried(get("flaky", x.world.URL+"/fail/503/2"), 3, 5*time.Millisecond, "http_5xx"))
		if run := x.ended(id); run.Status != flows.Succeeded {
			t.Fatalf("run ended %s, %v", run.Status, run.Error)
		}
		x.wantStory(id, "flaky#1 failed http_503", "flaky#2 failed http_503", "flaky#3 succeeded")
		list := x.attempts(id)
		for i, want := range []time.Duration{5 * time.Millisecond, 10 * time.Millisecond} {
			if got := list[i].NextAt.Sub(list[i].Finished).Round(100 * time.Microsecond); got != want {
				t.Errorf("wait after attempt %d = %s, want %s", i+1, got, want)
			}
			if list[i+1].Started.Before(list[i].NextAt) {
				t.Errorf("attempt %d began at %s, before %s", i+2, list[i+1].Started, list[i].NextAt)
			}
		}
		if !list[2].NextAt.IsZero() {
			t.Errorf("the attempt that succeeded is due again at %s", list[2].NextAt)
		}
	})
	t.Run("attempts are bounded and the last error counts", func(t *testing.T) {
		x := newBench(t, b)
		x.begin()
		id := x.start(retried(get("down", x.world.URL+"/fail/500/9"), 2, time.Millisecond, "timeout", "http_500"))
		if run := x.ended(id); run.Status != flows.Failed || run.Error.Code != "http_500" {
			t.Errorf("run ended %s, %v; want failed with http_500", run.Status, run.Error)
		}
		x.wantStory(id, "down#1 failed http_500", "down#2 failed http_500")
	})
	t.Run("a rule that does not match does nothing", func(t *testing.T) {
		x := newBench(t, b)
		x.begin()
		id := x.start(retried(get("gone", x.world.URL+"/fail/404/9"), 5, time.Millisecond, "http_5xx", "timeout"))
		x.ended(id)
		x.wantStory(id, "gone#1 failed http_404")
	})
	t.Run("Retry-After is respected and a parked retry survives a restart", func(t *testing.T) {
		x := newBench(t, b)
		x.begin()
		id := x.start(get("before", x.world.URL+"/ok/before"),
			retried(get("busy", x.world.URL+"/fail/429/1?after=600"), 2, time.Millisecond, "http_429"))
		run := x.until(id, "be parked", func(r flows.Run) bool { return r.Status == flows.Waiting })
		x.wantStory(id, "before#1 succeeded", "busy#1 failed http_429")
		for _, a := range x.attempts(id) {
			if a.StepID == "busy" && (a.NextAt.Sub(a.Finished).Round(time.Second) != 10*time.Minute || !run.WakeAt.Equal(a.NextAt)) {
				t.Errorf("due %s after the failure and the run at %s, want 10m and the same", a.NextAt.Sub(a.Finished), run.WakeAt)
			}
		}
		x.stop()
		x.begin()
		if run, _ := x.store.Run(x.ctx, id); run.Status != flows.Waiting {
			t.Errorf("after a restart the run is %s, want waiting", run.Status)
		}
		x.stop()
		x.setup.Now = func() time.Time { return time.Now().Add(11 * time.Minute) }
		x.begin()
		if run := x.ended(id); run.Status != flows.Succeeded {
			t.Errorf("run ended %s, %v; want succeeded", run.Status, run.Error)
		}
		x.wantStory(id, "before#1 succeeded", "busy#1 failed http_429", "busy#2 succeeded")
		if n := x.world.Asked("GET /ok/before"); n != 1 {
			t.Errorf("the card before the wait ran %d times, want once", n)
		}
	})
	t.Run("a wait in memory wakes by itself", func(t *testing.T) {
		x := newBench(t, b)
		x.begin()
		id := x.start(retried(get("flaky", x.world.URL+"/fail/503/1"), 2, 2050*time.Millisecond, "any"))
		x.until(id, "be parked", func(r flows.Run) bool { return r.Status == flows.Waiting })
		if run := x.ended(id); run.Status != flows.Succeeded {
			t.Errorf("run ended %s, %v; want succeeded", run.Status, run.Error)
		}
		x.wantStory(id, "flaky#1 failed http_503", "flaky#2 succeeded")
	})
}
