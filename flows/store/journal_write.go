package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"flowdeck/flows"
)

// fence lets nobody but the run's newest claim pass, and no second answer. It
// writes nothing, and holds the run until the transaction ends. It returns the run's Died.
func (s *Store) fence(t *tx, runID string, epoch int64, a *answer) (died int, err error) {
	var now, finished int64
	var answered bool
	var path string
	err = t.row(`select epoch, finished, died, response <> '', response_path from runs where id = ?`+s.dialect.lock, []any{runID},
		&now, &finished, &died, &answered, &path)
	switch {
	case err != nil:
		return 0, err
	case now != epoch || finished > 0:
		return 0, flows.ErrFenced
	case a != nil && answered && path != a.path:
		return 0, flows.ErrConflict
	}
	return died, nil
}

// Append implements flows.Journal.
func (s *Store) Append(ctx context.Context, runID string, epoch int64, entries []flows.Entry) error {
	return s.append(ctx, "append to run ", runID, epoch, entries, writeAnswer(runID))
}

// Park implements flows.Journal.
func (s *Store) Park(ctx context.Context, runID string, epoch int64, entries []flows.Entry, p flows.Parking) error {
	return s.append(ctx, "park run ", runID, epoch, entries, func(t *tx, said answer) error {
		if err := writeAnswer(runID)(t, said); err != nil {
			return err
		}
		if p.Left <= 0 {
			_, err := t.exec(`update runs set status = ?, wake = ?, died = 0 where id = ?`, string(flows.Waiting), micros(p.WakeAt), runID)
			return err
		}
		// A deadline below zero is what is left of it: the run's clock stands still.
		_, err := t.exec(`update runs set status = ?, wake = ?, deadline = ?, died = 0 where id = ?`,
			string(flows.Waiting), micros(p.WakeAt), -p.Left.Microseconds(), runID)
		return err
	})
}

// append writes entries behind the fence; then writes the run itself, which may have been answered.
func (s *Store) append(ctx context.Context, what, runID string, epoch int64, entries []flows.Entry, then func(*tx, answer) error) error {
	r, err := s.encodeEntries(runID, entries, false)
	if err != nil {
		return failed(what+runID, err)
	}
	var said answer
	if r.answer != nil {
		said = *r.answer
	}
	err = s.writer.do(ctx, func(t *tx) error {
		return s.behindFence(t, runID, epoch, r, func() error { return then(t, said) })
	})
	return failed(what+runID, err)
}

func (s *Store) behindFence(t *tx, runID string, epoch int64, r rows, then func() error) error {
	died, err := s.fence(t, runID, epoch, r.answer)
	if err != nil {
		return err
	}
	if err := r.write(t, runID); err != nil {
		return err
	}
	if died > 0 && r.finished {
		if _, err := t.exec(`update runs set died = 0 where id = ?`, runID); err != nil {
			return err
		}
	}
	return then()
}

func writeAnswer(runID string) func(*tx, answer) error {
	return func(t *tx, said answer) error {
		if said.body == "" {
			return nil
		}
		_, err := t.exec(`update runs set response = ?, response_path = ?, response_status = ? where id = ? and response = ''`,
			said.body, said.path, said.status, runID)
		return err
	}
}

// Cancel implements flows.Journal.
func (s *Store) Cancel(ctx context.Context, runID string) error {
	s.settle(ctx)
	err := s.writer.do(ctx, func(t *tx) error {
		n, err := t.exec(`update runs set cancel = ? where id = ? and finished = 0`, true, runID)
		switch {
		case err != nil:
			return err
		case n == 0:
			return doneOrMissing(t, runID)
		}
		return s.nudge(t, runID, toCancel)
	})
	return failed("cancel run "+runID, err)
}

// doneOrMissing says why a run that is under way was not found.
func doneOrMissing(t *tx, runID string) error {
	var status string
	err := t.row(`select status from runs where id = ?`, []any{runID}, &status)
	if err == nil {
		return flows.ErrConflict
	}
	return err
}

// doneOrElsewhere says why a run that this server drives was not found.
func doneOrElsewhere(t *tx, runID string) error {
	var finished int64
	err := t.row(`select finished from runs where id = ?`, []any{runID}, &finished)
	switch {
	case err != nil:
		return err
	case finished > 0:
		return flows.ErrConflict
	}
	return flows.ErrFenced
}

// Claim implements flows.Journal.
func (s *Store) Claim(ctx context.Context, runID string, now time.Time) (flows.Memo, error) {
	return s.claim(ctx, runID, now, 0)
}

// TakeUp implements flows.Journal.
func (s *Store) TakeUp(ctx context.Context, runID string, now time.Time) (flows.Memo, error) {
	return s.claim(ctx, runID, now, 1)
}

// claim claims a run; one that was running has died once more by died. The time of one that
// nobody has driven yet begins now: it may have waited long for a place.
func (s *Store) claim(ctx context.Context, runID string, now time.Time, died int) (flows.Memo, error) {
	var run storedRun
	var attempts []storedAttempt
	var arrived []flows.Path
	var trial string
	err := s.writer.do(ctx, func(t *tx) error {
		attempts, arrived, trial = attempts[:0], arrived[:0], ""
		err := run.scan(func(into ...any) error {
			return t.row(`update runs set epoch = epoch + 1, died = case when status = 'running' then died + ? else died end, status = ?, wake = 0, started = case when started = 0 then ? else started end,
				deadline = case when deadline < 0 then ? - deadline when started = 0 and deadline > 0 and created < ? then deadline + ? - created else deadline end
				where id = ? and finished = 0 and node = ? returning `+runColumns, []any{died, string(flows.Running), micros(now), micros(now), micros(now), micros(now), runID, s.node.Load()}, into...)
		})
		if errors.Is(err, sql.ErrNoRows) {
			return doneOrElsewhere(t, runID)
		}
		if err != nil {
			return err
		}
		if err := t.row(`select body from run_trials where run_id = ?`, []any{runID}, &trial); err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		err = t.each(`select `+attemptColumnList+` from attempts where run_id = ? order by path, number`, []any{runID},
			func(scan scan) error {
				a, err := scanAttempt(scan)
				attempts = append(attempts, a)
				return err
			})
		if err != nil {
			return err
		}
		return t.each(`select path from signals where run_id = ?`, []any{runID}, func(scan scan) error {
			var p flows.Path
			err := scan(&p)
			arrived = append(arrived, p)
			return err
		})
	})
	if err != nil {
		return flows.Memo{}, failed("claim run "+runID, err)
	}
	memo := flows.Memo{Arrived: arrived}
	if memo.Run, err = s.run(run); err == nil {
		memo.Attempts, err = s.attempts(attempts)
	}
	if err == nil {
		memo.Run.Trial, err = s.trial(trial)
	}
	return memo, failed("claim run "+runID, err)
}
