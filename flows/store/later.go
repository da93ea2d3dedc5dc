package store

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"flowdeck/flows"
)

// Bounds of the runs that are over and wait to be written.
const (
	mostBehind      = 1024
	mostBehindBytes = 32 << 20
	behindBatch     = 256
	// behindPause is how long a batch waits for company: what a transaction writes beside
	// its rows is shared by more of them.
	behindPause = 40 * time.Millisecond
	// behindPatience is how long it waits before it tries again what could not be kept.
	behindPatience = 100 * time.Millisecond
	// settlePatience is how long somebody who reads waits for what is to be written.
	settlePatience = time.Second
)

// later writes down runs that are over, many with one transaction, while those who called
// have their answers already: express runs, and those that are kept ahead.
type later struct {
	store *Store
	in    chan leaving
	done  sync.WaitGroup

	mu     sync.Mutex
	room   sync.Cond
	bytes  int64         // of what waits
	taken  int64         // runs that were handed over
	wrote  int64         // of those, the ones that are written, or given up
	turn   chan struct{} // closed when more are
	hurry  chan struct{} // somebody waits for what was handed over
	ending bool          // nothing is tried again, and nobody waits for room
	closed bool

	left bool // nothing can be written: runs that are on the disk already are for the next process to take up
}

// leaving is a run that is over, and how much memory it takes.
type leaving struct {
	wholeRun
	size  int64
	ahead int64 // its number when it is on the disk already; see ahead
}

func startLater(s *Store) *later {
	b := &later{store: s, in: make(chan leaving, 2*mostBehind), turn: make(chan struct{}), hurry: make(chan struct{}, 1)}
	b.room.L = &b.mu
	b.done.Go(b.work)
	return b
}

// Leave implements flows.Journal. It waits only while a great deal is to be written.
func (s *Store) Leave(run flows.Run, entries []flows.Entry, o flows.Outcome) error {
	x, err := s.recorded(run, entries, o)
	if err == nil {
		err = s.later.take(leaving{wholeRun: x, size: x.texts()})
	}
	return failed("record run "+run.ID, err)
}

// Crowded implements flows.Journal.
func (s *Store) Crowded() bool {
	s.later.mu.Lock()
	defer s.later.mu.Unlock()
	return s.later.full(0)
}

// full reports whether n bytes more have to wait. The caller holds mu.
func (b *later) full(n int64) bool {
	return b.bytes > 0 && (b.bytes+n > b.store.atMost(mostBehindBytes) || len(b.in) >= mostBehind)
}

// take takes x over, and waits for room. What is on the disk waits for none while nothing can
// be written: those who had it kept before that was known are few, and have to be answered.
func (b *later) take(x leaving) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	for !b.closed && b.full(x.size) {
		urgent := b.ending || x.ahead > 0 && passing(b.store.condition.database.Load())
		if urgent && len(b.in) < cap(b.in) {
			break
		}
		b.room.Wait()
	}
	if b.closed {
		return errClosed
	}
	b.bytes += x.size
	b.taken++
	b.in <- x
	return nil
}

// end has what cannot be written given up, and lets go who waits for room.
func (b *later) end() {
	b.mu.Lock()
	b.ending = true
	b.room.Broadcast()
	b.mu.Unlock()
}

// look has those who wait for room look again.
func (b *later) look() {
	b.mu.Lock()
	b.room.Broadcast()
	b.mu.Unlock()
}

// close has everything written that was taken over.
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
		var size int64
		batch, size = b.fill(append(batch[:0], x))
		b.store.blobs.room.take(size)
		b.write(batch)
		b.mu.Lock()
		b.bytes -= size
		b.wrote += int64(len(batch))
		close(b.turn)
		b.turn = make(chan struct{})
		b.room.Broadcast()
		b.mu.Unlock()
		clear(batch)
	}
}

