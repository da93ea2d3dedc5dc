package store

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"
)

// probeEvery is how often it is tried whether trouble is over.
const probeEvery = time.Second

// condition is what is wrong at the moment, as reading and writing show it.
type condition struct {
	store    *Store
	where    string // the database, for people
	lost     atomic.Pointer[Trouble]
	database atomic.Pointer[Trouble]
	files    atomic.Pointer[Trouble] // of large bodies

	mu      sync.Mutex
	well    []func()
	probing bool
	closed  bool
	quit    chan struct{}
	probes  sync.WaitGroup
}

// Trouble returns what is wrong with the disk or the database, nil when nothing is
// known to be. What can pass is tried every second until it has.
func (s *Store) Trouble() *Trouble {
	if t := s.condition.database.Load(); t != nil {
		return t
	}
	if t := s.condition.files.Load(); t != nil {
		return t
	}
	return s.condition.lost.Load()
}

// WhenWell has f called each time that trouble has passed.
func (s *Store) WhenWell(f func()) {
	s.condition.mu.Lock()
	defer s.condition.mu.Unlock()
	s.condition.well = append(s.condition.well, f)
}

// noted takes what came of a write, or an error of a read.
func (c *condition) noted(err error) { c.note(&c.database, c.where, err) }

// kept takes what came of writing a large body.
func (c *condition) kept(err error) {
	if c.store != nil {
		c.note(&c.files, c.store.blobs.dir, err)
	}
}

func (c *condition) note(at *atomic.Pointer[Trouble], where string, err error) {
	if c.store == nil {
		return // of a Store within a transaction, whose writer notes what it fails with
	}
	if err == nil {
		if old := at.Load(); old != nil && old.Kind != Damaged && at.CompareAndSwap(old, nil) {
			c.passed(old)
		}
		return
	}
	kind := troubled(err)
	if kind == "" {
		return
	}
	t := &Trouble{Kind: kind, Where: where, Since: c.store.now(), Err: err}
	old := at.Load()
	if old != nil && (old.Kind == kind || old.Kind == Damaged) || !at.CompareAndSwap(old, t) {
		return
	}
	c.store.log.Error(t.What()+" "+t.Do(), "err", err)
	if kind != Damaged {
		c.probe()
	}
	if b := c.store.later; b != nil {
		b.look()
	}
}

func (c *condition) passed(t *Trouble) {
	c.store.log.Info("the trouble has passed", "was", t.What(), "for", c.store.now().Sub(t.Since).Round(time.Second))
	c.mu.Lock()
	well := c.well
	c.mu.Unlock()
	for _, f := range well {
		f()
	}
}

// probe tries in the background until nothing that can pass is wrong.
func (c *condition) probe() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.probing || c.closed {
		return
	}
	c.probing = true
	c.probes.Go(func() {
		tick := time.NewTicker(probeEvery)
		defer tick.Stop()
		for c.again() {
			select {
			case <-c.quit:
				return
			case <-tick.C:
			}
			if passing(c.database.Load()) {
				_ = c.store.writer.do(context.Background(), func(t *tx) error {
					_, err := t.exec(c.store.dialect.probe)
					return err
				})
			}
			if passing(c.files.Load()) {
				c.kept(c.tryFiles())
			}
		}
	})
}

// again reports whether there is still something to try.
func (c *condition) again() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.probing = passing(c.database.Load()) || passing(c.files.Load())
	return c.probing
}

func passing(t *Trouble) bool { return t != nil && t.Kind != Damaged }

// tryFiles writes a file as large as the smallest that is kept.
func (c *condition) tryFiles() error {
	name := filepath.Join(c.store.blobs.dir, "probe")
	defer os.Remove(name)
	return os.WriteFile(name, make([]byte, inline), 0o600)
}

func (c *condition) close() {
	c.mu.Lock()
	if !c.closed {
		c.closed = true
		close(c.quit)
	}
	c.mu.Unlock()
	c.probes.Wait()
}
