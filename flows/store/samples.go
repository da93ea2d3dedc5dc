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
	err := s.each(ctx, `with recent as (select id from runs where flow_id = ? order by id desc limit ?),
		ranked as (select a.run_id, a.path, a.number, row_number() over (
			partition by a.step_id order by a.started desc, a.run_id desc, a.path desc, a.number desc) as place
			from recent join attempts a on a.run_id = recent.id where a.status = ? and a.given = '')
		select a.step_id, a.started, a.output from ranked
			join attempts a on a.run_id = ranked.run_id and a.path = ranked.path and a.number = ranked.number where ranked.place = 1
		union all select step_id, created, output from card_tests where flow_id = ? and failure = ''`,
		[]any{flowID, sampleRuns, string(flows.Succeeded), flowID}, func(scan scan) error {
			var step, output string
			var at int64
			if err := scan(&step, &at, &output); err != nil {
				return err
			}
			if old, ok := newest[step]; (!ok || at >= old) && output != "" {
				newest[step], stored[step] = at, output
			}
			return nil
		})
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
		select id from runs where flow_id = f.id order by id desc limit 1) where f.id = ?`, flowID).Scan(&draft, &event)
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
