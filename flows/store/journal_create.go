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
	event, blob, size, err := s.body(encode(run.Event))
	if err != nil {
		return fmt.Errorf("create run: %w", err)
	}
	trial, trialBlob, _, err := s.body(trialText(run.Trial))
	if err != nil {
		return fmt.Errorf("create run: %w", err)
	}
	trigger, source, summary, search := run.Trigger, short(run.Source, 200), summary(run.Event), searchText(run)
	err = s.writer.do(ctx, func(t *tx) error {
		_, err := t.exec(`insert into runs (id, flow_id, version, document, status, epoch, cancel,
			created, started, finished, wake, deadline, bytes, retries, trigger_card, source, rerun_of,
			response_status, response_path, error_code, error_step, error_path, error_message, summary, search,
			response, failure, output, event)
			values (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?, 0, ?, ?, ?, 0, '', '', '', '', '', ?, ?, '', '', '', ?)`,
			run.ID, run.FlowID, run.Version, run.Document, string(run.Status), run.Epoch, run.Cancel,
			micros(run.Created), micros(run.Started), micros(run.WakeAt), micros(run.Deadline), size, trigger, source, run.RerunOf,
			summary, search, event)
		if err == nil && blob != "" {
			err = useBlob(t, blob, run.ID)
		}
		if err == nil && trial != "" {
			err = putTrial(t, run.ID, trial, trialBlob)
		}
		return err
	})
	return failed("create run "+run.ID, err)
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
