package store

import (
	"context"
	"strings"
	"time"

	"flowdeck/cards"
	"flowdeck/flows"
)

// The columns of a run that is inserted: those at the end are empty for most, so that they
// need not be bound.
const (
	usualColumns = "id, flow_id, version, document, epoch, created, started, deadline, trigger_card, source, summary, event, bytes, " +
		"response, response_path, response_status, status, finished, search, outline, steps, express"
	rareColumns = "cancel, wake, rerun_of, retries, error_code, error_step, error_path, error_message, failure, output, node"
	noneRare    = "false, 0, '', 0, '', '', '', '', '', '', 0"

	usualColumnCount = 22
	runColumnCount   = usualColumnCount + 11
	runColumnNames   = usualColumns + ", " + rareColumns
)

// How long it is tried to find out whether a run was kept, and how often.
const (
	confirmPatience = 5 * time.Second
	confirmPause    = 100 * time.Millisecond
)

// insertRuns[n-1] writes n runs with all that they have so far, which may be their end, and
// insertUsual[n-1] n of those that have only the usual columns.
var (
	insertRuns  = insertsOf("(" + marks(runColumnCount) + ")")
	insertUsual = insertsOf("(" + marks(usualColumnCount) + ", " + noneRare + ")")
)

func marks(n int) string { return strings.Repeat("?, ", n-1) + "?" }

func insertsOf(one string) (list [16]string) {
	for i := range list {
		list[i] = "insert into runs (" + runColumnNames + ") values " + strings.Repeat(one+", ", i) + one
	}
	return list
}

// Create implements flows.Journal. A run without a status is queued. With status
// running and epoch 1 it is committed as claimed by its creator.
func (s *Store) Create(ctx context.Context, run flows.Run, entries ...flows.Entry) error {
	if run.Status == "" {
		run.Status = flows.Queued
	}
	r, err := s.encodeEntries(run.ID, entries, false)
	if err == nil {
		var x wholeRun
		if x, err = s.whole(run, r, underWay(run.Status, run.Outline)); err == nil {
			err = s.confirmed(ctx, run.ID, s.writer.do(ctx, x.insert))
		}
	}
	return failed("create run "+run.ID, err)
}

// Record implements flows.Journal.
func (s *Store) Record(ctx context.Context, run flows.Run, entries []flows.Entry, o flows.Outcome) error {
	x, err := s.recorded(run, entries, o)
	if err == nil {
		err = s.confirmed(ctx, run.ID, s.record(ctx, &x))
	}
	return failed("record run "+run.ID, err)
}

// confirmed looks whether a new run was kept when the connection broke in the middle: who asked
// for it would be told that it was not, and ask again.
func (s *Store) confirmed(ctx context.Context, runID string, err error) error {
	if err == nil || s.dialect.writers == 1 || troubled(err) != Away {
		return err
	}
	for end := time.Now().Add(confirmPatience); ; time.Sleep(confirmPause) {
		var one int
		unread := s.row(ctx, `select 1 from runs where id = ?`, runID).Scan(&one)
		switch {
		case unread == nil:
			return nil
		case !Passes(unread) || time.Now().After(end):
			return err
		}
	}
}

// recorded makes the rows of a run that is over.
func (s *Store) recorded(run flows.Run, entries []flows.Entry, o flows.Outcome) (wholeRun, error) {
	if o.Outline {
		run.Event, o.Output = outlineEvent(run.Event), nil
	}
	r, err := s.recordEntries(run.ID, entries, o.Outline)
	if err != nil {
		return wholeRun{}, err
	}
	e, err := s.ending(o)
	if err != nil {
		return wholeRun{}, err
	}
	e.bytes, e.retries = e.bytes+r.bytes, r.retries
	x, err := s.whole(run, r, e)
	x.failure = o.Failure
	return x, err
}

// wholeRun is a run with its entries and how it ended, if it has.
type wholeRun struct {
	row     newRow
	rows    rows
	failure *flows.Failure
}

func (s *Store) whole(run flows.Run, r rows, e ending) (wholeRun, error) {
	var said answer
	if r.answer != nil {
		said = *r.answer
	}
	row, err := s.newRow(run, said, e, r.packed)
	return wholeRun{row: row, rows: r}, err
}

func (x *wholeRun) insert(t *tx) error {
	if err := x.row.insert(t); err != nil {
		return err
	}
	if err := x.rows.write(t, x.row.id); err != nil || x.failure == nil {
		return err
	}
	return insertFailure(t, x.row.id, *x.failure)
}

