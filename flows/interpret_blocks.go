package flows

import (
	"context"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

// block runs the chain of a block and returns what it results in.
func (m *machine) block(ctx context.Context, prefix Path, b *plannedBlock, f *frame) (schema.Values, error) {
	if err := m.chain(ctx, prefix, b.chain, f); err != nil {
		return nil, err
	}
	if !b.gives {
		return nil, nil
	}
	v, err := b.result.Eval(f)
	if err != nil {
		return nil, below(b.name, err)
	}
	out, _ := v.(map[string]any)
	return out, nil
}

// below is an evaluation error in the result of a block.
func below(block string, err error) *cards.Error {
	e := invalidInput(err)
	e.Message = "the output of " + block + ", " + e.Message
	return e
}

// Run runs a block; what its steps give stays visible after the card.
func (sc *scope) Run(block string) (schema.Values, error) {
	b, err := sc.find(block)
	if err != nil {
		return nil, err
	}
	return sc.whole(sc.ctx, b)
}

// whole runs a block that is not a round. A block that was left results in nothing.
func (sc *scope) whole(ctx context.Context, b *plannedBlock) (schema.Values, error) {
	out, err := sc.machine.block(ctx, sc.path+"/", b, sc.frame)
	if leaves(err) {
		return nil, nil
	}
	return out, err
}

// RunWith is Run; what own has is what the cards inside see of the card.
func (sc *scope) RunWith(block string, own schema.Values) (schema.Values, error) {
	sc.frame.put(sc.step.slot, own)
	return sc.Run(block)
}

// Try is Run with the failures of the flow apart from all other errors.
func (sc *scope) Try(block string) (schema.Values, *cards.Failure, error) {
	out, err := sc.Run(block)
	if err == nil {
		return out, nil, nil
	}
	if failure := failureOf(sc.ctx, sc.path, sc.step.id, err); failure != nil {
		return nil, failure, nil
	}
	return nil, nil, err
}

// Finally runs a block when the card is over; not when the segment is, nor when a trial goes no further.
func (sc *scope) Finally(block string, err error) error {
	r, returns := err.(*returned)
	if returns && r.until {
		return err
	}
	if err != nil && !returns && failureOf(sc.ctx, sc.path, sc.step.id, err) == nil {
		return err
	}
	if _, own := sc.Run(block); own != nil {
		return own
	}
	return err
}

// Together runs blocks at the same time. Their steps have slots of their own and do not
// see each other, so they may share the frame.
func (sc *scope) Together(blocks []string) ([]schema.Values, error) {
	found := make([]*plannedBlock, len(blocks))
	for i, name := range blocks {
		var err error
		if found[i], err = sc.find(name); err != nil {
			return nil, err
		}
	}
	all := make([]schema.Values, len(blocks))
	err := sc.machine.fx.Parallel(sc.ctx, len(blocks), len(blocks), func(ctx context.Context, i int) (err error) {
		all[i], err = sc.whole(ctx, found[i])
		return err
	})
	return all, err
}

// Leave ends the block.
func (sc *scope) Leave(told schema.Values) error { return &left{told} }
