package store

import (
	"context"
	"database/sql"
	"errors"

	"flowdeck/flows"
)

// trialRow is what a run keeps of its trial; its body is "" when the run is none.
type trialRow struct{ body, blob string }

func (s *Store) newTrial(t *flows.Trial) (r trialRow, err error) {
	if !t.Empty() {
		r.body, r.blob, _, err = s.body(text(t))
	}
	return r, err
}

func (r trialRow) insert(t *tx, runID string) error {
	if _, err := t.exec(`insert into run_trials (run_id, body) values (?, ?)`, runID, r.body); err != nil || r.blob == "" {
		return err
	}
	return useBlob(t, r.blob, runID)
}

func (s *Store) trial(stored string) (*flows.Trial, error) {
	body, err := s.blobs.get(stored)
	if err != nil || body == "" {
		return nil, err
	}
	t := &flows.Trial{}
	return t, parse(body, t)
}

// Trial returns what a run does otherwise than its document says; nil when nothing.
func (s *Store) Trial(ctx context.Context, runID string) (*flows.Trial, error) {
	var body string
	err := s.row(ctx, `select body from run_trials where run_id = ?`, runID).Scan(&body)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, failed("read trial of run "+runID, err)
	}
	t, err := s.trial(body)
	return t, failed("read trial of run "+runID, err)
}

// Done returns, by path, the attempts of a run that succeeded, with their outputs
// and without what they were given.
func (s *Store) Done(ctx context.Context, runID string) ([]flows.Attempt, error) {
	return s.history(ctx, `run_id, path, number, step_id, card, status, started, finished, next_at, given, '', '', output, ''`,
		`run_id = ? and status = ?`, runID, string(flows.Succeeded))
}
