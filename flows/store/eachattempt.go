package store

import (
	"context"
	"strings"

	"flowdeck/flows"
)

// eachBatch is how many attempts EachAttempt reads at a time.
const eachBatch = 16

// EachAttempt gives a run's history, everything included, to f, one attempt at a
// time, in the order things started. While f is at work no connection to the database
// is held: it may take as long as a slow reader takes.
func (s *Store) EachAttempt(ctx context.Context, runID string, f func(flows.Attempt) error) error {
	const what = "read history"
	var packed bool
	if err := s.row(ctx, `select count(*) > 0 from runs where id = ? and steps <> ''`, runID).Scan(&packed); err != nil {
		return failed(what, err)
	}
	if packed { // which is short, and taken apart as a whole each time
		list, err := s.Attempts(ctx, runID)
		for i := 0; i < len(list) && err == nil; i++ {
			err = f(list[i])
		}
		return err
	}
	var keys []any // path and number, in order
	err := s.each(ctx, `select path, number from history where run_id = ? order by started, path, number`, []any{runID}, func(scan scan) error {
		var path string
		var number int64
		err := scan(&path, &number)
		keys = append(keys, path, number)
		return err
	})
	if err != nil {
		return failed(what, err)
	}
	for len(keys) > 0 {
		n := min(2*eachBatch, len(keys))
		stored, err := s.batch(ctx, runID, keys[:n])
		if err != nil {
			return failed(what, err)
		}
		for i := range stored {
			full, err := s.attempts(stored[i : i+1])
			if err != nil {
				return failed(what, err)
			}
			if err := f(full[0]); err != nil {
				return err
			}
		}
		keys = keys[n:]
	}
	return nil
}

// batch reads the attempts of a run that keys name, eachBatch of them at most.
func (s *Store) batch(ctx context.Context, runID string, keys []any) (stored []storedAttempt, err error) {
	const one = `run_id = ? and path = ? and number = ?`
	var args []any
	for i := range eachBatch { // always the same query, each part of which is a look into the primary key
		at := 2 * min(i, len(keys)/2-1)
		args = append(args, runID, keys[at], keys[at+1])
	}
	err = s.each(ctx, `select `+attemptColumnList+` from history where `+strings.Repeat(one+` or `, eachBatch-1)+one+` order by started, path, number`, args, func(scan scan) error {
		a, err := scanAttempt(scan)
		stored = append(stored, a)
		return err
	})
	return stored, err
}
