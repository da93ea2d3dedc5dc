package flows

import (
	"sync/atomic"

	"flowdeck/cards/schema"
	"flowdeck/flows/expr"
)

// frame is what templates can look up: outputs by slot, nil until they are there.
// The frame of a round of a loop has the slots of the steps inside only, and
// sees all others in the frame around it, which nothing changes meanwhile.
type frame struct {
	program *Program
	around  *frame // nil of the run's own
	first   int    // slot of values[0]
	values  []any
	held    atomic.Int64 // bytes, about, of what was put into it; lanes share a frame
}

var _ expr.Scope = (*frame)(nil)

func newFrame(p *Program, s Start) *frame {
	f := &frame{program: p, values: make([]any, p.width)}
	f.values[slotTrigger] = s.Event
	if p.asks { // few flows do
		f.values[slotRun] = schema.Values{"id": s.RunID, "started": timeText(s.Started)}
		f.values[slotFlow] = schema.Values{"id": s.FlowID, "name": s.Name, "alias": s.Alias}
	}
	if p.vars != nil {
		f.values[slotVars] = s.Vars
	}
	if p.secrets != nil {
		f.values[slotSecrets] = marks(s.Mark, p.secrets)
	}
	return f
}

// round is the frame of one round of the loop s.
func (f *frame) round(s *planned) *frame {
	return &frame{program: f.program, around: f, first: s.slot, values: make([]any, s.last-s.slot+1)}
}

// Lookup returns the outputs of a step.
func (f *frame) Lookup(step string) (any, bool) {
	slot, ok := f.program.slots[step]
	if !ok {
		return nil, false
	}
	for f.around != nil && (slot < f.first || slot >= f.first+len(f.values)) {
		f = f.around
	}
	v := f.values[slot-f.first]
	return v, v != nil
}

// put sets the outputs of a step.
func (f *frame) put(slot int, v schema.Values) { f.values[slot-f.first] = v }
