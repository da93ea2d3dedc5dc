package enginetest

import (
	"errors"
	"testing"
	"time"

	"flowdeck/cards"
	"flowdeck/flows"
)

func testCancel(t *testing.T, b Backend) {
	t.Run("in a request", func(t *testing.T) {
		x := newBench(t, b)
		x.begin()
		id := x.start(post("slow", x.world.URL+"/hang/slow"), get("never", x.world.URL+"/ok/never"))
		x.wait(x.world.Arrived("POST /hang/slow"), "the request")
		x.cancelled(id)
		x.wantStory(id, "slow#1 failed cancelled")
	})
	t.Run("in a card that does not look up, after one that wrote", func(t *testing.T) {
		x := newBench(t, b)
		x.begin()
		id := x.start(post("made", x.world.URL+"/ok/made"), flows.Step{ID: "deaf", Card: "test.deaf"})
		x.until(id, "have written", func(flows.Run) bool { return x.world.Asked("POST /ok/made") == 1 })
		time.Sleep(50 * time.Millisecond) // its answer is there, and the next card has begun
		x.cancelled(id)
		x.wantStory(id, "made#1 succeeded")
	})
	t.Run("while parked", func(t *testing.T) {
		x := newBench(t, b)
		x.begin()
		id := x.start(retried(get("down", x.world.URL+"/fail/503/9"), 2, time.Hour, "any"))
		x.until(id, "be parked", func(r flows.Run) bool { return r.Status == flows.Waiting })
		x.cancelled(id)
		x.wantStory(id, "down#1 failed http_503")
	})
	t.Run("in a short wait", func(t *testing.T) {
		x := newBench(t, b)
		x.begin()
		id := x.start(retried(get("down", x.world.URL+"/fail/503/9"), 2, 1900*time.Millisecond, "any"))
		x.until(id, "have failed once", func(r flows.Run) bool { return len(x.attempts(id)) == 1 && !x.attempts(id)[0].NextAt.IsZero() })
		x.cancelled(id)
	})
	t.Run("in the queue", func(t *testing.T) {
		x := newBench(t, b)
		x.setup.Running = 1
		x.begin()
		first := x.start(get("slow", x.world.URL+"/hang/slow"))
		x.wait(x.world.Arrived("GET /hang/slow"), "the request")
		second := x.start(get("never", x.world.URL+"/ok/never"))
		if run, _ := x.store.Run(x.ctx, second); run.Status != flows.Queued {
			t.Errorf("the second run is %s, want queued", run.Status)
		}
		if err := x.engine.Cancel(x.ctx, second); err != nil {
			t.Fatalf("Cancel: %v", err)
		}
		x.world.Release("GET /hang/slow")
		if run := x.ended(first); run.Status != flows.Succeeded {
			t.Errorf("the first run ended %s, %v", run.Status, run.Error)
		}
		if run := x.ended(second); run.Status != flows.Cancelled {
			t.Errorf("the second run ended %s, %v; want cancelled", run.Status, run.Error)
		}
		if n := x.world.Asked("GET /ok/never"); n != 0 {
			t.Errorf("its card ran %d times", n)
		}
	})
	t.Run("before a restart", func(t *testing.T) {
		x := newBench(t, b)
		x.begin()
		id := x.start(get("slow", x.world.URL+"/hang/slow"))
		x.wait(x.world.Arrived("GET /hang/slow"), "the request")
		x.stop()
		if err := x.store.Cancel(x.ctx, id); err != nil {
			t.Fatalf("Cancel in the journal: %v", err)
		}
		x.begin()
		if run := x.ended(id); run.Status != flows.Cancelled {
			t.Errorf("run ended %s, %v; want cancelled", run.Status, run.Error)
		}
	})
	t.Run("what is over or never was", func(t *testing.T) {
		x := newBench(t, b)
		x.begin()
		id := x.start(compose("a", "1"))
		x.ended(id)
		if err := x.engine.Cancel(x.ctx, id); !errors.Is(err, flows.ErrConflict) {
			t.Errorf("Cancel of a run that is over = %v, want ErrConflict", err)
		}
		if err := x.engine.Cancel(x.ctx, "r_unknown"); !errors.Is(err, flows.ErrNotFound) {
			t.Errorf("Cancel of a run that never was = %v, want ErrNotFound", err)
		}
	})
}

