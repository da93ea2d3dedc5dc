package flows

import (
	"context"
	"errors"
	"time"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

// control runs a control card, which runs its blocks through a scope.
func (m *machine) control(ctx context.Context, path Path, s *planned, c Call, f *frame) (schema.Values, error) {
	started := m.fx.Now(ctx, path)
	sc := &scope{machine: m, ctx: ctx, path: path, step: s, frame: f, call: c, started: started}
	out, err := c.Card.Control(sc, c.In)
	if wrong, ok := err.(*cards.Error); ok && wrong.Code == cards.CodeInvalidInput {
		err = c.Told(err)
	}
	m.record(ctx, path, c, started, out, err)
	if err != nil {
		return nil, err
	}
	if f.around == nil { // rounds are many; history knows from the card which way they went
		for i := range s.blocks {
			if b := &s.blocks[i]; !sc.ran(b.name) && b != s.onError {
				m.skip(ctx, path, b.chain)
			}
		}
	}
	return out, nil
}

// record tells history how a card went, unless it is the engine that failed.
func (m *machine) record(ctx context.Context, path Path, c Call, started time.Time, out schema.Values, err error) {
	if err == nil {
		m.fx.Control(ctx, path, c, started, out, nil)
		return
	}
	var ret *returned
	var failure *cards.Error
	switch {
	case errors.As(err, &failure):
		m.fx.Control(ctx, path, c, started, out, err)
	case leaves(err):
		m.fx.Control(ctx, path, c, started, err.(*left).told, nil)
	case errors.As(err, &ret):
		m.fx.Control(ctx, path, c, started, nil, nil)
	}
}

func (m *machine) skip(ctx context.Context, path Path, chain []planned) {
	for i := range chain {
		m.fx.Skipped(ctx, path+"/"+Path(chain[i].id), chain[i].id, chain[i].card.Name)
	}
}

// scope is one control card at work; it lives exactly as long as the card's call.
type scope struct {
	machine *machine
	ctx     context.Context
	path    Path
	step    *planned
	frame   *frame
	taken   []string // blocks that ran
	carried sizes    // of what goes from round to round
	call    Call
	started time.Time
}

var _ cards.Flow = (*scope)(nil)

func (sc *scope) ran(block string) bool {
	for _, b := range sc.taken {
		if b == block {
			return true
		}
	}
	return false
}

func (sc *scope) find(block string) (*plannedBlock, error) {
	b := sc.step.block(block)
	if b == nil {
		return nil, &cards.Error{Code: cards.CodeBug, Message: "the card " + sc.step.card.Name + " has no block " + block}
	}
	if !sc.ran(block) {
		sc.taken = append(sc.taken, block)
	}
	return b, nil
}

// Respond answers the caller of the run.
func (sc *scope) Respond(r cards.Response) error {
	return sc.machine.fx.Respond(sc.ctx, sc.path, r)
}

// Return ends the run.
func (sc *scope) Return(v schema.Values) error {
	if v == nil {
		v = schema.Values{}
	}
	return &returned{values: v}
}

func timeText(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339Nano)
}
