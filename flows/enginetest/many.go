package enginetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"flowdeck/flows"
)

func testMany(t *testing.T, b Backend) {
	t.Run("a hundred at once", func(t *testing.T) {
		x := newBench(t, b)
		x.setup.Running = 16
		x.begin()
		var all sync.WaitGroup
		for i := range 100 {
			run := x.run(get("a", x.world.URL+"/ok/a"), post("b", x.world.URL+fmt.Sprintf("/ok/b%d", i)), reply("c", fmt.Sprint(i)))
			all.Go(func() {
				if err := x.engine.Start(x.ctx, run, flows.StartOptions{}); err != nil {
					t.Errorf("Start %d: %v", i, err)
					return
				}
				res, err := x.engine.Wait(x.ctx, run.ID)
				if err != nil || res.Response == nil || res.Response.Body != fmt.Sprint(i) {
					t.Errorf("Wait for %d = %+v, %v", i, res, err)
				}
			})
		}
		all.Wait()
		if n := x.world.Asked("GET /ok/a"); n != 100 {
			t.Errorf("GET ran %d times, want 100", n)
		}
		for i := range 100 {
			if n := x.world.Asked(fmt.Sprintf("POST /ok/b%d", i)); n != 1 {
				t.Errorf("POST of run %d ran %d times, want once", i, n)
			}
		}
	})
	t.Run("more than there is room for", func(t *testing.T) {
		x := newBench(t, b)
		x.setup.Running, x.setup.Queue = 1, 1
		x.begin()
		first := x.start(get("slow", x.world.URL+"/hang/slow"))
		x.wait(x.world.Arrived("GET /hang/slow"), "the request")
		second := x.start(compose("a", "1"))
		third := x.run(compose("a", "1"))
		if err := x.engine.Start(x.ctx, third, flows.StartOptions{}); !errors.Is(err, flows.ErrBusy) {
			t.Errorf("third Start = %v, want ErrBusy", err)
		}
		if _, err := x.store.Run(x.ctx, third.ID); !errors.Is(err, flows.ErrNotFound) {
			t.Errorf("the store has the run that was refused: %v", err)
		}
		x.world.Release("GET /hang/slow")
		x.ended(first)
		x.ended(second)
		if err := x.engine.Start(x.ctx, third, flows.StartOptions{}); err != nil {
			t.Errorf("third Start, when there is room = %v", err)
		}
		x.ended(third.ID)
	})
	t.Run("the same twice", func(t *testing.T) {
		x := newBench(t, b)
		x.begin()
		run := x.run(compose("a", "1"))
		if err := x.engine.Start(x.ctx, run, flows.StartOptions{}); err != nil {
			t.Fatalf("Start: %v", err)
		}
		x.ended(run.ID)
		if err := x.engine.Start(x.ctx, run, flows.StartOptions{}); !errors.Is(err, flows.ErrTaken) {
			t.Errorf("Start of a run that was = %v, want ErrTaken", err)
		}
	})
}

func testWatch(t *testing.T, b Backend) {
	t.Run("a slow watcher sees the last change", func(t *testing.T) {
		x := newBench(t, b)
		x.begin()
		run := x.run(get("a", x.world.URL+"/hang/a"), post("b", x.world.URL+"/ok/b"), post("c", x.world.URL+"/ok/c"))
		if err := x.engine.Start(x.ctx, run, flows.StartOptions{}); err != nil {
			t.Fatalf("Start: %v", err)
		}
		changes := x.engine.Watch(x.ctx, run.ID)
		<-changes
		x.world.Release("GET /hang/a")
		x.ended(run.ID)
		<-changes
		if r, _ := x.store.Run(x.ctx, run.ID); r.Status != flows.Succeeded {
			t.Errorf("after the last change the store says %s, want succeeded", r.Status)
		}
	})
	t.Run("a card that takes its time is seen running", func(t *testing.T) {
		x := newBench(t, b)
		x.begin()
		id := x.start(get("slow", x.world.URL+"/hang/slow"))
		x.until(id, "show its card running", func(flows.Run) bool { return x.story(id) == "slow#1 running\n" })
		x.world.Release("GET /hang/slow")
		x.ended(id)
		x.wantStory(id, "slow#1 succeeded")
	})
	t.Run("it ends with its context, also for a run that never was", func(t *testing.T) {
		x := newBench(t, b)
		x.begin()
		ctx, cancel := context.WithCancel(x.ctx)
		changes := x.engine.Watch(ctx, "r_unknown")
		cancel()
		for range changes {
		}
	})
}
