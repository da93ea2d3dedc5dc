package store

import (
	"context"
	"encoding/json"
	"time"

	"flowdeck/cards/schema"
	"flowdeck/flows"
	"flowdeck/flows/shape"
)

// StepShape is what the answers of a step look like.
type StepShape struct {
	Asks    string    // what the step asked when it was learned
	Learned time.Time // from the newest answer
	shape.Shape
}

// Shapes returns what was learned of a flow's steps, by step.
func (s *Store) Shapes(ctx context.Context, flowID string) (map[string]*StepShape, error) {
	shapes := map[string]*StepShape{}
	err := s.each(ctx, `select step_id, asks, learned, shape from shapes where flow_id = ?`, []any{flowID}, func(scan scan) error {
		return scanShape(scan, shapes)
	})
	return shapes, failed("read shapes", err)
}

func scanShape(scan scan, into map[string]*StepShape) error {
	var step, text string
	x := &StepShape{}
	if err := scan(&step, &x.Asks, instant{&x.Learned}, &text); err != nil {
		return err
	}
	into[step] = x
	return json.Unmarshal([]byte(text), &x.Shape)
}

// Lesson is an answer to learn from.
type Lesson struct {
	Step   string
	Asks   string // what the step asked
	Answer schema.Values
}

// Learn takes answers into what is known of a flow's steps. What was learned
// while a step asked something else is forgotten.
func (s *Store) Learn(ctx context.Context, flowID string, lessons []Lesson) error {
	if len(lessons) == 0 {
		return nil
	}
	known, err := s.Shapes(ctx, flowID)
	if err != nil {
		return err
	}
	now := micros(s.now())
	type row struct{ step, asks, text string }
	rows := make([]row, 0, len(lessons))
	for _, l := range lessons {
		x := known[l.Step]
		if x == nil || x.Asks != l.Asks {
			x = &StepShape{Asks: l.Asks}
			known[l.Step] = x
		}
		x.Shape.Learn(l.Answer)
		text, err := json.Marshal(x.Shape)
		if err != nil {
			return failed("learn shapes", err)
		}
		rows = append(rows, row{l.Step, l.Asks, string(text)})
	}
	err = s.writer.do(ctx, func(t *tx) error {
		var there int64
		if err := t.row(`select count(*) from flows where id = ?`, []any{flowID}, &there); err != nil {
			return err
		}
		if there == 0 {
			return flows.ErrNotFound
		}
		for _, r := range rows {
			if _, err := t.exec(`insert into shapes (flow_id, step_id, asks, learned, shape) values (?, ?, ?, ?, ?)
				on conflict (flow_id, step_id) do update set asks = excluded.asks, learned = excluded.learned, shape = excluded.shape`,
				flowID, r.step, r.asks, now, r.text); err != nil {
				return err
			}
		}
		return nil
	})
	return failed("learn shapes", err)
}

// RunOutputs returns, by step, what the steps of a run gave when they succeeded,
// of each the newest and none larger than size bytes; at most limit of them.
func (s *Store) RunOutputs(ctx context.Context, runID string, size, limit int64) (map[string]schema.Values, error) {
	stored := map[string]string{}
	err := s.outputs(ctx, `select run_id, path, number from (select run_id, path, number, started, row_number() over (
		partition by step_id order by started desc, path desc, number desc) as place
		from history where run_id = ? and status = ? and given = '' and bytes <= ?) ranked where place = 1 order by started limit ?`,
		[]any{runID, string(flows.Succeeded), size, limit}, func(step string, _ int64, output string) { stored[step] = output })
	if err != nil {
		return nil, failed("read outputs of run "+runID, err)
	}
	outputs := make(map[string]schema.Values, len(stored))
	for step, body := range stored {
		if outputs[step], err = s.values(body); err != nil {
			return nil, failed("read outputs of run "+runID, err)
		}
	}
	return outputs, nil
}
