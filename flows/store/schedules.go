package store

import (
	"context"
	"fmt"
	"time"

	"flowdeck/cards/schema"
	"flowdeck/flows"
	"flowdeck/flows/schedule"
)

// Scheduled is a flow that begins by itself and is on.
type Scheduled struct {
	FlowID, Name, Alias, Document string
	Version                       int64
	Settings                      flows.Settings
	Rule                          schema.Values // settings of its Schedule card
	Since                         time.Time     // times before do not count
	Next                          time.Time     // when it is due; zero: to be worked out
	Number                        int64         // of runs that it has begun
	Held                          bool          // its time has waited for the run before
	rule                          string
}

// never is when a schedule is due that has no time left.
var never = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)

// setSchedule notes when the published version of a flow begins by itself, if it does. A
// rule that stays as it was keeps the time that it waits for.
func setSchedule(t *tx, flowID string, doc flows.Document, now int64) error {
	if doc.Trigger.Card != schedule.Card {
		_, err := t.exec(`delete from schedules where flow_id = ?`, flowID)
		return err
	}
	settings := doc.Trigger.Inputs
	if settings == nil {
		settings = schema.Values{}
	}
	rule, err := encode(settings)
	if err != nil {
		return err
	}
	_, err = t.exec(`insert into schedules (flow_id, active, since, next, number, rule)
		select id, is_on, cast(? as bigint), 0, 0, ? from flows where id = ?
		on conflict (flow_id) do update set rule = excluded.rule, since = excluded.since, next = 0 where schedules.rule <> excluded.rule`,
		now, rule, flowID)
	return err
}

// switchSchedule begins or stops waiting for the times of a flow. What passed while it
// was off was not missed.
func switchSchedule(t *tx, flowID string, on bool, now int64) error {
	_, err := t.exec(`update schedules set active = ?, since = ?, next = 0 where flow_id = ? and active <> ?`, on, now, flowID, on)
	return err
}

// schedulesChanged tells who waits for schedules to look again.
func (s *Store) schedulesChanged() {
	select {
	case s.scheduled <- struct{}{}:
	default:
	}
}

// SchedulesChanged has something in it when this process may have changed a schedule.
func (s *Store) SchedulesChanged() <-chan struct{} { return s.scheduled }

// NextSchedule returns when the first flow is due; zero when none is scheduled. A past
// time also means that one is to be worked out.
func (s *Store) NextSchedule(ctx context.Context) (time.Time, error) {
	var next *int64
	err := s.row(ctx, `select min(case when look > next then look else next end) from schedules where active`).Scan(&next)
	if err != nil || next == nil {
		return time.Time{}, failed("find the next schedule", err)
	}
	return time.UnixMicro(max(*next, 1)).UTC(), nil
}

// DueSchedules returns flows that are due at now, those that wait the longest first.
func (s *Store) DueSchedules(ctx context.Context, now time.Time, limit int) ([]Scheduled, error) {
	list, err := s.schedules(ctx, `s.next <= ? and s.look <= ? and f.deleted = 0 order by s.next limit ?`, micros(now), micros(now), limit)
	return list, failed("list due schedules", err)
}

// AheadSchedules returns the flows that are not due at now and wait for a time.
func (s *Store) AheadSchedules(ctx context.Context, now time.Time) ([]Scheduled, error) {
	list, err := s.schedules(ctx, `(s.next > ? or s.look > ?) and s.next > 0 and s.next < ? and f.deleted = 0`, micros(now), micros(now), micros(never))
	return list, failed("list schedules", err)
}

func (s *Store) schedules(ctx context.Context, where string, args ...any) (list []Scheduled, err error) {
	err = s.each(ctx, `select f.id, f.name, f.alias, f.document, f.version, f.settings, s.since, s.next, s.number, s.look > 0, s.rule
		from schedules s join flows f on f.id = s.flow_id where s.active and `+where, args, func(scan scan) error {
		var x Scheduled
		err := scan(&x.FlowID, &x.Name, &x.Alias, &x.Document, &x.Version, parsed{&x.Settings}, instant{&x.Since}, instant{&x.Next}, &x.Number, &x.Held, &x.rule)
		if err == nil {
			x.Rule, err = decode(x.rule)
		}
		list = append(list, x)
		return err
	})
	return list, err
}

// SettleSchedule notes when the flow is due next, zero when never again, and how many runs
// it has begun, unless somebody else has done that or the rule is another one now.
func (s *Store) SettleSchedule(ctx context.Context, was Scheduled, next time.Time, number int64) error {
	if next.IsZero() {
		next = never
	}
	_, err := s.change(ctx, `update schedules set next = ?, number = ?, look = 0 where flow_id = ? and next = ? and since = ? and rule = ?`,
		micros(next), number, was.FlowID, micros(was.Next), micros(was.Since), was.rule)
	return failed(fmt.Sprintf("settle the schedule of flow %s", was.FlowID), err)
}
