package store

import (
	"context"
	"time"

	"flowdeck/cards/schema"
	"flowdeck/flows"
)

// Pin is an output that an author pinned to a card of a draft.
type Pin struct {
	StepID string
	Output schema.Values
	Source string // "typed", "from the run of 12:04"
	By     string
	At     time.Time
}

// SavePin pins an output to a step, in the place of the one that was pinned before.
func (s *Store) SavePin(ctx context.Context, flowID string, p Pin) error {
	output, err := encode(p.Output)
	if err != nil {
		return failed("save pin", err)
	}
	_, err = s.change(ctx, `insert into pins (flow_id, step_id, made_by, updated, source, output) values (?, ?, ?, ?, ?, ?)
		on conflict (flow_id, step_id) do update set made_by = excluded.made_by, updated = excluded.updated, source = excluded.source, output = excluded.output`,
		flowID, p.StepID, p.By, micros(p.At), p.Source, output)
	return failed("save pin", err)
}

// DropPin takes the pin off a step; there need not be one.
func (s *Store) DropPin(ctx context.Context, flowID, stepID string) error {
	_, err := s.change(ctx, `delete from pins where flow_id = ? and step_id = ?`, flowID, stepID)
	return failed("drop pin", err)
}

// Pins returns a flow's pins by step.
func (s *Store) Pins(ctx context.Context, flowID string) (map[string]Pin, error) {
	pins := map[string]Pin{}
	err := s.each(ctx, `select step_id, made_by, updated, source, output from pins where flow_id = ?`, []any{flowID}, func(scan scan) error {
		var p Pin
		var output string
		if err := scan(&p.StepID, &p.By, instant{&p.At}, &p.Source, &output); err != nil {
			return err
		}
		var err error
		p.Output, err = decode(output)
		pins[p.StepID] = p
		return err
	})
	return pins, failed("list pins", err)
}

// Given is what pins are to a run.
func Given(pins map[string]Pin) map[string]flows.Given {
	given := map[string]flows.Given{}
	for id, p := range pins {
		given[id] = flows.Given{Output: p.Output, From: flows.Pinned}
	}
	return given
}
