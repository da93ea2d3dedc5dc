package store

import (
	"context"
	"fmt"

	"flowdeck/cards"
	"flowdeck/flows"
)

// Create implements flows.Journal. A run without a status is queued. With status
// running and epoch 1 it is committed as claimed by its creator.
func (s *Store) Create(ctx context.Context, run flows.Run) error {
	if run.Status == "" {
		run.Status = flows.Queued
	}
	if run.Created.IsZero() {
		run.Created = s.now()
	}
	row, err := s.newRow(run)
	if err != nil {
		return fmt.Errorf("create run: %w", err)
	}
	err = s.writer.do(ctx, func(t *tx) error { return row.insert(t) })
	return failed("create run "+run.ID, err)
}

// newRow is a run that is to be inserted, as its columns say it.
type newRow struct {
	id, blob string
	columns  []any
	parent   flows.Parent
}

func (s *Store) newRow(run flows.Run) (newRow, error) {
	event, blob, size, err := s.body(encode(run.Event))
	return newRow{id: run.ID, blob: blob, parent: run.Parent, columns: []any{
		run.ID, run.FlowID, run.Version, run.Document, string(run.Status), run.Epoch, run.Cancel,
		micros(run.Created), micros(run.Started), micros(run.WakeAt), micros(run.Deadline), size, run.Trigger, short(run.Source, 200), run.RerunOf,
		summary(run.Event), searchText(run), event}}, err
}

func (r *newRow) insert(t *tx) error {
	_, err := t.exec(`insert into runs (id, flow_id, version, document, status, epoch, cancel,
		created, started, finished, wake, deadline, bytes, retries, trigger_card, source, rerun_of,
		response_status, response_path, error_code, error_step, error_path, error_message, summary, search,
		response, failure, output, event)
		values (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?, 0, ?, ?, ?, 0, '', '', '', '', '', ?, ?, '', '', '', ?)`, r.columns...)
	if err == nil && r.blob != "" {
		err = useBlob(t, r.blob, r.id)
	}
	return err
}

// insertChild inserts a run that another one begins, unless that step has begun one.
func (r *newRow) insertChild(t *tx) error {
	n, err := t.exec(`insert into run_parents (run_id, parent_run, parent_path, waits, depth) values (?, ?, ?, ?, ?) on conflict do nothing`,
		r.id, r.parent.Run, string(r.parent.Path), r.parent.Waits, r.parent.Depth)
	if err != nil || n == 0 {
		return err
	}
	return r.insert(t)
}

// body is text as its row keeps it, the id of its file when it is too long for a
// row, and its size in bytes.
func (s *Store) body(text string, err error) (stored, blob string, size int64, _ error) {
	if err != nil {
		return "", "", 0, err
	}
	stored, blob, err = s.blobs.put(text)
	return stored, blob, int64(len(text)), err
}

func useBlob(t *tx, blob, owner string) error {
	_, err := t.exec(`insert into blob_uses (owner, blob) values (?, ?) on conflict (owner, blob) do nothing`, owner, blob)
	return err
}

// failure is what a run or an attempt keeps of its error.
func failure(e *cards.Error) (string, error) {
	if e == nil {
		return "", nil
	}
	return text(e)
}
