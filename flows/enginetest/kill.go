package enginetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"flowdeck/cards"
	"flowdeck/flows"
)

var errKilled = errors.New("the process is dead")

// mortal is a journal whose process dies: after n commits nothing gets through
// any more. When deaf, the last commit is made but its answer never arrives.
type mortal struct {
	flows.Journal
	deaf bool
	died chan struct{}

	mu   sync.Mutex
	left int
}

func (m *mortal) commit(f func() error) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.left == 0 {
		closeNow(m.died)
		return errKilled
	}
	m.left--
	err := f()
	if m.left == 0 && m.deaf && err == nil {
		closeNow(m.died)
		return errKilled
	}
	return err
}

func closeNow(c chan struct{}) {
	select {
	case <-c:
	default:
		close(c)
	}
}

func (m *mortal) Create(ctx context.Context, run flows.Run, list ...flows.Entry) error {
	return m.commit(func() error { return m.Journal.Create(ctx, run, list...) })
}

func (m *mortal) Record(ctx context.Context, run flows.Run, list []flows.Entry, o flows.Outcome) error {
	return m.commit(func() error { return m.Journal.Record(ctx, run, list, o) })
}

func (m *mortal) TakeUp(ctx context.Context, id string, now time.Time) (memo flows.Memo, err error) {
	err = m.commit(func() error { memo, err = m.Journal.TakeUp(ctx, id, now); return err })
	return memo, err
}

func (m *mortal) Claim(ctx context.Context, id string, now time.Time) (memo flows.Memo, err error) {
	err = m.commit(func() error { memo, err = m.Journal.Claim(ctx, id, now); return err })
	return memo, err
}

func (m *mortal) Append(ctx context.Context, id string, epoch int64, list []flows.Entry) error {
	return m.commit(func() error { return m.Journal.Append(ctx, id, epoch, list) })
}

func (m *mortal) Park(ctx context.Context, id string, epoch int64, list []flows.Entry, p flows.Parking) error {
	return m.commit(func() error { return m.Journal.Park(ctx, id, epoch, list, p) })
}

func (m *mortal) Finish(ctx context.Context, id string, epoch int64, list []flows.Entry, o flows.Outcome) error {
	return m.commit(func() error { return m.Journal.Finish(ctx, id, epoch, list, o) })
}

// testKills kills the process between any two commits of a run, in both the
// ways that there are, and lets another one take the run up.
func testKills(t *testing.T, b Backend) {
	for _, repeat := range []bool{false, true} {
		for _, deaf := range []bool{false, true} {
			t.Run(fmt.Sprintf("repeat in doubt %v, answer lost %v", repeat, deaf), func(t *testing.T) {
				for n := 0; ; n++ {
					if n > 50 || t.Failed() {
						t.Fatalf("the run does not end right when killed after %d commits", n)
					}
					if survived := killedAfter(t, b, n, repeat, deaf); survived {
						if n < 4 {
							t.Errorf("the run took only %d commits: nothing was killed", n)
						}
						break
					}
				}
			})
		}
	}
}

// killedAfter kills a run after n commits and has another engine take it up. It
// reports whether the run was over by then.
func killedAfter(t *testing.T, b Backend, n int, repeat, deaf bool) (survived bool) {
	t.Run(fmt.Sprintf("after %d commits", n), func(t *testing.T) {
		x := newBench(t, b)
		journal := &mortal{Journal: x.store, deaf: deaf, died: make(chan struct{}), left: n}
		x.setup.Journal = journal
		x.begin()
		first, second := post("first", x.world.URL+"/ok/first"), post("second", x.world.URL+"/ok/second")
		if repeat {
			first.Policy.InDoubt, second.Policy.InDoubt = "repeat", "repeat"
		}
		run := x.run(
			get("read", x.world.URL+"/ok/read"), first, compose("note", "{{first.body.path}}"),
			choose("choice", "orders", []flows.Step{retried(get("flaky", x.world.URL+"/fail/503/1"), 2, time.Millisecond, "any")}, nil),
			reply("answer", "{{note.text}}"), second, get("last", x.world.URL+"/ok/last"))
		err := x.engine.Start(x.ctx, run, flows.StartOptions{})
		accepted := err == nil
		if accepted {
			x.overOrDead(run.ID, journal.died)
		}
		x.stop()
		survived = accepted && !isClosed(journal.died)
		before := x.finished(run.ID)
		x.setup.Journal = x.store
		x.begin()
		if _, err := x.store.Run(x.ctx, run.ID); errors.Is(err, flows.ErrNotFound) {
			if accepted {
				t.Fatalf("the run was accepted and is lost")
			}
			return
		}
		x.checkEnd(x.ended(run.ID), repeat)
		for path, asked := range before {
			if now := x.world.Asked(requests[path]); now != asked {
				t.Errorf("%s had finished and was asked again: %d times, then %d", path, asked, now)
			}
		}
		for _, name := range []string{"POST /ok/first", "POST /ok/second"} {
			if asked := x.world.Asked(name); asked > 1 && !repeat {
				t.Errorf("%s was asked %d times, want at most once", name, asked)
			}
		}
		for name, most := range map[string]int{"GET /ok/read": 2, "GET /fail/503/1": 3, "GET /ok/last": 2, "POST /ok/first": 2, "POST /ok/second": 2} {
			if asked := x.world.Asked(name); asked > most {
				t.Errorf("%s was asked %d times, want at most %d", name, asked, most)
			}
		}
	})
	return survived
}

// overOrDead returns when the run is over or its process has died.
func (b *bench) overOrDead(id string, died <-chan struct{}) {
	b.Helper()
	for changes := b.engine.Watch(b.ctx, id); ; {
		select {
		case <-died:
			return
		case <-changes:
		}
		if run, err := b.store.Run(b.ctx, id); err != nil || run.Status.Done() || b.ctx.Err() != nil {
			return
		}
	}
}

// requests is what each card of the killed flow asks the world.
var requests = map[flows.Path]string{"read": "GET /ok/read", "first": "POST /ok/first", "choice/flaky": "GET /fail/503/1",
	"second": "POST /ok/second", "last": "GET /ok/last"}

// finished says, for each card that the journal knows to have finished, how
// often it had been asked.
func (b *bench) finished(id string) map[flows.Path]int {
	done := map[flows.Path]int{}
	for _, a := range b.attempts(id) {
		if name, ok := requests[a.Path]; ok && a.Status == flows.Succeeded {
			done[a.Path] = b.world.Asked(name)
		}
	}
	return done
}

func (b *bench) checkEnd(run flows.Run, repeat bool) {
	b.Helper()
	switch {
	case run.Status == flows.Succeeded:
		if run.Response == nil || run.Response.Body != "/ok/first" {
			b.Errorf("answer = %+v, want /ok/first", run.Response)
		}
		for path, name := range requests {
			if b.world.Asked(name) == 0 {
				b.Errorf("the run succeeded but %s never ran", path)
			}
		}
	case !repeat && run.Status == flows.Failed && run.Error != nil && run.Error.Code == cards.CodeUnknownOutcome:
		if run.ErrorPath != "first" && run.ErrorPath != "second" {
			b.Errorf("the outcome of %s is unknown, but only first and second write", run.ErrorPath)
		}
	default:
		b.Errorf("run ended %s, %v at %s\n%s", run.Status, run.Error, run.ErrorPath, b.story(run.ID))
	}
	for _, a := range b.attempts(run.ID) {
		if a.Status == flows.Running || a.Finished.IsZero() {
			b.Errorf("the run is over but %s#%d is %s", a.Path, a.Number, a.Status)
		}
	}
}

func isClosed(c chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}
