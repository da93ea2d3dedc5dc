package store

import (
	"context"
	"fmt"
	"time"
)

const (
	// trimFrom and trimTo are the shares of the bound, in percent, from which runs are
	// deleted, and down to which. What is above is for what arrives meanwhile.
	trimFrom, trimTo = 90, 86
	// trimHurry is the share below which those who write have as much time as the deletion,
	// unless they wait for it.
	trimHurry = 94
	// trimLess is what both are less: what a large transaction takes is as much when there
	// is little space.
	trimLess = 2 << 20
	// trimPause is how long a look at the size is good for.
	trimPause = 20 * time.Millisecond
	// sayEvery is how often it is written down what was deleted.
	sayEvery = 10 * time.Second
)

// HoldBudget deletes the oldest runs whenever the store is about to take more of the
// disk than it may, until ctx ends. It looks only after something was written, and
// what it deletes has its turn among what is written: whoever writes waits for it.
// told is called with what was deleted, every few seconds.
func (s *Store) HoldBudget(ctx context.Context, told func(Pruned, error)) {
	if s.dialect.free == "" {
		return // the server of the database has its own disk; Prune bounds the data
	}
	s.blobs.room.short = s.writer.nudge
	defer s.blobs.room.unbound()
	if err := s.blobs.measure(); err != nil {
		told(Pruned{}, fmt.Errorf("add up large bodies: %w", err))
	}
	pause, say := time.NewTimer(0), time.NewTicker(sayEvery)
	defer pause.Stop()
	defer say.Stop()
	var gone Pruned
	full, said := false, false
	for {
		select {
		case <-ctx.Done():
		case <-say.C:
			if gone.Runs == 0 && full == said {
				continue
			}
		case <-pause.C:
			select {
			case <-ctx.Done():
			case <-say.C:
			case <-s.writer.grew:
			}
			p, still, err := s.trim(ctx)
			if err != nil && ctx.Err() == nil {
				told(p, failed("keep within the space", err))
				pause.Reset(sayEvery)
				continue
			}
			full = still
			gone.Runs, gone.Bytes, gone.Blobs = gone.Runs+p.Runs, gone.Bytes+p.Bytes, gone.Blobs+p.Blobs
			pause.Reset(trimPause)
			if ctx.Err() == nil {
				continue
			}
		}
		if gone.Runs > 0 || full != said {
			told(gone, s.sayPruned(context.WithoutCancel(ctx), "space", gone, full))
			gone, said = Pruned{}, full
		}
		if ctx.Err() != nil {
			return
		}
	}
}

// trim deletes the oldest runs when there is too much. full says that there is too
// much although nothing is left to delete.
func (s *Store) trim(ctx context.Context) (p Pruned, full bool, err error) {
	bound := s.keep.Load().Bytes
	if bound <= 0 {
		s.blobs.room.unbound()
		return p, false, nil
	}
	s.ahead.look()
	if err := s.shortenLog(ctx, bound); err != nil {
		return p, false, err
	}
	mark := s.blobs.room.mark()
	size, err := s.Size()
	if err != nil {
		return p, false, err
	}
	if all := size.All() + 2*logPages(bound)*pageSize; all < bound*trimFrom/100-trimLess { // no more can be in use
		s.blobs.room.set((bound-all)/2, mark)
		return p, false, nil
	}
	mark = s.blobs.room.mark()
	used, err := s.used(ctx)
	if err != nil {
		return p, false, err
	}
	room := func() { s.blobs.room.set(max(bound*98/100-used, 0)/2, mark) } // the other half is for what the database itself takes
	if used > bound*trimFrom/100-trimLess {
		for used > bound*trimTo/100-trimLess {
			began := time.Now()
			n, err := s.deleteOldest(ctx, used-(bound*trimTo/100-trimLess), &p)
			if err == nil {
				err = s.shortenLog(ctx, bound)
			}
			if err == nil {
				mark = s.blobs.room.mark()
				used, err = s.used(ctx)
			}
			if err != nil {
				return p, false, err
			}
			if n == 0 {
				full = used > bound
				break
			}
			if used < bound*trimHurry/100-trimLess {
				room()
				select {
				case <-ctx.Done():
					return p, false, ctx.Err()
				case <-time.After(time.Since(began)):
				case <-s.blobs.room.lack: // they wait for the deletion
				}
			}
		}
	}
	if full {
		s.blobs.room.unbound() // waiting would not make room
	} else {
		room()
	}
	return p, full, s.shrink(ctx, bound)
}

// used is what is in use of the database, the files, and what the log takes or may take:
// a transaction stands in the log as a whole, however large it is.
func (s *Store) used(ctx context.Context) (int64, error) {
	var page, pages, free int64
	err := s.row(ctx, `select (select page_size from pragma_page_size), (select page_count from pragma_page_count), (select freelist_count from pragma_freelist_count)`).Scan(&page, &pages, &free)
	if err != nil {
		return 0, err
	}
	size, err := s.Size()
	return (pages-free)*page + size.Ahead + size.Bodies + max(size.Log, 2*logPages(s.keep.Load().Bytes)*page), err
}

// shortenLog has a log begin anew that could not do so by itself, because somebody was
// reading or a transaction was large.
func (s *Store) shortenLog(ctx context.Context, bound int64) error {
	size, err := s.Size()
	if err != nil || size.Log <= 2*logPages(bound)*pageSize {
		return err
	}
	return s.flush(ctx, nil)
}

// shrink gives free pages beyond the bound back to the disk.
func (s *Store) shrink(ctx context.Context, bound int64) error {
	size, err := s.Size()
	if err != nil {
		return err
	}
	for last := size.All() + 1; size.All() > bound && size.All() < last; {
		last = size.All()
		if err := s.writer.alone(ctx, func(t *tx) error { return t.each(s.dialect.shrink, nil, ignoreRow) }); err != nil {
			return err
		}
		if err := s.flush(ctx, nil); err != nil {
			return err
		}
		if size, err = s.Size(); err != nil {
			return err
		}
	}
	return nil
}

const pageSize = 4096

// logPages is after how many pages the log is written to the database: few when
// there is little space.
func logPages(bound int64) int64 {
	if bound <= 0 {
		return 4000
	}
	return min(max(bound/pageSize/25, 250), 4000)
}

// boundLog has the log stay within its share of the bound.
func (s *Store) boundLog(ctx context.Context) error {
	if s.dialect.free == "" {
		return nil
	}
	pages := logPages(s.keep.Load().Bytes)
	return s.writer.alone(ctx, func(t *tx) error {
		if err := t.each(fmt.Sprintf("pragma wal_autocheckpoint(%d)", pages), nil, ignoreRow); err != nil {
			return err
		}
		return t.each(fmt.Sprintf("pragma journal_size_limit(%d)", 2*pages*pageSize), nil, ignoreRow)
	})
}
