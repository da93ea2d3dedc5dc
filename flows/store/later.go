package store

import (
	"context"
	"sync"
	"time"

	"flowdeck/flows"
)

// Bounds of the runs that are over and wait to be written.
const (
	mostBehind      = 1024
	mostBehindBytes = 32 << 20
	behindBatch     = 256
	// behindPause is how long a batch waits for company.
	behindPause = 10 * time.Millisecond
	// behindPatience is how long it waits before it tries again what could not be kept.
	behindPatience = 100 * time.Millisecond
)

// later writes down express runs that are over: many with one transaction, while those
// who called have their answers already.
type later struct {
	store *Store
	in    chan leaving
	done  sync.WaitGroup

	mu     sync.Mutex
	room   sync.Cond
	bytes  int64 // of what waits
	closed bool
}

// leaving is a run that is over, and how much memory it takes.
type leaving struct {
	wholeRun
	size int64
}

func startLater(s *Store) *later {
	b := &later{store: s, in: make(chan leaving, mostBehind)}
	b.room.L = &b.mu
	b.done.Go(b.work)
	return b
}

// Leave implements flows.Journal. It waits only while a great deal is to be written.
func (s *Store) Leave(run flows.Run, entries []flows.Entry, o flows.Outcome) error {
	x, err := s.recorded(run, entries, o)
	if err == nil {
		err = s.later.put(leaving{x, x.texts()})
	}
	return failed("record run "+run.ID, err)
}

// put hands x over.
func (b *later) put(x leaving) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	for !b.closed && b.bytes > 0 && (b.bytes+x.size > mostBehindBytes || len(b.in) == cap(b.in)) {
		b.room.Wait()
	}
	if b.closed {
		return errClosed
	}
	b.bytes += x.size
	b.in <- x
	return nil
}

// close has everything written that was put.
func (b *later) close() {
	b.mu.Lock()
	if !b.closed {
		b.closed = true
		close(b.in)
	}
	b.room.Broadcast()
	b.mu.Unlock()
	b.done.Wait()
}

func (b *later) work() {
	batch := make([]leaving, 0, behindBatch)
	for x := range b.in {
		batch = b.fill(append(batch[:0], x))
		b.write(batch)
		var size int64
		for _, x := range batch {
			size += x.size
		}
		clear(batch)
		b.mu.Lock()
		b.bytes -= size
		b.room.Broadcast()
		b.mu.Unlock()
	}
}

// fill adds what comes within a moment.
func (b *later) fill(batch []leaving) []leaving {
	for late := false; len(batch) < behindBatch; {
		select {
		case x, ok := <-b.in:
			if !ok {
				return batch
			}
			batch = append(batch, x)
			continue
		default:
		}
		if late {
			return batch
		}
		late = true
		time.Sleep(behindPause)
	}
	return batch
}

// write commits the batch. While nothing can be kept, it waits until that has passed:
// then those who bring more wait too. When it fails otherwise, each run is written by
// itself, so that none takes another with it.
func (b *later) write(batch []leaving) {
	insert := func() error {
		return b.store.writer.do(context.Background(), func(t *tx) error { return insertAll(t, batch) })
	}
	err := insert()
	for passes(err) && !b.closing() {
		time.Sleep(behindPatience)
		err = insert()
	}
	if err == nil {
		return
	}
	if len(batch) > 1 {
		for i := range batch {
			b.write(batch[i : i+1])
		}
		return
	}
	b.store.log.Error("an express run is missing in the history", "run", batch[0].row.id, "error", err)
}

// passes reports whether err is about trouble that can pass.
func passes(err error) bool {
	kind := troubled(err)
	return kind != "" && kind != Damaged
}

func (b *later) closing() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.closed
}

// insertAll inserts runs, those that are one row alone together.
func insertAll(t *tx, list []leaving) error {
	t.runs = t.runs[:0] // of a try that failed
	for i := range list {
		x := &list[i]
		insert := x.insert
		if x.plain() {
			insert = x.row.insertWith
		}
		if err := insert(t); err != nil {
			return err
		}
	}
	return t.flushRuns()
}
