package enginetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"flowdeck/flows"
)

// testWaited starts runs that are committed with the first thing that counts.
func testWaited(t *testing.T, b Backend) {
	waited := flows.StartOptions{Waited: true}
	t.Run("a run that changes nothing is one commit", func(t *testing.T) {
		x := newBench(t, b)
		journal := &counting{Journal: x.store}
		x.setup.Journal = journal
		x.begin()
		run := x.run(get("read", x.world.URL+"/ok/read"), reply("answer", "{{read.body.path}}"))
		x.wantAnswer(run, waited, "/ok/read")
		if got := journal.said(); !slices.Equal(got, []string{"Record"}) {
			t.Errorf("commits: %v, want Record alone", got)
		}
		x.wantStory(run.ID, "read#1 succeeded", "answer#1 succeeded")
	})
	t.Run("a card that writes is announced with its run", func(t *testing.T) {
		x := newBench(t, b)
		journal := &counting{Journal: x.store}
		x.setup.Journal = journal
		x.begin()
		run := x.run(get("read", x.world.URL+"/ok/read"), post("write", x.world.URL+"/ok/write"), reply("answer", "{{write.body.path}}"))
		x.wantAnswer(run, waited, "/ok/write")
		if got := journal.said(); !slices.Equal(got, []string{"Create", "Finish"}) {
			t.Errorf("commits: %v, want Create, Finish", got)
		}
		x.wantStory(run.ID, "read#1 succeeded", "write#1 succeeded", "answer#1 succeeded")
	})
	t.Run("so is one that writes and may be repeated", func(t *testing.T) {
		x := newBench(t, b)
		journal := &counting{Journal: x.store}
		x.setup.Journal = journal
		x.begin()
		run := x.run(put("set", x.world.URL+"/ok/set"), reply("answer", "{{set.body.path}}"))
		x.wantAnswer(run, waited, "/ok/set")
		if got := journal.said(); !slices.Equal(got, []string{"Create", "Finish"}) {
			t.Errorf("commits: %v, want Create, Finish", got)
		}
	})
	t.Run("a run that is not kept yet can be cancelled", func(t *testing.T) {
		x := newBench(t, b)
		x.begin()
		run := x.run(get("slow", x.world.URL+"/hang/slow"))
		if err := x.engine.Start(x.ctx, run, waited); err != nil {
			t.Fatal(err)
		}
		x.wait(x.world.Arrived("GET /hang/slow"), "the request")
		if err := x.engine.Cancel(x.ctx, run.ID); err != nil {
			t.Errorf("Cancel: %v", err)
		}
		result, err := x.engine.Wait(x.ctx, run.ID)
		if err != nil || result.Outcome == nil || result.Outcome.Status != flows.Cancelled || x.ended(run.ID).Status != flows.Cancelled {
			t.Errorf("run ended %+v, %v; want cancelled", result.Outcome, err)
		}
	})
	t.Run("who stops waiting finds the run in the journal", func(t *testing.T) {
		x := newBench(t, b)
		x.begin()
		run := x.run(get("slow", x.world.URL+"/hang/slow"))
		if err := x.engine.Start(x.ctx, run, waited); err != nil {
			t.Fatal(err)
		}
		short, cancel := context.WithTimeout(x.ctx, time.Millisecond)
		defer cancel()
		if _, err := x.engine.Wait(short, run.ID); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Wait = %v, want that its time was up", err)
		}
		if _, err := x.store.Run(x.ctx, run.ID); err != nil {
			t.Errorf("the run cannot be found: %v", err)
		}
	})
	t.Run("killed between any two commits", func(t *testing.T) {
		for _, deaf := range []bool{false, true} {
			for n := range 4 {
				t.Run(fmt.Sprintf("after %d, answer lost %v", n, deaf), func(t *testing.T) { killWaited(t, b, n, deaf) })
			}
		}
	})
}

// killWaited kills a waited run after n commits. Whatever it changed outside, the
// journal knows of; and nobody got an answer that is not kept.
func killWaited(t *testing.T, b Backend, n int, deaf bool) {
	x := newBench(t, b)
	journal := &mortal{Journal: x.store, deaf: deaf, died: make(chan struct{}), left: n}
	x.setup.Journal = journal
	x.begin()
	run := x.run(get("read", x.world.URL+"/ok/read"), post("write", x.world.URL+"/ok/write"), reply("answer", "done"), get("after", x.world.URL+"/ok/after"))
	if err := x.engine.Start(x.ctx, run, flows.StartOptions{Waited: true}); err != nil {
		t.Fatal(err)
	}
	alive, die := context.WithCancel(x.ctx)
	defer die()
	go func() {
		select {
		case <-journal.died:
			die()
		case <-alive.Done():
		}
	}()
	result, err := x.engine.Wait(alive, run.ID)
	x.stop()
	_, lost := x.store.Run(x.ctx, run.ID)
	if asked := x.world.Asked("POST /ok/write"); errors.Is(lost, flows.ErrNotFound) && (asked > 0 || err == nil) {
		t.Fatalf("the run is not kept, but it wrote %d times and its caller heard %+v", asked, result)
	}
	if lost != nil {
		return
	}
	x.setup.Journal = x.store
	x.begin()
	end := x.ended(run.ID)
	if asked := x.world.Asked("POST /ok/write"); asked > 1 {
		t.Errorf("the card that writes ran %d times", asked)
	}
	if err == nil && result.Response != nil && (end.Response == nil || end.Response.Body != result.Response.Body) {
		t.Errorf("the caller heard %v, the run says %v", result.Response, end.Response)
	}
}

// wantAnswer runs run and checks what its caller hears.
func (b *bench) wantAnswer(run flows.Run, o flows.StartOptions, want string) {
	b.Helper()
	if err := b.engine.Start(b.ctx, run, o); err != nil {
		b.Fatalf("Start: %v", err)
	}
	result, err := b.engine.Wait(b.ctx, run.ID)
	if err != nil || result.Response == nil || result.Response.Body != want {
		b.Fatalf("Wait = %+v, %v; want the answer %q", result, err, want)
	}
	b.ended(run.ID)
}

// counting is a journal that remembers what was asked of it.
type counting struct {
	flows.Journal
	mu    sync.Mutex
	calls []string
}

func (c *counting) call(name string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.calls = append(c.calls, name)
}

func (c *counting) said() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.calls)
}

func (c *counting) Create(ctx context.Context, run flows.Run, list ...flows.Entry) error {
	c.call("Create")
	return c.Journal.Create(ctx, run, list...)
}

func (c *counting) Record(ctx context.Context, run flows.Run, list []flows.Entry, o flows.Outcome) error {
	c.call("Record")
	return c.Journal.Record(ctx, run, list, o)
}

func (c *counting) Leave(run flows.Run, list []flows.Entry, o flows.Outcome) error {
	c.call("Leave")
	return c.Journal.Leave(run, list, o)
}

func (c *counting) Append(ctx context.Context, id string, epoch int64, list []flows.Entry) error {
	c.call("Append")
	return c.Journal.Append(ctx, id, epoch, list)
}

func (c *counting) Finish(ctx context.Context, id string, epoch int64, list []flows.Entry, o flows.Outcome) error {
	c.call("Finish")
	return c.Journal.Finish(ctx, id, epoch, list, o)
}
