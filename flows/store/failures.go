package store

import (
	"context"
	"time"
	"unicode/utf8"

	"flowdeck/flows"
)

// How somebody dealt with a failed run. The words are stored.
const (
	Redone    = "redone"
	Dismissed = "dismissed"
)

// MostNote is how many letters a note may have.
const MostNote = 1000

// FailureRow is what is known of a failed run beside the run: whether somebody has
// dealt with it.
type FailureRow struct {
	RunID   string
	Problem string    // why its flow for failures was not begun
	Handled time.Time // zero: nobody has
	How, By string
	Note    string
	Again   string // the run that took its place
}

// insertFailure lists a run that failed, when it is of a published flow.
func insertFailure(t *tx, runID string, f flows.Failure) error {
	_, err := t.exec(`insert into failures (run_id, flow_id, problem, handled, how, handled_by, note, again)
		select id, flow_id, ?, 0, '', '', '', '' from runs where id = ? on conflict (run_id) do nothing`, short(f.Problem, 300), runID)
	return err
}

// Failure returns what is known of a failed run; flows.ErrNotFound when it is not one
// that somebody has to look at.
func (s *Store) Failure(ctx context.Context, runID string) (f FailureRow, err error) {
	err = s.row(ctx, `select run_id, problem, handled, how, handled_by, note, again from failures where run_id = ?`, runID).
		Scan(&f.RunID, &f.Problem, instant{&f.Handled}, &f.How, &f.By, &f.Note, &f.Again)
	return f, failed("read the failure of run "+runID, err)
}

// OpenFailures counts the failed runs that nobody has dealt with, of a flow or of all
// when flowID is "", up to most.
func (s *Store) OpenFailures(ctx context.Context, flowID string, most int) (n int, err error) {
	where, args := `handled = 0`, []any{}
	if flowID != "" {
		where, args = where+` and flow_id = ?`, append(args, flowID)
	}
	err = s.row(ctx, `select count(*) from (select 1 from failures where `+where+` limit ?) x`, append(args, most)...).Scan(&n)
	return n, failed("count failures", err)
}

// HandleFailures says that somebody has dealt with failed runs, and returns how many of
// them nobody had dealt with before. A run that is not listed is left out.
func (s *Store) HandleFailures(ctx context.Context, runs []string, f FailureRow) (n int, err error) {
	err = s.writer.do(ctx, func(t *tx) error {
		n = 0
		for _, id := range runs {
			m, err := t.exec(`update failures set handled = ?, how = ?, handled_by = ?, note = ?, again = ? where run_id = ? and handled = 0`,
				micros(f.Handled), f.How, short(f.By, 200), short(f.Note, utf8.UTFMax*MostNote), f.Again, id)
			if err != nil {
				return err
			}
			n += int(m)
		}
		return nil
	})
	return n, failed("deal with failures", err)
}

// ReleaseFailure takes back what HandleFailures said of a run that again was to take the
// place of, when that has not begun.
func (s *Store) ReleaseFailure(ctx context.Context, runID, again string) error {
	_, err := s.change(ctx, `update failures set handled = 0, how = '', handled_by = '', note = '', again = '' where run_id = ? and again = ?`, runID, again)
	return failed("release the failure of run "+runID, err)
}

// ReopenFailure takes back that somebody has dealt with a run.
func (s *Store) ReopenFailure(ctx context.Context, runID string) error {
	return failed("reopen the failure of run "+runID, s.changeOne(ctx,
		`update failures set handled = 0, how = '', handled_by = '', note = '', again = '' where run_id = ?`, runID))
}
