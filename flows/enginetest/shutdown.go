package enginetest

import (
	"context"
	"errors"
	"testing"
	"time"

	"flowdeck/cards"
	"flowdeck/flows"
)

func testShutdown(t *testing.T, b Backend) {
	t.Run("lets runs finish", func(t *testing.T) {
		x := newBench(t, b)
		x.begin()
		id := x.start(get("slow", x.world.URL+"/hang/slow"), post("after", x.world.URL+"/ok/after"))
		x.wait(x.world.Arrived("GET /hang/slow"), "the request")
		down := make(chan struct{})
		go func() {
			defer close(down)
			if err := x.engine.Shutdown(x.ctx); err != nil {
				t.Errorf("Shutdown: %v", err)
			}
		}()
		x.stopping()
		x.world.Release("GET /hang/slow")
		x.wait(down, "the shutdown")
		if run, _ := x.store.Run(x.ctx, id); run.Status != flows.Succeeded {
			t.Errorf("run is %s, want succeeded", run.Status)
		}
	})
	t.Run("leaves what does not finish, and a restart goes on", func(t *testing.T) {
		x := newBench(t, b)
		x.begin()
		id := x.start(post("once", x.world.URL+"/ok/once"), get("slow", x.world.URL+"/hang/slow"))
		x.wait(x.world.Arrived("GET /hang/slow"), "the request")
		waited := make(chan error, 1)
		go func() {
			_, err := x.engine.Wait(x.ctx, id)
			waited <- err
		}()
		x.until(id, "be seen", func(flows.Run) bool { return true })
		x.stop()
		if err := <-waited; !errors.Is(err, flows.ErrStopped) {
			t.Errorf("Wait across the stop = %v, want ErrStopped", err)
		}
		x.world.Release("GET /hang/slow")
		x.begin()
		if run := x.ended(id); run.Status != flows.Succeeded {
			t.Errorf("run ended %s, %v; want succeeded\n%s", run.Status, run.Error, x.story(id))
		}
		if n := x.world.Asked("POST /ok/once"); n != 1 {
			t.Errorf("the finished card ran %d times, want once", n)
		}
	})
	t.Run("does not wait for a card that does not look up", func(t *testing.T) {
		x := newBench(t, b)
		x.begin()
		id := x.start(post("once", x.world.URL+"/ok/once"), flows.Step{ID: "deaf", Card: "test.deaf"})
		x.until(id, "have written", func(flows.Run) bool { return x.world.Asked("POST /ok/once") == 1 })
		began := time.Now()
		x.stop()
		if took := time.Since(began); took > 3*time.Second {
			t.Errorf("stopping took %s", took)
		}
		x.begin()
		if run := x.ended(id); run.Status != flows.Succeeded {
			t.Errorf("run ended %s, %v; want succeeded\n%s", run.Status, run.Error, x.story(id))
		}
		if n := x.world.Asked("POST /ok/once"); n != 1 {
			t.Errorf("the finished card ran %d times, want once", n)
		}
	})
	t.Run("cut off in a card that writes, the outcome is unknown", func(t *testing.T) {
		x := newBench(t, b)
		x.begin()
		id := x.start(post("slow", x.world.URL+"/hang/slow"))
		x.wait(x.world.Arrived("POST /hang/slow"), "the request")
		x.stop()
		x.world.Release("POST /hang/slow")
		x.begin()
		if run := x.ended(id); run.Status != flows.Failed || run.Error == nil || run.Error.Code != cards.CodeUnknownOutcome {
			t.Errorf("run ended %s, %v; want failed with unknown_outcome", run.Status, run.Error)
		}
		x.wantStory(id, "slow#1 failed unknown_outcome")
		if n := x.world.Asked("POST /hang/slow"); n != 1 {
			t.Errorf("it was asked %d times, want once", n)
		}
	})
	t.Run("cut off in a card that may be repeated, it is", func(t *testing.T) {
		x := newBench(t, b)
		x.begin()
		step := post("slow", x.world.URL+"/hang/slow")
		step.Policy.InDoubt = "repeat"
		id := x.start(step)
		x.wait(x.world.Arrived("POST /hang/slow"), "the request")
		x.stop()
		x.world.Release("POST /hang/slow")
		x.begin()
		if run := x.ended(id); run.Status != flows.Succeeded {
			t.Errorf("run ended %s, %v; want succeeded", run.Status, run.Error)
		}
		x.wantStory(id, "slow#1 failed interrupted", "slow#2 succeeded")
		if keys := x.world.Keys("POST /hang/slow"); len(keys) != 2 || keys[0] != keys[1] || keys[0] == "" {
			t.Errorf("Idempotency-Key of both = %q, want the same twice", keys)
		}
	})
	t.Run("takes no more", func(t *testing.T) {
		x := newBench(t, b)
		x.begin()
		now, cancel := context.WithCancel(x.ctx)
		cancel()
		if err := x.engine.Shutdown(now); err != nil {
			t.Errorf("Shutdown: %v", err)
		}
		x.stopping()
	})
}

// stopping waits until the engine refuses runs because it stops.
func (b *bench) stopping() {
	b.Helper()
	for b.ctx.Err() == nil {
		err := b.engine.Start(b.ctx, b.run(compose("a", "1")), flows.StartOptions{})
		if errors.Is(err, flows.ErrStopped) {
			return
		}
		if err != nil {
			b.Fatalf("Start while stopping = %v, want ErrStopped", err)
		}
	}
	b.Fatal("the engine goes on taking runs")
}

func testFencing(t *testing.T, b Backend) {
	t.Run("a worker that was taken over touches nothing", func(t *testing.T) {
		x := newBench(t, b)
		x.begin()
		id := x.start(get("slow", x.world.URL+"/hang/slow"), post("after", x.world.URL+"/ok/after"))
		x.until(id, "show its card running", func(flows.Run) bool { return x.story(id) == "slow#1 running\n" })
		frozen := x.engine
		x.begin() // a second process, which takes the run over
		x.until(id, "be taken over", func(r flows.Run) bool { return r.Epoch > 1 })
		x.world.Release("GET /hang/slow")
		if run := x.ended(id); run.Status != flows.Succeeded {
			t.Errorf("run ended %s, %v; want succeeded", run.Status, run.Error)
		}
		if err := frozen.Shutdown(x.ctx); err != nil {
			t.Errorf("Shutdown of the first: %v", err)
		}
		if n := x.world.Asked("POST /ok/after"); n != 1 {
			t.Errorf("the card after it ran %d times, want once", n)
		}
		x.wantStory(id, "slow#1 failed interrupted", "slow#2 succeeded", "after#1 succeeded")
	})
}