// newRow is a run that is to be inserted, as its columns say it.
type newRow struct {
	id      string
	blobs   []string
	columns []any // of insertRuns
	parent  flows.Parent
	trial   trialRow
	once    []any // of insertOnce; nil when the run is begun for nothing special
	alone   *alone
	places  *places
}

// newRow makes the row of a run; what the attempts of one that is under way take is
// added up at its end.
func (s *Store) newRow(run flows.Run, said answer, e ending, steps string) (newRow, error) {
	if run.Created.IsZero() {
		run.Created = s.now()
	}
	key := ""
	if !e.outline {
		key = summary(run.Event)
	}
	event, blob, size, err := s.body(encode(run.Event))
	if err != nil {
		return newRow{}, err
	}
	node := int64(0)
	if e.finished == 0 {
		node = s.node.Load()
	}
	row := newRow{id: run.ID, parent: run.Parent, blobs: e.blobs, columns: append(make([]any, 0, runColumnCount),
		run.ID, run.FlowID, run.Version, run.Document, run.Epoch, micros(run.Created), micros(run.Started), micros(run.Deadline),
		run.Trigger, short(run.Source, 200), key, event, size+e.bytes, said.body, said.path, said.status,
		e.status, e.finished, searchText(run, e.outline)+e.search, e.outline, steps, run.Express,
		run.Cancel, micros(run.WakeAt), run.RerunOf, e.retries, e.code, e.step, e.path, e.message, e.failure, e.output, node)}
	if blob != "" {
		row.blobs = append(row.blobs, blob)
	}
	if row.trial, err = s.newTrial(run.Trial); err != nil {
		return newRow{}, err
	}
	if run.Once != nil {
		row.once = onceColumns(run, *run.Once)
		if run.Once.Alone {
			row.alone = &alone{run.FlowID, run.Trigger, s.dialect.lock}
		}
	}
	if run.Most > 0 {
		row.places = &places{flow: run.FlowID, trigger: run.Trigger, most: run.Most, lock: s.dialect.lock}
	}
	return row, nil
}

// usual reports whether the run has only the usual columns.
func (r *newRow) usual() bool {
	for _, c := range r.columns[usualColumnCount:] {
		if c != "" && c != 0 && c != int64(0) && c != false {
			return false
		}
	}
	return true
}

// plain reports whether the run is one row and nothing else.
func (x *wholeRun) plain() bool {
	return x.failure == nil && len(x.row.blobs) == 0 && x.row.trial.body == "" && x.row.once == nil && x.row.places == nil && len(x.rows.blobs) == 0 && len(x.rows.attempts) == 0 && len(x.rows.holds) == 0
}

// texts is how many bytes of text the rows have.
func (x *wholeRun) texts() (n int64) {
	for _, list := range [][]any{x.row.columns, x.rows.attempts} {
		for _, c := range list {
			if s, ok := c.(string); ok {
				n += int64(len(s))
			}
		}
	}
	return n
}

func (r *newRow) insert(t *tx) error {
	if r.alone != nil {
		if err := r.alone.check(t, r.once); err != nil {
			return err
		}
	}
	if r.places != nil {
		if err := r.places.check(t); err != nil {
			return err
		}
	}
	if r.once != nil {
		if err := takeOnce(t, r.once); err != nil {
			return err
		}
	}
	_, err := t.exec(insertRuns[0], r.columns...)
	for _, blob := range r.blobs {
		if err == nil {
			err = useBlob(t, blob, r.id)
		}
	}
	if err == nil && r.trial.body != "" {
		err = r.trial.insert(t, r.id)
	}
	return err
}

// insertChild inserts a run that another one begins, unless that step has begun one.
func (r *newRow) insertChild(t *tx) error {
	n, err := t.exec(`insert into run_parents (run_id, parent_run, parent_path, waits, depth, handles) values (?, ?, ?, ?, ?, ?) on conflict do nothing`,
		r.id, r.parent.Run, string(r.parent.Path), r.parent.Waits, r.parent.Depth, r.parent.Handles)
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
	if blob != "" || err != nil {
		s.condition.kept(err)
	}
	return stored, blob, int64(len(text)), err
}

func useBlob(t *tx, blob, owner string) error {
	t.blobs = append(t.blobs, blob)
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
