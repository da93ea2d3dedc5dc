package enginetest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"flowdeck/cards/schema"
	"flowdeck/flows"
)

// testTrouble has the journal fail for a moment, as a full disk would.
func testTrouble(t *testing.T, b Backend) {
	t.Run("a run that could not be written is tried again and ends", func(t *testing.T) {
		x := newBench(t, b)
		x.setup.Journal = &moody{Journal: x.store, refuse: 2}
		x.begin()
		id := x.start(post("once", x.world.URL+"/ok/once"), get("read", x.world.URL+"/ok/read"))
		run := x.ended(id)
		if run.Status != flows.Succeeded {
			t.Errorf("run ended %s, %v; want succeeded", run.Status, run.Error)
		}
		if n := x.world.Asked("POST /ok/once"); n != 1 {
			t.Errorf("the card that writes ran %d times, want once", n)
		}
		x.wantStory(id, "once#1 succeeded", "read#1 succeeded")
	})
	for what, m := range map[string]*moody{
		"between two cards": {skip: 1, refuse: 3}, "at the end": {refuseEnds: 3},
	} {
		t.Run("what a card has written is not in doubt after trouble "+what, func(t *testing.T) {
			x := newBench(t, b)
			m.Journal, x.setup.Journal = x.store, m
			x.setup.Passes = func(err error) bool { return errors.Is(err, errFull) }
			x.begin()
			chain := []flows.Step{post("once", x.world.URL+"/ok/once")}
			if m.refuse > 0 {
				chain = append(chain, post("then", x.world.URL+"/ok/then"))
			}
			id := x.start(chain...)
			if run := x.ended(id); run.Status != flows.Succeeded || run.Epoch != 1 {
				t.Errorf("run ended %s, %v, claimed %d times; want succeeded, and not taken up again", run.Status, run.Error, run.Epoch)
			}
			if n := x.world.Asked("POST /ok/once"); n != 1 {
				t.Errorf("the card that writes ran %d times, want once", n)
			}
		})
	}
	t.Run("a run that waits for the disk is left when the engine stops", func(t *testing.T) {
		x := newBench(t, b)
		m := &moody{Journal: x.store, skip: 1, refuse: 1 << 30, refuseEnds: 1 << 30}
		x.setup.Journal = m
		x.setup.Passes = func(err error) bool { return errors.Is(err, errFull) }
		x.begin()
		id := x.start(put("once", x.world.URL+"/ok/once"), post("then", x.world.URL+"/ok/then"))
		for began := time.Now(); x.world.Asked("PUT /ok/once") == 0 && time.Since(began) < patience; {
			time.Sleep(time.Millisecond)
		}
		began := time.Now()
		x.stop()
		if took := time.Since(began); took > 5*time.Second {
			t.Errorf("it stopped after %s", took)
		}
		x.setup.Journal = x.store
		x.begin()
		if run := x.ended(id); run.Status != flows.Succeeded {
			t.Errorf("run ended %s, %v; want succeeded by the next start", run.Status, run.Error)
		}
	})
	t.Run("an express run that has answered waits until its end can be written", func(t *testing.T) {
		x := newBench(t, b)
		x.setup.Journal = &moody{Journal: x.store, refuseEnds: 2}
		x.setup.Passes = func(err error) bool { return errors.Is(err, errFull) }
		x.begin()
		run := x.run(get("slow", x.world.URL+"/hang/slow"), reply("say", "done"), post("then", x.world.URL+"/ok/then"))
		run.Express = true
		wait, err := x.engine.Call(x.ctx, run, flows.StartOptions{Waited: true})
		if err != nil {
			t.Fatalf("Call: %v", err)
		}
		for began := time.Now(); time.Since(began) < patience; time.Sleep(time.Millisecond) {
			if _, err := x.store.Run(x.ctx, run.ID); err == nil { // it is written down, as it takes long
				break
			}
		}
		x.world.Release("GET /hang/slow")
		if res, err := wait(x.ctx, patience/2); err != nil || res.Response == nil || res.Response.Body != "done" {
			t.Errorf("the caller hears %+v, %v; want done", res, err)
		}
		if end := x.ended(run.ID); end.Status != flows.Succeeded || end.Response == nil {
			t.Errorf("run ended %s, %v, with the answer %v; want succeeded, with what its caller was told", end.Status, end.Error, end.Response)
		}
		if n := x.world.Asked("POST /ok/then"); n != 1 {
			t.Errorf("the card that writes ran %d times, want once", n)
		}
	})
	t.Run("a run that could not be created is not there", func(t *testing.T) {
		x := newBench(t, b)
		x.setup.Running, x.setup.Queue = 1, 1
		x.setup.Journal = &mortal{Journal: x.store, died: make(chan struct{})}
		x.begin()
		for range 3 { // more than there is room for: the places of those before were given back
			run := x.run(compose("a", "1"))
			if err := x.engine.Start(x.ctx, run, flows.StartOptions{}); !errors.Is(err, errKilled) {
				t.Errorf("Start = %v, want the journal's error", err)
			}
			if _, err := x.engine.Wait(x.ctx, run.ID); !errors.Is(err, flows.ErrNotFound) {
				t.Errorf("Wait = %v, want ErrNotFound", err)
			}
		}
	})
	for _, c := range []struct {
		what   string
		nth    int  // commit that the journal does not confirm
		called bool // of the run that is called
		chain  func(x *bench) []flows.Step
	}{
		{"that a called run is over", 1, true, func(x *bench) []flows.Step {
			return []flows.Step{call("call", "inner", schema.Values{"what": "b"}), reply("say", "done")}
		}},
		{"that a run was called", 1, false, func(x *bench) []flows.Step {
			return []flows.Step{call("call", "inner", schema.Values{"what": "b"}), reply("say", "done")}
		}},
		{"that the caller was answered", 1, false, func(x *bench) []flows.Step {
			return []flows.Step{reply("say", "done"), get("then", x.world.URL+"/ok/then")}
		}},
	} {
		for _, passes := range []bool{false, true} {
			t.Run(fmt.Sprintf("what was kept, and not confirmed: %s, passing %t", c.what, passes), func(t *testing.T) {
				x := newBench(t, b)
				x.setup.Passes = func(err error) bool { return passes && errors.Is(err, errBroken) }
				x.helper("inner", returns("out", schema.Values{"said": "{{ start.what }}"}))
				run := x.run(c.chain(x)...)
				x.setup.Journal = &muffled{Journal: x.store, run: run.ID, others: c.called, nth: c.nth}
				x.begin()
				wait, err := x.engine.Call(x.ctx, run, flows.StartOptions{})
				if err != nil {
					t.Fatalf("Call: %v", err)
				}
				if res, err := wait(x.ctx, patience/2); err != nil || res.Response == nil || res.Response.Body != "done" {
					t.Errorf("the caller hears %+v, %v; want done", res, err)
				}
				if end := x.ended(run.ID); end.Status != flows.Succeeded {
					t.Errorf("run ended %s, %v; want succeeded", end.Status, end.Error)
				}
				if !passes && !strings.Contains(x.logged.String(), errBroken.Error()) {
					t.Error("every commit was confirmed")
				}
			})
		}
	}
}

