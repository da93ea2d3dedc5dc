package store

import (
	"context"

	"flowdeck/cards"
	"flowdeck/flows"
)

// insertRun writes a run with all that it has so far, which may be its end.
const insertRun = `insert into runs (id, flow_id, version, document, epoch, cancel, created, started, wake, deadline,
	trigger_card, source, rerun_of, summary, event, bytes, retries, response, response_path, response_status,
	status, finished, error_code, error_step, error_path, error_message, search, failure, output)
	values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`

// Create implements flows.Journal. A run without a status is queued. With status
// running and epoch 1 it is committed as claimed by its creator.
func (s *Store) Create(ctx context.Context, run flows.Run, entries ...flows.Entry) error {
	if run.Status == "" {
		run.Status = flows.Queued
	}
	r, err := s.encodeEntries(run.ID, entries)
	if err == nil { // what its attempts take is added up at its end
		err = s.insert(ctx, run, r, 0, 0, underWay(run.Status))
	}
	return failed("create run "+run.ID, err)
}

// Record implements flows.Journal.
func (s *Store) Record(ctx context.Context, run flows.Run, entries []flows.Entry, o flows.Outcome) error {
	r, err := s.encodeEntries(run.ID, entries)
	if err != nil {
		return failed("record run "+run.ID, err)
	}
	e, err := s.ending(o)
	if err == nil {
		err = s.insert(ctx, run, r, r.bytes, r.retries, e)
	}
	return failed("record run "+run.ID, err)
}

// insert commits a run with its entries and how it ended, if it has.
func (s *Store) insert(ctx context.Context, run flows.Run, r rows, bytes int64, retries int, e ending) error {
	if run.Created.IsZero() {
		run.Created = s.now()
	}
	event, blob, size, err := s.body(encode(run.Event))
	if err != nil {
		return err
	}
	r.use(blob)
	r.blobs = append(r.blobs, e.blobs...)
	var said answer
	if r.answer != nil {
		said = *r.answer
	}
	columns := append(make([]any, 0, 29), run.ID, run.FlowID, run.Version, run.Document, run.Epoch, run.Cancel,
		micros(run.Created), micros(run.Started), micros(run.WakeAt), micros(run.Deadline), run.Trigger, short(run.Source, 200), run.RerunOf,
		summary(run.Event), event, size+bytes+e.bytes, retries, said.body, said.path, said.status)
	columns = append(columns, e.columns...)
	columns[26] = searchText(run) + e.columns[6].(string)
	return s.writer.do(ctx, func(t *tx) error {
		if _, err := t.exec(insertRun, columns...); err != nil {
			return err
		}
		return r.write(t, run.ID)
	})
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