// cancelled cancels the run and expects that to work at once, with room for a machine that is busy.
func (b *bench) cancelled(id string) {
	b.Helper()
	began := time.Now()
	if err := b.engine.Cancel(b.ctx, id); err != nil {
		b.Fatalf("Cancel: %v", err)
	}
	run := b.ended(id)
	if took := time.Since(began); took > 5*time.Second {
		b.Errorf("cancelling took %s, want it at once", took)
	}
	if run.Status != flows.Cancelled || run.Error == nil || run.Error.Code != cards.CodeCancelled {
		b.Errorf("run ended %s, %v; want cancelled", run.Status, run.Error)
	}
}

func testLimits(t *testing.T, b Backend) {
	t.Run("of one attempt", func(t *testing.T) {
		x := newBench(t, b)
		x.begin()
		id := x.start(within(get("slow", x.world.URL+"/hang/slow"), 30*time.Millisecond))
		if run := x.ended(id); run.Status != flows.Failed || run.Error == nil || run.Error.Code != cards.CodeTimeout {
			t.Errorf("run ended %s, %v; want failed with timeout", run.Status, run.Error)
		}
		x.wantStory(id, "slow#1 failed timeout")
	})
	t.Run("of the run, in a card", func(t *testing.T) {
		x := newBench(t, b)
		x.begin()
		run := x.run(get("slow", x.world.URL+"/hang/slow"))
		if err := x.engine.Start(x.ctx, run, flows.StartOptions{RunTimeout: 1500 * time.Millisecond}); err != nil {
			t.Fatalf("Start: %v", err)
		}
		x.timedOut(run.ID, "slow")
	})
	t.Run("of the run, in a long wait", func(t *testing.T) {
		x := newBench(t, b)
		x.begin()
		run := x.run(goesOn(retried(get("down", x.world.URL+"/fail/503/9"), 2, time.Hour, "any")))
		if err := x.engine.Start(x.ctx, run, flows.StartOptions{RunTimeout: 2 * time.Second}); err != nil {
			t.Fatalf("Start: %v", err)
		}
		x.timedOut(run.ID, "")
	})
	t.Run("of the run, without its wait for a place", func(t *testing.T) {
		x := newBench(t, b)
		x.setup.Running = 1
		x.begin()
		x.start(within(get("slow", x.world.URL+"/hang/slow"), 1500*time.Millisecond))
		run := x.run(compose("then", "1"))
		if err := x.engine.Start(x.ctx, run, flows.StartOptions{RunTimeout: time.Second}); err != nil {
			t.Fatalf("Start: %v", err)
		}
		if run := x.ended(run.ID); run.Status != flows.Succeeded {
			t.Errorf("a run that could only begin when its time was up ended %s, %v; want succeeded", run.Status, run.Error)
		}
	})
	t.Run("of the run, across a restart", func(t *testing.T) {
		x := newBench(t, b)
		x.begin()
		run := x.run(get("slow", x.world.URL+"/hang/slow"))
		if err := x.engine.Start(x.ctx, run, flows.StartOptions{RunTimeout: 10 * time.Minute}); err != nil {
			t.Fatalf("Start: %v", err)
		}
		x.wait(x.world.Arrived("GET /hang/slow"), "the request")
		x.stop()
		x.setup.Now = func() time.Time { return time.Now().Add(11 * time.Minute) }
		x.begin()
		x.timedOut(run.ID, "")
	})
}

func (b *bench) timedOut(id string, at flows.Path) {
	b.Helper()
	run := b.ended(id)
	if run.Status != flows.Failed || run.Error == nil || run.Error.Code != cards.CodeTimeout || run.ErrorPath != at {
		b.Errorf("run ended %s, %v at %q; want failed with timeout at %q", run.Status, run.Error, run.ErrorPath, at)
	}
}
