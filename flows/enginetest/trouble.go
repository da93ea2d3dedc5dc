package enginetest

import (
	"context"
	"errors"
	"sync"
	"testing"

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
}

// moody is a journal that refuses the first few appends.
type moody struct {
	flows.Journal
	mu     sync.Mutex
	refuse int
}

func (m *moody) Append(ctx context.Context, id string, epoch int64, list []flows.Entry) error {
	m.mu.Lock()
	refuse := m.refuse > 0
	m.refuse--
	m.mu.Unlock()
	if refuse {
		return errors.New("the disk is full")
	}
	return m.Journal.Append(ctx, id, epoch, list)
}
