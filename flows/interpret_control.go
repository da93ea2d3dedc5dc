package flows

import (
	"context"
	"errors"
	"strconv"
	"time"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

// control runs a control card, which runs its blocks through a scope.
func (m *machine) control(ctx context.Context, path Path, s *planned, c Call, f *frame) (schema.Values, error) {
	started := m.fx.Now(ctx, path)
	sc := &scope{machine: m, ctx: ctx, path: path, step: s, frame: f, call: c, started: started}
	out, err := c.Card.Control(sc, c.In)
	m.record(ctx, path, c, started, out, err)
	if err != nil {
		return nil, err
	}
	for i := range s.blocks {
		if b := &s.blocks[i]; !sc.ran(b.name) {
			m.skip(ctx, path, b.chain)
		}
	}
	return out, nil
}

// record tells history how a card went, unless it is the engine that failed.
func (m *machine) record(ctx context.Context, path Path, c Call, started time.Time, out schema.Values, err error) {
	var ret *returned
	var failure *cards.Error
	switch {
	case err == nil || errors.As(err, &failure):
		m.fx.Control(ctx, path, c, started, out, err)
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
	sc.taken = append(sc.taken, block)
	return b, nil
}

// Run runs a block; what its steps give stays visible after the card.
func (sc *scope) Run(block string) (schema.Values, error) {
	b, err := sc.find(block)
	if err != nil {
		return nil, err
	}
	return sc.run(sc.ctx, sc.path+"/", b, sc.frame)
}

// Each runs a block once per item. While it runs, the card's own outputs are
// item and index; what its steps give is gone after the round.
func (sc *scope) Each(block string, items []any, limit int) ([]schema.Values, error) {
	b, err := sc.find(block)
	if err != nil {
		return nil, err
	}
	results := make([]schema.Values, len(items))
	err = sc.machine.fx.Parallel(sc.ctx, len(items), max(limit, 1), func(ctx context.Context, i int) (err error) {
		f := sc.frame.fork()
		f.values[sc.step.slot] = schema.Values{"item": items[i], "index": int64(i)}
		results[i], err = sc.run(ctx, sc.path+Path("["+strconv.Itoa(i)+"]/"), b, f)
		return err
	})
	if err != nil {
		return nil, err
	}
	return results, nil
}

func (sc *scope) run(ctx context.Context, prefix Path, b *plannedBlock, f *frame) (schema.Values, error) {
	if err := sc.machine.chain(ctx, prefix, b.chain, f); err != nil {
		return nil, err
	}
	v, err := b.result.Eval(f)
	if err != nil {
		return nil, invalidInput(err)
	}
	out, _ := v.(map[string]any)
	return out, nil
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
	return &returned{v}
}

func timeText(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339Nano)
}
