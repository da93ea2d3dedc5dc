package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"flowdeck/flows"
)

// hold writes an entry of a run that waits.
type hold func(*tx) error

func (r *rows) addHold(s *Store, runID string, e flows.Entry) error {
	switch {
	case e.Child != nil:
		row, err := s.newRow(*e.Child, answer{}, underWay(e.Child.Status, e.Child.Outline), "")
		r.holds = append(r.holds, row.insertChild)
		return err
	case e.Callback != nil:
		c := *e.Callback
		page, err := text(c.Callback)
		r.holds = append(r.holds, func(t *tx) error {
			_, err := t.exec(`insert into callbacks (hash, run_id, path, created, expires, page) values (?, ?, ?, ?, ?, ?) on conflict (hash) do nothing`,
				c.Hash, runID, string(c.Path), micros(c.Made), micros(c.Expires), page)
			return err
		})
		return err
	case e.Signal != nil:
		x := *e.Signal
		body, blob, _, err := s.body(encode(x.Body))
		r.use(blob)
		r.holds = append(r.holds, func(t *tx) error { return s.putSignal(t, runID, x, body) })
		return err
	}
	return errors.New("an entry without any of its parts")
}

// putSignal notes what arrived for a step, unless something has before or the run is over.
func (s *Store) putSignal(t *tx, runID string, x flows.Signal, body string) error {
	_, err := s.putFirst(t, runID, x, body)
	return err
}

func (s *Store) putFirst(t *tx, runID string, x flows.Signal, body string) (first bool, err error) {
	n, err := t.exec(`insert into signals (run_id, path, kind, arrived, body)
		select id, cast(? as text), cast(? as text), cast(? as bigint), cast(? as text) from runs where id = ? and finished = 0
		on conflict (run_id, path) do nothing`, string(x.Path), string(x.Kind), micros(x.At), body, runID)
	if err == nil && n == 1 {
		err = s.nudge(t, runID, toSignal+string(x.Path))
	}
	return n == 1, err
}

// Arrived implements flows.Journal.
func (s *Store) Arrived(ctx context.Context, runID string, p flows.Path) (flows.Signal, error) {
	x := flows.Signal{Path: p}
	var body string
	err := s.row(ctx, `select kind, arrived, body from signals where run_id = ? and path = ?`, runID, string(p)).
		Scan(&x.Kind, instant{&x.At}, &body)
	if err == nil {
		x.Body, err = s.values(body)
	}
	return x, failed("read what arrived for run "+runID, err)
}

// Outcome implements flows.Journal.
func (s *Store) Outcome(ctx context.Context, runID string) (o flows.Outcome, err error) {
	var failure, output string
	err = s.row(ctx, `select status, finished, error_path, failure, output from runs where id = ?`, runID).
		Scan(&o.Status, instant{&o.At}, &o.ErrorPath, &failure, &output)
	if err == nil && o.At.IsZero() {
		err = flows.ErrConflict
	}
	if err == nil {
		o.Error, err = s.failure(failure)
	}
	if err == nil {
		o.Output, err = s.values(output)
	}
	return o, failed("read the outcome of run "+runID, err)
}

// CancelChildren implements flows.Journal.
func (s *Store) CancelChildren(ctx context.Context, runID string) (ids []string, err error) {
	err = s.writer.do(ctx, func(t *tx) error {
		ids = ids[:0]
		var elsewhere []string
		err := t.each(`with recursive below (id) as (
				select run_id from run_parents where parent_run = ? and waits = ?
				union select p.run_id from run_parents p join below b on p.parent_run = b.id where p.waits = ?)
			update runs set cancel = ? where finished = 0 and id in (select id from below) returning id, node`,
			[]any{runID, true, true, true}, func(scan scan) error {
				var id string
				var node int64
				err := scan(&id, &node)
				if ids = append(ids, id); node != s.node.Load() {
					elsewhere = append(elsewhere, id)
				}
				return err
			})
		for _, id := range elsewhere { // none, but for those of a server that is gone
			if err == nil {
				err = s.nudge(t, id, toCancel)
			}
		}
		return err
	})
	return ids, failed("cancel what run "+runID+" waits for", err)
}

// Pending implements flows.Journal. It fills in what a list of runs has, and Epoch, Document and Deadline.
func (s *Store) Pending(ctx context.Context) (list []flows.Run, err error) {
	err = s.each(ctx, `select r.id, r.flow_id, r.version, r.document, r.status, r.epoch, r.died, r.cancel, r.express, r.trigger_card, r.source, r.rerun_of,
		r.created, r.started, case when r.status = 'waiting' and exists (select 1 from signals s
			join attempts a on a.run_id = s.run_id and a.path = s.path where s.run_id = r.id and a.status = 'waiting') then 1 else r.wake end,
		r.deadline, p.parent_run, p.parent_path, p.waits, p.depth, p.handles
		from runs r left join run_parents p on p.run_id = r.id where r.finished = 0 and r.node = ? order by r.id`, []any{s.node.Load()}, func(scan scan) error {
		var r flows.Run
		var parent parentRow
		err := scan(&r.ID, &r.FlowID, &r.Version, &r.Document, &r.Status, &r.Epoch, &r.Died, &r.Cancel, &r.Express, &r.Trigger, &r.Source, &r.RerunOf,
			instant{&r.Created}, instant{&r.Started}, instant{&r.WakeAt}, deadline{&r.Deadline},
			&parent.run, &parent.path, &parent.waits, &parent.depth, &parent.handles)
		r.Parent = parent.parent()
		list = append(list, r)
		return err
	})
	return list, failed("list runs under way", err)
}

// parentRow scans who began a run; nothing of it is there when nobody did.
type parentRow struct {
	run, path *string
	waits     *bool
	depth     *int
	handles   *bool
}

func (p parentRow) parent() flows.Parent {
	if p.run == nil || p.path == nil || p.waits == nil || p.depth == nil || p.handles == nil {
		return flows.Parent{}
	}
	return flows.Parent{Run: *p.run, Path: flows.Path(*p.path), Waits: *p.waits, Depth: *p.depth, Handles: *p.handles}
}

// deadline scans a run's deadline. One below zero is what is left of it while the
// run's clock stands still: there is no such time then.
type deadline struct{ t *time.Time }

// Scan implements sql.Scanner.
func (x deadline) Scan(v any) error {
	if n, ok := v.(int64); ok && n < 0 {
		*x.t = time.Time{}
		return nil
	}
	if err := (instant{x.t}).Scan(v); err != nil {
		return fmt.Errorf("deadline: %w", err)
	}
	return nil
}
