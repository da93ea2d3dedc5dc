package runner

import (
	"context"

	"flowdeck/flows"
)

var _ flows.Tries = (*run)(nil)

// Tried is what the run does otherwise than its document says.
func (r *run) Tried() *flows.Trial { return r.Trial }

// Given records a step whose output is given.
func (r *run) Given(_ context.Context, p flows.Path, c flows.Call, g flows.Given) {
	now := r.x.o.Now()
	r.record(&flows.Attempt{RunID: r.ID, Path: p, Number: 1, StepID: c.Step.ID, Card: c.Card.Name, Status: flows.Succeeded,
		Output: g.Output, Given: g.From, Started: now, Finished: now})
}
