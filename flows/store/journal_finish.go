package store

import (
	"context"

	"flowdeck/flows"
)

const (
	finishAs = `update runs set status = ?, finished = ?, wake = 0,
	error_code = ?, error_step = ?, error_path = ?, error_message = ?, search = search || ?, failure = ?, output = ?, outline = ?,`

	// finishWhole finishes a run of which nothing was written since it was created, and
	// is its own fence: it finds no other run.
	finishWhole = finishAs + ` bytes = bytes + ?, retries = ?, response = ?, response_path = ?, response_status = ?
	where id = ? and epoch = ? and finished = 0 and response = ''
	and not exists (select 1 from attempts a where a.run_id = runs.id)`

	finishRest = finishAs + `
	bytes = bytes + ? + (select cast(coalesce(sum(a.bytes), 0) as bigint) from attempts a where a.run_id = runs.id),
	retries = (select count(*) from attempts a where a.run_id = runs.id and a.number > 1),
	response = case when response = '' then ? else response end,
	response_path = case when response = '' then ? else response_path end,
	response_status = case when response = '' then ? else response_status end where id = ?`
)

// ending is an outcome as its columns say it.
type ending struct {
	status, code, step, path, message, search, failure, output string
	finished                                                   int64
	outline                                                    bool
	bytes                                                      int64
	retries                                                    int
	blobs                                                      []string
}

// underWay is the ending of a run that has none.
func underWay(status flows.Status, outline bool) ending {
	return ending{status: string(status), outline: outline}
}

func (s *Store) ending(o flows.Outcome) (ending, error) {
	output, blob, outputSize, err := s.body(encode(o.Output))
	if err != nil {
		return ending{}, err
	}
	fail, failBlob, failSize, err := s.body(failure(o.Error))
	if err != nil {
		return ending{}, err
	}
	e := ending{status: string(o.Status), finished: micros(o.At), path: string(o.ErrorPath), search: searchEnd(o), failure: fail, output: output,
		outline: o.Outline, bytes: outputSize + failSize}
	if o.Error != nil {
		e.code, e.step, e.message = o.Error.Code, stepOf(o.ErrorPath), short(o.Error.Message, 300)
	}
	for _, b := range []string{blob, failBlob} {
		if b != "" {
			e.blobs = append(e.blobs, b)
		}
	}
	return e, nil
}

// with returns what finishAs takes, with more behind it.
func (e *ending) with(more ...any) []any {
	return append([]any{e.status, e.finished, e.code, e.step, e.path, e.message, e.search, e.failure, e.output, e.outline}, more...)
}

// Finish implements flows.Journal.
func (s *Store) Finish(ctx context.Context, runID string, epoch int64, entries []flows.Entry, o flows.Outcome) error {
	r, err := s.encodeEntries(runID, entries, o.Outline)
	if err != nil {
		return failed("finish run "+runID, err)
	}
	if o.At.IsZero() {
		o.At = s.now()
	}
	e, err := s.ending(o)
	if err != nil {
		return failed("finish run "+runID, err)
	}
	r.blobs = append(r.blobs, e.blobs...)
	var said answer
	if r.answer != nil {
		said = *r.answer
	}
	err = s.writer.do(ctx, func(t *tx) error {
		err := s.finish(t, runID, epoch, r, e, said)
		if err == nil && o.Failure != nil {
			err = insertFailure(t, runID, *o.Failure)
		}
		if err != nil || !o.Parent.Waits {
			return err
		}
		return s.putSignal(t, o.Parent.Run, flows.Signal{Path: o.Parent.Path, Kind: flows.Ended, At: o.At}, "")
	})
	return failed("finish run "+runID, err)
}

func (s *Store) finish(t *tx, runID string, epoch int64, r rows, e ending, said answer) error {
	if e.outline {
		return s.finishOutline(t, runID, epoch, r, e, said)
	}
	n, err := t.exec(finishWhole, e.with(e.bytes+r.bytes, r.retries, said.body, said.path, said.status, runID, epoch)...)
	switch {
	case err != nil:
		return err
	case n == 1:
		return r.write(t, runID)
	}
	return s.behindFence(t, runID, epoch, r, func() error {
		_, err := t.exec(finishRest, e.with(e.bytes, said.body, said.path, said.status, runID)...)
		return err
	})
}

// finishOutline is finish for a run of which an outline is kept.
func (s *Store) finishOutline(t *tx, runID string, epoch int64, r rows, e ending, said answer) error {
	if _, err := s.fence(t, runID, epoch, r.answer); err != nil {
		return err
	}
	event, err := s.outlineRun(t, runID)
	if err == nil {
		err = r.write(t, runID)
	}
	if err == nil {
		_, err = t.exec(finishRest, e.with(event+e.bytes, said.body, said.path, said.status, runID)...)
	}
	if err != nil {
		return err
	}
	return dropUses(t, runID)
}
