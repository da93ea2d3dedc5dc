package store

import (
	"context"

	"flowdeck/flows"
)

// AttemptPage chooses attempts of a run, in the order things started.
type AttemptPage struct {
	Heads bool           // without inputs, outputs and traces
	After *flows.Attempt // the last one of the page before: its Started, Path and Number count
	Limit int            // 0: 50, at most 200
}

// maxPage is about how many bytes of values a page has; one attempt may have more.
const maxPage = 16 << 20

// AttemptsPage returns a page of a run's history, and whether there is more. A page of
// long values is shorter.
func (s *Store) AttemptsPage(ctx context.Context, runID string, p AttemptPage) ([]flows.Attempt, bool, error) {
	columns, limit := attemptColumnList, page(p.Limit)
	if p.Heads {
		columns = attemptHeadList
	}
	where, args := `run_id = ?`, []any{runID}
	if p.After != nil {
		at := micros(p.After.Started)
		where += ` and (started > ? or started = ? and (path > ? or path = ? and number > ?))`
		args = append(args, at, at, string(p.After.Path), string(p.After.Path), p.After.Number)
	}
	var stored []storedAttempt
	var size, fit int64
	err := s.each(ctx, `select `+columns+`, bytes from history where `+where+` order by started, path, number limit ?`, append(args, limit+1), func(scan scan) error {
		var bytes int64
		a, err := scanAttempt(func(into ...any) error { return scan(append(into, &bytes)...) })
		stored = append(stored, a)
		if size += bytes; p.Heads || size <= maxPage || len(stored) == 1 {
			fit++
		}
		return err
	})
	if err != nil {
		return nil, false, failed("read history", err)
	}
	shown := min(limit, int(fit))
	list, err := s.attempts(stored[:shown])
	return list, len(stored) > shown, failed("read history", err)
}
