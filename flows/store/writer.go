package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"flowdeck/meter"
)

// most is how many members one transaction takes.
const most = 256

// member is one change that waits for its turn. do may run more than once, so it
// only sets what it was given to set.
type member struct {
	ctx  context.Context
	do   func(*tx) error
	row  *newRow // what do inserts, when it is this row alone
	solo bool    // outside of a transaction, after the others
	err  error
	done chan struct{}
}

// writer commits changes in groups: all that wait go into one transaction, so that
// they share one sync of the disk. A member that fails takes nothing with it.
type writer struct {
	within  *tx // everything goes into this transaction, at once: see Together
	db      *sql.DB
	dialect dialect
	noted   func(error) // told what came of each commit
	in      chan *member
	blobs   *blobs
	grew    chan struct{} // something was written
	workers sync.WaitGroup
	commits meter.Histogram // how long transactions took
	members atomic.Int64    // that were committed with them

	mu     sync.RWMutex // held for reading while sending to in
	closed bool
}

func startWriter(db *sql.DB, d dialect, b *blobs, noted func(error)) *writer {
	w := &writer{db: db, dialect: d, blobs: b, noted: noted, in: make(chan *member, most), grew: make(chan struct{}, 1)}
	for range d.writers {
		w.workers.Go(w.work)
	}
	return w
}

// do commits f with whatever else waits and returns when it is on the disk. When
// ctx ends before f's turn, f does not run.
func (w *writer) do(ctx context.Context, f func(*tx) error) error {
	if w.within != nil {
		if err := ctx.Err(); err != nil {
			return err
		}
		return w.within.inner(f)
	}
	return w.wait(&member{ctx: ctx, do: f, done: make(chan struct{})})
}

// alone runs f on a writing connection outside of any transaction.
func (w *writer) alone(ctx context.Context, f func(*tx) error) error {
	return w.wait(&member{ctx: ctx, do: f, solo: true, done: make(chan struct{})})
}

func (w *writer) wait(m *member) error {
	if err := w.send(m); err != nil {
		return err
	}
	<-m.done
	return m.err
}

func (w *writer) send(m *member) error {
	w.mu.RLock()
	defer w.mu.RUnlock()
	if w.closed {
		return errClosed
	}
	select {
	case w.in <- m:
		return nil
	case <-m.ctx.Done():
		return m.ctx.Err()
	}
}

func (w *writer) close() {
	w.mu.Lock()
	if !w.closed {
		w.closed = true
		close(w.in)
	}
	w.mu.Unlock()
	w.workers.Wait()
}

func (w *writer) work() {
	t := &tx{dialect: w.dialect}
	defer t.release()
	batch, among := make([]*member, 0, most), 0
	for m := range w.in {
		if m.solo {
			m.err = w.solo(t, m)
			close(m.done)
			continue
		}
		var last *member
		batch, last = w.waiting(append(batch[:0], m), among)
		among = len(batch)
		began := time.Now()
		w.commit(t, batch)
		w.commits.Observe(time.Since(began))
		w.members.Add(int64(len(batch)))
		w.nudge()
		for i, m := range batch {
			close(m.done)
			batch[i] = nil
		}
		if last != nil {
			last.err = w.solo(t, last)
			close(last.done)
		}
	}
}

// nudge tells who bounds the size that it may have grown.
func (w *writer) nudge() {
	select {
	case w.grew <- struct{}{}:
	default:
	}
}

// While several write at a time, a batch waits for company: so much at once, and as long
// as that brings somebody, so much in all. Who writes alone never waits.
const (
	companyPause = 100 * time.Microsecond
	companyMost  = 4
)

// waiting fills the batch with what waits, up to the first that must be alone. Those
// who are on their way get the processor first, as long as that brings somebody; among
// are those that the last batch had.
func (w *writer) waiting(batch []*member, among int) (_ []*member, solo *member) {
	pauses := 0
	if among > 1 && w.dialect.writers == 1 {
		pauses = companyMost
	}
	for seen := 0; len(batch) < most; {
		select {
		case m, ok := <-w.in:
			switch {
			case !ok:
				return batch, nil
			case m.solo:
				return batch, m
			}
			batch = append(batch, m)
		default:
			switch {
			case seen < len(batch):
				runtime.Gosched()
			case pauses > 0:
				pauses--
				time.Sleep(companyPause)
				if len(w.in) == 0 {
					return batch, nil
				}
			default:
				return batch, nil
			}
			seen = len(batch)
		}
	}
	return batch, nil
}

func (w *writer) solo(t *tx, m *member) error {
	if err := t.connect(w.db); err != nil {
		return err
	}
	return m.do(t)
}

// commit first hopes that nobody fails after having written something, which is how
// it nearly always is; else everybody gets a savepoint. Members that get into each
// other's way across connections go one by one.
func (w *writer) commit(t *tx, batch []*member) {
	err := w.attempt(t, batch, false)
	if errors.Is(err, errSpoiled) {
		err = w.attempt(t, batch, true)
	}
	if collided(err) && len(batch) > 1 {
		for i := range batch {
			w.commit(t, batch[i:i+1])
		}
		return
	}
	for tries := 0; collided(err) && tries < 10; tries++ {
		err = w.attempt(t, batch, true)
	}
	if err != nil {
		for _, m := range batch {
			m.err = err
		}
	}
	w.note(batch, err)
}

// note tells what came of a commit: what the database itself says, not what a member
// makes of it.
func (w *writer) note(batch []*member, err error) {
	for _, m := range batch {
		if err == nil && troubled(m.err) != "" {
			err = m.err
		}
	}
	w.noted(err)
}

// errSpoiled means that a member failed and left something behind.
var errSpoiled = errors.New("a member of the transaction left something behind")

func (w *writer) attempt(t *tx, batch []*member, savepoints bool) (err error) {
	if err := t.begin(w.db); err != nil {
		return err
	}
	t.blobs = t.blobs[:0]
	t.forgetRuns()
	if !savepoints {
		err = t.insertRows(batch)
	}
	for _, m := range batch {
		if err != nil {
			break
		}
		if m.row != nil && !savepoints {
			continue
		}
		if m.err = m.ctx.Err(); m.err != nil {
			continue
		}
		if err = t.member(m, savepoints); err != nil {
			break
		}
	}
	if err == nil {
		_, err = t.exec("commit")
	}
	if err == nil {
		w.blobs.settled(t.blobs)
	}
	if err != nil {
		t.rollback()
		if !errors.Is(err, errSpoiled) {
			err = fmt.Errorf("commit: %w", err)
		}
	}
	return err
}