// muffled is a journal that does not confirm the nth commit of a run, or of all others, as
// when a connection breaks behind it.
type muffled struct {
	flows.Journal
	run    string
	others bool
	nth    int

	mu sync.Mutex
	n  int
}

func (m *muffled) confirm(id string, err error) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if (id == m.run) == m.others || err != nil {
		return err
	}
	if m.n++; m.n == m.nth {
		return errBroken
	}
	return nil
}

var errBroken = errors.New("the connection broke")

func (m *muffled) Append(ctx context.Context, id string, epoch int64, list []flows.Entry) error {
	return m.confirm(id, m.Journal.Append(ctx, id, epoch, list))
}

func (m *muffled) Park(ctx context.Context, id string, epoch int64, list []flows.Entry, p flows.Parking) error {
	return m.confirm(id, m.Journal.Park(ctx, id, epoch, list, p))
}

func (m *muffled) Finish(ctx context.Context, id string, epoch int64, list []flows.Entry, o flows.Outcome) error {
	return m.confirm(id, m.Journal.Finish(ctx, id, epoch, list, o))
}

// moody is a journal that refuses the first few appends.
type moody struct {
	flows.Journal
	mu         sync.Mutex
	skip       int // commits on the way that it does not refuse
	refuse     int // commits on the way
	refuseEnds int // and at the end
}

var errFull = errors.New("the disk is full")

// spend is the error of a commit that is one of so many left to refuse.
func (m *moody) spend(left *int) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if *left--; *left >= 0 {
		return errFull
	}
	return nil
}

func (m *moody) Finish(ctx context.Context, id string, epoch int64, list []flows.Entry, o flows.Outcome) error {
	if err := m.spend(&m.refuseEnds); err != nil {
		return err
	}
	return m.Journal.Finish(ctx, id, epoch, list, o)
}

func (m *moody) Append(ctx context.Context, id string, epoch int64, list []flows.Entry) error {
	m.mu.Lock()
	m.skip--
	skip := m.skip >= 0
	m.mu.Unlock()
	if skip {
		return m.Journal.Append(ctx, id, epoch, list)
	}
	if err := m.spend(&m.refuse); err != nil {
		return err
	}
	return m.Journal.Append(ctx, id, epoch, list)
}
