package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"

	"flowdeck/cards/schema"
	"flowdeck/flows"
)

// sampleRuns is how many of a flow's newest runs samples are taken from.
const sampleRuns = 20

// SampleOutputs returns, by step, the outputs of the newest run or card test in which
// the step succeeded; of the draft's trigger, the newest run's event.
func (s *Store) SampleOutputs(ctx context.Context, flowID string) (map[string]schema.Values, error) {
	stored := map[string]string{}
	if err := s.sampleEvent(ctx, flowID, stored); err != nil {
		return nil, failed("read samples", err)
	}
	newest := map[string]int64{}
	keep := func(step string, at int64, output string) {
		if old, ok := newest[step]; (!ok || at >= old) && output != "" {
			newest[step], stored[step] = at, output
		}
	}
	err := s.outputs(ctx, `with recent as (select id from (select id, outline from runs where flow_id = ? order by id desc limit ?) newest where outline = ?)
		select run_id, path, number from (select run_id, path, number, row_number() over (
			partition by step_id order by started desc, run_id desc, path desc, number desc) as place
			from history where run_id in (select id from recent) and status = ? and given = '') ranked where place = 1`,
		[]any{flowID, sampleRuns, false, string(flows.Succeeded)}, keep)
	if err == nil {
		err = s.each(ctx, `select step_id, created, output from card_tests where flow_id = ? and failure = ''`, []any{flowID}, func(scan scan) error {
			var step, output string
			var at int64
			err := scan(&step, &at, &output)
			keep(step, at, output)
			return err
		})
	}
	if err != nil {
		return nil, failed("read samples", err)
	}
	samples := make(map[string]schema.Values, len(stored))
	for step, body := range stored {
		if samples[step], err = s.shown(body); err != nil {
			return nil, failed("read samples", err)
		}
	}
	return samples, nil
}

func (s *Store) sampleEvent(ctx context.Context, flowID string, stored map[string]string) error {
	var draft, event string
	err := s.row(ctx, `select f.draft, r.event from flows f join runs r on r.id = (
		select id from (select id, outline from runs where flow_id = ? order by id desc limit ?) newest where outline = ? order by id desc limit 1)
		where f.id = ?`, flowID, sampleRuns, false, flowID).Scan(&draft, &event)
	if errors.Is(err, sql.ErrNoRows) || err == nil && event == "" {
		return nil
	}
	if err != nil {
		return err
	}
	var d struct{ Trigger struct{ ID string } }
	if err := json.Unmarshal([]byte(draft), &d); err != nil {
		return err
	}
	stored[d.Trigger.ID] = event
	return nil
}
