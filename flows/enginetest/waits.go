package enginetest

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"
	"time"

	"flowdeck/cards/schema"
	"flowdeck/flows"
)

// link is where steps of the suite are answered.
func link(runID string, p flows.Path) (url, hash string) {
	sum := sha256.Sum256([]byte(runID + string(p)))
	return "https://flows.test/callback/" + runID + "/" + string(p), hex.EncodeToString(sum[:])
}

func pause(id string, amount any, unit string) flows.Step {
	return flows.Step{ID: id, Card: "control.wait", Inputs: schema.Values{"amount": amount, "unit": unit}}
}

// later lets the next engine's clock be ahead.
func (b *bench) later(d time.Duration) {
	b.setup.Now = func() time.Time { return time.Now().Add(d) }
}

func (b *bench) parked(id string) flows.Run {
	b.Helper()
	return b.until(id, "wait", func(r flows.Run) bool { return r.Status == flows.Waiting })
}

func testWaits(t *testing.T, b Backend) {
	t.Run("a short one is over in place", func(t *testing.T) {
		x := newBench(t, b)
		x.begin()
		id := x.start(pause("wait", 0.05, "seconds"), compose("then", "{{wait.until}}"))
		run := x.ended(id)
		if run.Status != flows.Succeeded || run.Epoch != 1 {
			t.Errorf("run ended %s, %v after %d claims; want succeeded after one", run.Status, run.Error, run.Epoch)
		}
		x.wantStory(id, "wait#1 succeeded", "then#1 succeeded")
	})
	t.Run("the engine's clock ends one", func(t *testing.T) {
		x := newBench(t, b)
		x.begin()
		began := time.Now()
		id := x.start(pause("wait", 2.05, "seconds"), compose("then", "1"))
		if run := x.ended(id); run.Status != flows.Succeeded || run.Epoch != 2 || time.Since(began) < 2050*time.Millisecond {
			t.Errorf("run ended %s, %v after %d claims and %s; want succeeded after two and 2.05s", run.Status, run.Error, run.Epoch, time.Since(began))
		}
	})
	t.Run("months outlive restarts and the run's time limit", func(t *testing.T) {
		x := newBench(t, b)
		x.begin()
		run := x.run(post("before", x.world.URL+"/ok/before"), pause("wait", 90, "days"), post("after", x.world.URL+"/ok/after"))
		if err := x.engine.Start(x.ctx, run, flows.StartOptions{RunTimeout: time.Minute}); err != nil {
			t.Fatalf("Start: %v", err)
		}
		waits := x.parked(run.ID)
		if !waits.Deadline.IsZero() || waits.WakeAt.Sub(time.Now()) < 89*24*time.Hour {
			t.Errorf("the run waits until %s with the deadline %s; want 90 days, and none", waits.WakeAt, waits.Deadline)
		}
		x.wantStory(run.ID, "before#1 succeeded", "wait#1 waiting")
		for range 2 { // the first start is too early
			x.stop()
			x.later(30 * 24 * time.Hour)
			x.begin()
		}
		if r := x.parked(run.ID); r.Epoch != 1 {
			t.Errorf("the run was driven %d times before its time", r.Epoch)
		}
		x.stop()
		x.later(91 * 24 * time.Hour)
		x.begin()
		if run := x.ended(run.ID); run.Status != flows.Succeeded {
			t.Errorf("run ended %s, %v at %s; want succeeded", run.Status, run.Error, run.ErrorPath)
		}
		x.wantStory(run.ID, "before#1 succeeded", "wait#1 succeeded", "after#1 succeeded")
		if n := x.world.Asked("POST /ok/before"); n != 1 {
			t.Errorf("the card before it ran %d times, want once", n)
		}
	})
	t.Run("what was left of the time limit counts again afterwards", func(t *testing.T) {
		x := newBench(t, b)
		x.begin()
		run := x.run(pause("wait", 1, "days"), get("slow", x.world.URL+"/hang/slow"))
		if err := x.engine.Start(x.ctx, run, flows.StartOptions{RunTimeout: 700 * time.Millisecond}); err != nil {
			t.Fatalf("Start: %v", err)
		}
		x.parked(run.ID)
		x.stop()
		x.later(25 * time.Hour)
		x.begin()
		x.timedOut(run.ID, "slow")
		if e := x.ended(run.ID).Error; e != nil && strings.Contains(e.Message, "25h") {
			t.Errorf("of a run that waited and had less than a second it says %q", e.Message)
		}
	})
	t.Run("one that waits is cancelled at once", func(t *testing.T) {
		x := newBench(t, b)
		x.begin()
		id := x.start(pause("wait", 90, "days"), compose("then", "1"))
		x.parked(id)
		x.cancelled(id)
		x.wantStory(id, "wait#1 cancelled cancelled")
	})
}
