package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"flowdeck/flows"
)

// oldestAtOnce is how many runs one transaction deletes at most when there is too much.
// Whoever writes waits for that, and so cannot write faster than it is deleted.
const oldestAtOnce = 1000

// deleteOldest deletes some of the runs that are the first to go, with about as many
// bytes as are too much, and returns how many: the oldest of those that succeeded, or of
// the others, which stay longer.
func (s *Store) deleteOldest(ctx context.Context, bytes int64, p *Pruned) (n int, err error) {
	after := s.oldest.Load()
	if after == nil {
		after = new(string)
	}
	ids, sizes, err := s.candidates(ctx, `status = 'succeeded' and id > ?`, *after)
	if err != nil {
		return 0, err
	}
	if len(ids) < oldestAtOnce && *after != "" { // those that took long are behind
		s.oldest.Store(nil)
	}
	bad, badID, err := s.oldestUnwell(ctx)
	if err != nil {
		return 0, err
	}
	until := s.now() // runs that did not succeed go when they are older than this
	if len(ids) > 0 {
		until = longBefore(until, idTime(ids[0].(string)), s.keep.Load().FailedTimes)
	}
	switch {
	case badID != "" && idTime(badID).Before(until):
		if ids, sizes, err = s.candidates(ctx, `status <> 'succeeded' and status = ? and id >= ? and id < ?`, bad, badID, firstRunID(until)); err != nil {
			return 0, err
		}
	case len(ids) > 0:
	case *after != "":
		return s.deleteOldest(ctx, bytes, p)
	}
	for n < len(ids) && bytes > 0 {
		p.Runs++
		p.Bytes += sizes[n]
		bytes -= sizes[n]
		n++
	}
	if n == 0 {
		return 0, nil
	}
	if bad == "" || ids[0] != badID {
		last := ids[n-1].(string)
		s.oldest.Store(&last)
	}
	return n, s.deleteRunsByID(ctx, ids[:n], p)
}

// longBefore is so many times as long before now as was is; not before 1970, of which decades
// that are taken many times would be far out of what a time.Duration holds.
func longBefore(now, was time.Time, times int) time.Time {
	back := max(now.Sub(was), 0)
	if most := now.Sub(time.UnixMilli(0)); times > 0 && back > most/time.Duration(times) {
		return time.UnixMilli(0)
	}
	return now.Add(-time.Duration(times) * back)
}

// candidates are the oldest runs of a kind that are over.
func (s *Store) candidates(ctx context.Context, kind string, args ...any) (ids []any, sizes []int64, err error) {
	err = s.eachNow(ctx, `select id, bytes from runs where finished > 0 and `+kind+` order by id limit ?`, append(args, oldestAtOnce), func(scan scan) error {
		var id string
		var size int64
		err := scan(&id, &size)
		ids, sizes = append(ids, id), append(sizes, size)
		return err
	})
	return ids, sizes, err
}

// oldestUnwell is the oldest run that is over and did not succeed, "" when there is none.
func (s *Store) oldestUnwell(ctx context.Context) (status, id string, err error) {
	for _, x := range []flows.Status{flows.Failed, flows.Cancelled} {
		var first string
		err := s.rowNow(ctx, `select id from runs where `+unwell+` and status = ? order by id limit 1`, string(x)).Scan(&first)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return "", "", err
		}
		if first != "" && (id == "" || first < id) {
			status, id = string(x), first
		}
	}
	return status, id, nil
}
