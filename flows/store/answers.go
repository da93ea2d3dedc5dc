package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"flowdeck/cards/schema"
	"flowdeck/flows"
)

// How many of a flow's runs are looked at for a step's last success: those that
// succeeded, those of any end, and, when the step has moved, the newest that succeeded.
const (
	successRuns = 50
	recentRuns  = 20
	movedRuns   = 5
)

// LastSuccess returns the last attempt at a step that succeeded before a time, of any
// when that is zero, the version of its run, and no more than a bounded number of runs back. The step is
// looked for at path, then by its id, for it may have moved in the flow. Runs of which an
// outline is kept have nothing to compare with. None is
// flows.ErrNotFound.
func (s *Store) LastSuccess(ctx context.Context, flowID, stepID string, path flows.Path, before time.Time) (flows.Attempt, int64, error) {
	const what = "read last success"
	if before.IsZero() {
		before = s.now().AddDate(1, 0, 0)
	}
	last := firstRunID(before.Add(time.Second))
	runID, at, number, version, err := s.success(ctx, `with recent as (
		select id, version from (select id, version, outline from runs where flow_id = ? and status = ? and finished > 0 and id < ? order by id desc limit ?) done where outline = ?
		union select id, version from (select id, version, outline from runs where flow_id = ? and id < ? order by id desc limit ?) newest where outline = ?)
		select a.run_id, a.path, a.number, (select version from recent where id = a.run_id) from history a
		where a.run_id in (select id from recent) and a.path = ? and a.step_id = ? and a.status = ? and a.started < ? order by a.started desc limit 1`,
		flowID, string(flows.Succeeded), last, successRuns, false, flowID, last, recentRuns, false, string(path), stepID, string(flows.Succeeded), micros(before))
	if errors.Is(err, sql.ErrNoRows) {
		runID, at, number, version, err = s.success(ctx, `with recent as (
			select id, version from (select id, version, outline from runs where flow_id = ? and status = ? and finished > 0 and id < ? order by id desc limit ?) done where outline = ?)
			select a.run_id, a.path, a.number, (select version from recent where id = a.run_id) from history a
			where a.run_id in (select id from recent) and a.step_id = ? and a.status = ? and a.started < ? order by a.started desc limit 1`,
			flowID, string(flows.Succeeded), last, movedRuns, false, stepID, string(flows.Succeeded), micros(before))
	}
	if err != nil {
		return flows.Attempt{}, 0, failed(what, err)
	}
	list, err := s.history(ctx, attemptColumnList, `run_id = ? and path = ? and number = ?`, runID, at, number)
	if err == nil && len(list) == 0 {
		err = flows.ErrNotFound // pruned meanwhile
	}
	if err != nil {
		return flows.Attempt{}, 0, failed(what, err)
	}
	return list[0], version, nil
}

func (s *Store) success(ctx context.Context, query string, args ...any) (run, path string, number, version int64, err error) {
	err = s.row(ctx, query, args...).Scan(&run, &path, &number, &version)
	return run, path, number, version, err
}

// LastAnswer returns the newest answer that a step got, in a test or in a run that
// is not long ago. None is flows.ErrNotFound.
func (s *Store) LastAnswer(ctx context.Context, flowID, stepID string, path flows.Path) (Answer, error) {
	var (
		a             Answer
		took          int64
		output, trace string
	)
	err := s.row(ctx, `select made_by, created, took, output, trace from card_answers where flow_id = ? and step_id = ?`, flowID, stepID).
		Scan(&a.By, instant{&a.At}, &took, &output, &trace)
	tested := err == nil
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return a, failed("read last answer", err)
	}
	run, _, err := s.LastSuccess(ctx, flowID, stepID, path, time.Time{})
	switch {
	case err == nil && (!tested || run.Started.After(a.At)):
		return Answer{RunID: run.RunID, At: run.Started, Took: run.Finished.Sub(run.Started), Output: run.Output, Trace: run.Trace}, nil
	case err != nil && (!tested || !errors.Is(err, flows.ErrNotFound)):
		return a, err
	}
	a.Took = time.Duration(took) * time.Microsecond
	if a.Output, err = s.values(output); err == nil {
		a.Trace, err = s.trace(trace)
	}
	return a, failed("read last answer", err)
}

// OutputsOf returns the last outputs that the steps gave in a run.
func (s *Store) OutputsOf(ctx context.Context, runID string, steps []string) (map[string]schema.Values, error) {
	found := map[string]schema.Values{}
	if len(steps) == 0 {
		return found, nil
	}
	args := []any{runID, string(flows.Succeeded)}
	for _, id := range steps {
		args = append(args, id)
	}
	stored := map[string]string{}
	err := s.outputs(ctx, `select run_id, path, number from (select run_id, path, number, row_number() over (partition by step_id order by started desc, path desc, number desc) as place
		from history where run_id = ? and status = ? and step_id in (?`+strings.Repeat(", ?", len(steps)-1)+`)) ranked where place = 1`,
		args, func(step string, _ int64, output string) { stored[step] = output })
	if err != nil {
		return nil, failed("read outputs of a run", err)
	}
	for step, output := range stored {
		if found[step], err = s.shown(output); err != nil {
			return nil, failed("read outputs of a run", err)
		}
	}
	return found, nil
}

// outputs gives f the step, the start and the output of the attempts whose run, path and
// number a query returns. What a query sorts should not hold what steps gave.
func (s *Store) outputs(ctx context.Context, query string, args []any, f func(step string, started int64, output string)) error {
	var keys []any
	err := s.each(ctx, query, args, func(scan scan) error {
		var run, path string
		var number int64
		err := scan(&run, &path, &number)
		keys = append(keys, run, path, number)
		return err
	})
	const one = `run_id = ? and path = ? and number = ?`
	for err == nil && len(keys) > 0 {
		n := min(len(keys), 3*eachBatch)
		err = s.each(ctx, `select step_id, started, output from history where `+strings.Repeat(one+` or `, n/3-1)+one, keys[:n], func(scan scan) error {
			var step, output string
			var started int64
			err := scan(&step, &started, &output)
			f(step, started, output)
			return err
		})
		keys = keys[n:]
	}
	return err
}

// Typed is a value that somebody typed to try a card.
type Typed struct {
	Text string `json:"text"`
	JSON bool   `json:"json,omitempty"` // Text is JSON
}

// SaveTyped keeps what a person typed to try a card, by reference.
func (s *Store) SaveTyped(ctx context.Context, flowID, stepID, userID string, typed map[string]Typed) error {
	text, err := json.Marshal(typed)
	if err != nil {
		return failed("save typed values", err)
	}
	return failed("save typed values", s.writer.do(ctx, func(t *tx) error {
		_, err := t.exec(`insert into card_values (flow_id, step_id, user_id, updated, typed) values (?, ?, ?, ?, ?)
			on conflict (flow_id, step_id, user_id) do update set updated = excluded.updated, typed = excluded.typed`,
			flowID, stepID, userID, micros(s.now()), string(text))
		return err
	}))
}

// Typed returns what a person typed last to try a card; nothing is an empty map.
func (s *Store) Typed(ctx context.Context, flowID, stepID, userID string) (map[string]Typed, error) {
	typed := map[string]Typed{}
	err := s.row(ctx, `select typed from card_values where flow_id = ? and step_id = ? and user_id = ?`, flowID, stepID, userID).Scan(parsed{&typed})
	if errors.Is(err, sql.ErrNoRows) {
		return typed, nil
	}
	return typed, failed("read typed values", err)
}
