package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"flowdeck/flows"
)

// alone is a run that may only begin while no other of its flow's schedule is under way.
type alone struct{ flow, trigger, lock string }

// check lets one run pass at a time: who asks holds the flow's schedule until its
// transaction ends, so that two servers do not both see that nothing is under way. It
// writes nothing, so that a time which has to wait spoils no commit of others; a time that
// has its run already, of which once are the columns, is for takeOnce to find.
func (a *alone) check(t *tx, once []any) error {
	var id string
	err := t.row(`select flow_id from schedules where flow_id = ?`+a.lock, []any{a.flow}, &id)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	err = t.row(`select run_id from run_once where flow_id = ? and kind = ? and name = ? and expires > ?`, []any{once[0], once[1], once[2], once[5]}, &id)
	if !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	err = t.row(`select id from runs where finished = 0 and flow_id = ? and trigger_card = ? and version > 0 limit 1`, []any{a.flow, a.trigger}, &id)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil
	case err != nil:
		return err
	}
	return flows.ErrOverlap
}

// HoldSchedule notes that the flow's next time waits until then for the run before it,
// as SettleSchedule notes the time itself.
func (s *Store) HoldSchedule(ctx context.Context, was Scheduled, next time.Time, number int64, until time.Time) error {
	_, err := s.change(ctx, `update schedules set next = ?, number = ?, look = ? where flow_id = ? and next = ? and since = ? and rule = ?`,
		micros(next), number, micros(until), was.FlowID, micros(was.Next), micros(was.Since), was.rule)
	return failed(fmt.Sprintf("hold the schedule of flow %s", was.FlowID), err)
}

// SkipTime notes that a time of a schedule has no run, for as long as it is remembered. It
// gives flows.ErrTaken when that time has its run, or was skipped.
func (s *Store) SkipTime(ctx context.Context, flowID string, o flows.Once) error {
	columns := []any{flowID, o.Kind, o.Name, "", "", micros(s.now()), micros(o.Expires)}
	return failed("skip a time of flow "+flowID, s.writer.do(ctx, func(t *tx) error { return takeOnce(t, columns) }))
}

// SkippedTimes returns the last times of a flow's schedule that have no run because the
// one before was still under way, newest first.
func (s *Store) SkippedTimes(ctx context.Context, flowID string, limit int) (list []time.Time, err error) {
	err = s.each(ctx, `select name from run_once where flow_id = ? and kind = ? and run_id = '' and expires > ? order by name desc limit ?`,
		[]any{flowID, flows.OnceSchedule, micros(s.now()), limit}, func(scan scan) error {
			var name string
			if err := scan(&name); err != nil {
				return err
			}
			at, err := time.Parse(time.RFC3339, name)
			list = append(list, at)
			return err
		})
	return list, failed("read skipped times of flow "+flowID, err)
}
