package flows

import (
	"fmt"

	"flowdeck/cards"
)

// Source is a step whose outputs another step may use.
type Source struct {
	Step   string
	Maybe  bool   // it may not have run: its outputs may be empty
	Inside string // the block of Step from which it is seen: what it offers there counts
}

// spot is a place in a document from which outputs are looked at: before the
// step that has its order, inside of a block of parent (or of none).
type spot struct {
	parent *placed
	block  string
	order  int
	self   *placed // the step that stands there, if any
}

func (p *placed) spot() spot {
	return spot{parent: p.parent, block: p.Block, order: p.order, self: p}
}

// end is the place after the last step of a block, where its result is made.
func (p *placed) end(b placedBlock) spot {
	order := p.order + 1
	for _, x := range p.blocks {
		if len(x.chain) > 0 {
			order = x.chain[len(x.chain)-1].last + 1
		}
		if x.name == b.name {
			break
		}
	}
	return spot{parent: p, block: b.name, order: order}
}

// Why a step's outputs cannot be used, in words; "" when they can. maybe is
// set when the step may not have run by then.
func (at spot) sees(p *placed) (why string, maybe bool) {
	if p == at.self {
		return "they are the card's own", false
	}
	if block, inside := at.blockOf(p); inside {
		if len(p.inside(block)) == 0 {
			return fmt.Sprintf("they are there after %s, not inside of it", p.name()), false
		}
		return "", false
	}
	// Walk up from p; where it meets the way up from here, both must be in the same block.
	for q := p; q.parent != nil; q = q.parent {
		block, inside := at.blockOf(q.parent)
		switch {
		case !inside && q.parent.spec(q.Block).Loop:
			return fmt.Sprintf("%s runs in rounds of %s and has a value in each; what is needed after it belongs into the outputs of the round", p.name(), q.parent.name()), false
		case !inside:
			maybe = maybe || !q.parent.spec(q.Block).All
		case block != q.Block && q.parent.spec(block).After && p.order < at.order:
			maybe = true
		case block != q.Block:
			return fmt.Sprintf("%s is in the other branch of %s, %s", p.name(), q.parent.name(), q.parent.blockTitle(q.Block)), false
		}
	}
	switch {
	case p.order >= at.order:
		return p.name() + " comes later", false
	case p.Off:
		return p.name() + " is switched off", false
	}
	return "", maybe
}

// past is the loop in a round of which p ran, when this spot is in another block of it; else nil.
func (at spot) past(p *placed) *placed {
	for q := p; q.parent != nil; q = q.parent {
		if block, inside := at.blockOf(q.parent); inside && block != q.Block && q.parent.spec(q.Block).Loop {
			return q.parent
		}
	}
	return nil
}

// spec is what the card says of one of its blocks.
func (p *placed) spec(block string) cards.BlockSpec {
	for _, b := range p.blocks {
		if b.name == block {
			return b.spec
		}
	}
	return cards.BlockSpec{}
}

// late is the place from which the inputs are looked at that are evaluated while the
// card runs: inside of its first block.
func (p *placed) late() spot {
	at := spot{parent: p, order: p.order + 1}
	if len(p.blocks) > 0 {
		at.block = p.blocks[0].name
	}
	return at
}

// blockOf returns in which block of p this spot is.
func (at spot) blockOf(p *placed) (block string, inside bool) {
	block = at.block
	for b := at.parent; b != nil; b = b.parent {
		if b == p {
			return block, true
		}
		block = b.Block
	}
	return "", false
}

func (o *outline) visible(at spot) []Source {
	before := min(at.order, len(o.steps))
	if before <= 0 {
		return nil
	}
	list := make([]Source, 0, before) // most of them can be seen
	for i := before - 1; i >= 0; i-- {
		if s, ok := o.source(at, o.steps[i]); ok {
			list = append(list, s)
		}
	}
	return list
}

// source is p as it is seen from a place.
func (o *outline) source(at spot, p *placed) (s Source, ok bool) {
	why, maybe := at.sees(p)
	if why != "" || o.byID[p.ID] != p {
		return s, false
	}
	block, _ := at.blockOf(p)
	return Source{Step: p.ID, Maybe: maybe, Inside: block}, true
}

// Visible returns the steps whose outputs stepID may use, nearest first.
func Visible(doc Document, stepID string, reg *cards.Registry) []Source {
	o := newOutline(&doc, reg)
	p, ok := o.byID[stepID]
	if !ok {
		return nil
	}
	return o.visible(p.spot())
}

// VisibleAt is Visible for a place where no step is yet: parent and index as in
// an Edit. At the end of a block it is also what the block's result may use.
func VisibleAt(doc Document, parent string, index int, reg *cards.Registry) []Source {
	o := newOutline(&doc, reg)
	if parent == "" {
		if index < len(o.chain) && index >= 0 {
			at := o.chain[index].spot()
			at.self = nil
			return o.visible(at)
		}
		return o.visible(spot{order: len(o.steps)})
	}
	id, block := splitChain(parent)
	p, ok := o.byID[id]
	if !ok {
		return nil
	}
	for _, b := range p.blocks {
		if b.name != block {
			continue
		}
		if index < len(b.chain) && index >= 0 {
			at := b.chain[index].spot()
			at.self = nil
			return o.visible(at)
		}
		return o.visible(p.end(b))
	}
	return nil
}
