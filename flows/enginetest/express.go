package enginetest

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"flowdeck/cards"
	"flowdeck/flows"
)

// testExpress starts runs that do not wait for their journal.
func testExpress(t *testing.T, b Backend) {
	waited := flows.StartOptions{Waited: true}
	call := func(x *bench, run flows.Run) flows.Result {
		t.Helper()
		run.Express = true
		wait, err := x.engine.Call(x.ctx, run, waited)
		if err != nil {
			t.Fatalf("Call: %v", err)
		}
		result, err := wait(x.ctx, 20*time.Second)
		if err != nil {
			t.Fatalf("wait: %v", err)
		}
		return result
	}
	t.Run("it is written down once, afterwards", func(t *testing.T) {
		x := newBench(t, b)
		journal := &counting{Journal: x.store}
		x.setup.Journal = journal
		x.begin()
		run := x.run(get("read", x.world.URL+"/ok/read"), post("write", x.world.URL+"/ok/write"), reply("answer", "{{write.body.path}}"))
		if result := call(x, run); result.Response == nil || result.Response.Body != "/ok/write" {
			t.Errorf("the caller heard %+v, want /ok/write", result)
		}
		if end := x.appears(run.ID).ended(run.ID); end.Status != flows.Succeeded || end.Response == nil || !end.Express {
			t.Errorf("the run says %+v", end)
		}
		if got := journal.said(); !slices.Equal(got, []string{"Leave"}) {
			t.Errorf("commits: %v, want Leave alone", got)
		}
		x.wantStory(run.ID, "read#1 succeeded", "write#1 succeeded", "answer#1 succeeded")
	})
	t.Run("its answer waits for nothing", func(t *testing.T) {
		x := newBench(t, b)
		x.setup.Journal = &counting{Journal: x.store}
		x.begin()
		run := x.run(reply("answer", "soon"), get("slow", x.world.URL+"/hang/slow"))
		if result := call(x, run); result.Response == nil || result.Response.Body != "soon" || result.Outcome != nil {
			t.Errorf("the caller heard %+v, want the answer while the run goes on", result)
		}
		x.world.Release("GET /hang/slow")
		if end := x.appears(run.ID).ended(run.ID); end.Status != flows.Succeeded || end.Response == nil {
			t.Errorf("the run says %+v", end)
		}
	})
	t.Run("one that fails says so", func(t *testing.T) {
		x := newBench(t, b)
		x.begin()
		run := x.run(get("read", x.world.URL+"/fail/404/1/x"))
		if result := call(x, run); result.Outcome == nil || result.Outcome.Status != flows.Failed {
			t.Errorf("the caller heard %+v, want a failure", result)
		}
		if end := x.appears(run.ID).ended(run.ID); end.Status != flows.Failed || end.Error == nil {
			t.Errorf("the run says %+v", end)
		}
	})
	t.Run("one that takes long can be seen, and cancelled", func(t *testing.T) {
		x := newBench(t, b)
		x.begin()
		run := x.run(get("slow", x.world.URL+"/hang/slow"))
		run.Express = true
		wait, err := x.engine.Call(x.ctx, run, waited)
		if err != nil {
			t.Fatal(err)
		}
		x.appears(run.ID).until(run.ID, "be seen", func(r flows.Run) bool { return r.Status == flows.Running })
		if err := x.engine.Cancel(x.ctx, run.ID); err != nil {
			t.Errorf("Cancel: %v", err)
		}
		if result, err := wait(x.ctx, time.Minute); err != nil || result.Outcome == nil || result.Outcome.Status != flows.Cancelled {
			t.Errorf("the caller heard %+v, %v; want cancelled", result, err)
		}
		if end := x.appears(run.ID).ended(run.ID); end.Status != flows.Cancelled {
			t.Errorf("the run ended %s, want cancelled", end.Status)
		}
	})
	t.Run("whoever waits no longer is told in time", func(t *testing.T) {
		x := newBench(t, b)
		x.begin()
		run := x.run(get("slow", x.world.URL+"/hang/slow"))
		run.Express = true
		wait, err := x.engine.Call(x.ctx, run, waited)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := wait(x.ctx, time.Millisecond); err != context.DeadlineExceeded {
			t.Errorf("wait = %v, want that its time was up", err)
		}
		if _, err := x.store.Run(x.ctx, run.ID); err != nil {
			t.Errorf("the run cannot be found: %v", err)
		}
		x.world.Release("GET /hang/slow")
	})
	t.Run("a disk that was full meanwhile does not lose it", func(t *testing.T) {
		x := newBench(t, b)
		journal := &unwilling{Journal: x.store, asked: make(chan struct{})}
		x.setup.Journal = journal
		x.begin()
		run := x.run(reply("answer", "soon"), get("slow", x.world.URL+"/hang/slow"), post("after", x.world.URL+"/ok/after"))
		if result := call(x, run); result.Response == nil {
			t.Fatalf("the caller heard %+v, want the answer", result)
		}
		x.wait(journal.asked, "the first try to keep it")
		x.world.Release("GET /hang/slow")
		if end := x.appears(run.ID).ended(run.ID); end.Status != flows.Succeeded {
			t.Errorf("the run ended %s, %v; want succeeded", end.Status, end.Error)
		}
		x.wantStory(run.ID, "answer#1 succeeded", "slow#1 succeeded", "after#1 succeeded")
	})
	t.Run("a restart does not take it up", func(t *testing.T) {
		x := newBench(t, b)
		x.begin()
		run := x.run(post("once", x.world.URL+"/ok/once"), get("slow", x.world.URL+"/hang/slow"), post("never", x.world.URL+"/ok/never"))
		run.Express = true
		if _, err := x.engine.Call(x.ctx, run, waited); err != nil {
			t.Fatal(err)
		}
		x.wait(x.world.Arrived("GET /hang/slow"), "the request")
		x.appears(run.ID).until(run.ID, "be seen", func(r flows.Run) bool { return r.Status == flows.Running })
		x.stop()
		x.world.Release("GET /hang/slow")
		x.begin()
		end := x.appears(run.ID).ended(run.ID)
		if end.Status != flows.Failed || end.Error == nil || end.Error.Code != cards.CodeInterrupted {
			t.Errorf("the run ended %s, %+v; want failed, interrupted", end.Status, end.Error)
		}
		if once, never := x.world.Asked("POST /ok/once"), x.world.Asked("POST /ok/never"); once != 1 || never != 0 {
			t.Errorf("the cards that write ran %d and %d times, want 1 and 0", once, never)
		}
	})
	t.Run("a card in it that a stop cut off says no more than is known", func(t *testing.T) {
		for _, c := range []struct {
			method       string
			step         flows.Step
			story, words string
		}{
			{"GET", get("slow", "/hang/slow"), "slow#1 failed interrupted", "the card only reads, so it changed nothing"},
			{"POST", post("slow", "/hang/slow"), "slow#1 failed unknown_outcome", "it is not known whether it took effect"},
		} {
			x := newBench(t, b)
			x.begin()
			c.step.Inputs["url"] = x.world.URL + "/hang/slow"
			run := x.run(c.step)
			run.Express = true
			if _, err := x.engine.Call(x.ctx, run, waited); err != nil {
				t.Fatal(err)
			}
			x.wait(x.world.Arrived(c.method+" /hang/slow"), "the request")
			x.appears(run.ID)
			x.until(run.ID, "have its card under way", func(flows.Run) bool { return len(x.attempts(run.ID)) == 1 })
			x.stop()
			x.world.Release(c.method + " /hang/slow")
			x.begin()
			x.ended(run.ID)
			x.wantStory(run.ID, c.story)
			if said := x.attempts(run.ID)[0].Error.Message; !strings.Contains(said, c.words) || strings.Contains(said, "repeated in doubt") {
				t.Errorf("%s: it says %q", c.method, said)
			}
		}
	})
	t.Run("one that waits is kept", func(t *testing.T) {
		x := newBench(t, b)
		x.begin()
		run := x.run(post("before", x.world.URL+"/ok/before"), pause("wait", 30, "days"), post("after", x.world.URL+"/ok/after"))
		run.Express = true
		if _, err := x.engine.Call(x.ctx, run, waited); err != nil {
			t.Fatal(err)
		}
		x.appears(run.ID).parked(run.ID)
		x.stop()
		x.later(31 * 24 * time.Hour)
		x.begin()
		if end := x.appears(run.ID).ended(run.ID); end.Status != flows.Succeeded {
			t.Errorf("the run ended %s, %v; want succeeded", end.Status, end.Error)
		}
		if before, after := x.world.Asked("POST /ok/before"), x.world.Asked("POST /ok/after"); before != 1 || after != 1 {
			t.Errorf("the cards that write ran %d and %d times, want once each", before, after)
		}
	})
}

// appears waits until the run is in the journal.
func (b *bench) appears(id string) *bench {
	b.Helper()
	for began := time.Now(); time.Since(began) < 20*time.Second; time.Sleep(2 * time.Millisecond) {
		if _, err := b.store.Run(b.ctx, id); !errors.Is(err, flows.ErrNotFound) {
			return b
		}
	}
	b.Fatalf("run %s does not get into the journal", id)
	return b
}

// unwilling is a journal that takes no run before it is over.
type unwilling struct {
	flows.Journal
	asked chan struct{}
}

func (u *unwilling) Create(context.Context, flows.Run, ...flows.Entry) error {
	closeNow(u.asked)
	return errors.New("the disk is full")
}