// fill adds what comes within a moment, and says how much it is.
func (b *later) fill(batch []leaving) (_ []leaving, size int64) {
	size = batch[0].size
	for late, most := false, b.store.atMost(mostBehindBytes); len(batch) < behindBatch && size < most/2; {
		select {
		case x, ok := <-b.in:
			if !ok {
				return batch, size
			}
			batch, size = append(batch, x), size+x.size
			continue
		default:
		}
		if late {
			return batch, size
		}
		late = true
		select {
		case <-time.After(behindPause):
		case <-b.hurry:
		}
	}
	return batch, size
}

// atMost is n bytes, and less when there is little space for history.
func (s *Store) atMost(n int64) int64 {
	if bound := s.keep.Load().Bytes; bound > 0 {
		return min(n, bound/32)
	}
	return n
}

// settle waits until the runs that are over so far are written, for a while at most, and
// not at all while it is known that nothing can be: that keeps nobody from reading.
func (s *Store) settle(ctx context.Context) {
	if b := s.later; b != nil && !passing(s.condition.database.Load()) {
		b.settle(ctx)
	}
}

func (b *later) settle(ctx context.Context) {
	b.mu.Lock()
	upTo := b.taken
	if b.wrote >= upTo {
		b.mu.Unlock()
		return
	}
	late := time.NewTimer(settlePatience)
	defer late.Stop()
	for b.wrote < upTo {
		turn := b.turn
		b.mu.Unlock()
		select {
		case b.hurry <- struct{}{}:
		default:
		}
		select {
		case <-turn:
		case <-ctx.Done():
			return
		case <-late.C:
			return
		}
		b.mu.Lock()
	}
	b.mu.Unlock()
}

// write commits the batch. While nothing can be kept, it waits until that has passed:
// then those who bring more wait too. When it fails otherwise, each run is written by
// itself, so that none takes another with it.
func (b *later) write(batch []leaving) {
	var last int64
	for _, x := range batch {
		last = max(last, x.ahead)
	}
	insert := func() error {
		return b.store.writer.do(context.Background(), func(t *tx) error {
			err := insertAll(t, batch)
			if err == nil && last > 0 {
				err = noteApplied(t, last, b.store.now())
			}
			return err
		})
	}
	var err error
	if !b.left {
		err = insert()
	}
	for Passes(err) && !b.over() {
		time.Sleep(behindPatience)
		err = insert()
	}
	switch b.left = b.left || Passes(err); {
	case b.left:
		b.giveUp(batch)
	case err == nil && last > 0:
		b.store.ahead.applied.Store(last)
	case err == nil:
	case len(batch) > 1:
		for i := range batch {
			b.write(batch[i : i+1])
		}
	case last > 0:
		b.left = !b.setAside(batch[0], err)
	default:
		b.store.log.Error("a run is missing in the history", "run", batch[0].row.id, "error", err)
	}
}

// setAside tries until the run is in a file of its own, or the store is being closed.
func (b *later) setAside(x leaving, why error) bool {
	for b.store.ahead.aside(x, why) != nil {
		if b.over() {
			return false
		}
		time.Sleep(behindPatience)
	}
	return true
}

// giveUp leaves runs that cannot be written to the next process; those that are not on the
// disk are lost.
func (b *later) giveUp(batch []leaving) {
	lost := 0
	for _, x := range batch {
		if x.ahead == 0 {
			lost++
		}
	}
	if lost > 0 {
		b.store.log.Error("express runs are missing in the history: nothing can be written", "runs", lost)
	}
}

// Passes reports whether err is about trouble of the store that can pass.
func Passes(err error) bool {
	kind := troubled(err)
	return kind != "" && kind != Damaged
}

// over reports whether the store is being closed.
func (b *later) over() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.ending || b.closed
}

// insertAll inserts runs, those that are one row alone together, in the order of their ids:
// what comes to the end of a page is cheaper than what comes between others.
func insertAll(t *tx, list []leaving) error {
	t.forgetRuns()
	ordered := make([]*leaving, len(list))
	for i := range list {
		ordered[i] = &list[i]
	}
	slices.SortFunc(ordered, func(a, b *leaving) int { return strings.Compare(a.row.id, b.row.id) })
	for _, x := range ordered {
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
