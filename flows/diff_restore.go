package flows

import "slices"

// Restore returns d with one step as from has it: its settings and its place, or
// gone when from does not have it. What stands inside of a step that both have
// stays as it is in d. It wraps ErrNotFound when neither has the step.
func (d Document) Restore(from Document, id string) (Document, error) {
	was, is := spotsOf(from, nil), spotsOf(d, nil)
	old, had := was.steps[id]
	now, has := is.steps[id]
	x := &editor{doc: d.clone()}
	switch {
	case id == "" || !had && !has:
		return d, missing("step", id)
	case had && old.chain == triggerChain || has && now.chain == triggerChain:
		x.doc.Trigger = from.Trigger.clone()
		return x.doc, nil
	case !had:
		parent, i, err := x.place(id)
		if err != nil {
			return d, err
		}
		chain, _ := x.bareChain(parent)
		x.put(parent, slices.Delete(slices.Clone(chain), i, i+1))
		return x.doc, nil
	case !has:
		x.putBack(was, old.step.without(is), old.chain)
		return x.doc, nil
	}
	step, err := x.step(id)
	if err != nil {
		return d, err
	}
	restored := old.step.with(step.Blocks)
	*step = restored
	between := comparison{was: was, is: spotsOf(x.doc, nil)}
	if between.settle(); between.moved[id] && !inside(is, old.chain, id) {
		parent, i, _ := x.place(id)
		chain, _ := x.bareChain(parent)
		x.put(parent, slices.Delete(slices.Clone(chain), i, i+1))
		x.putBack(was, restored, old.chain)
	}
	return x.doc, nil
}

// inside reports whether a chain is in a step, at any depth.
func inside(in spots, chain, step string) bool {
	for chain != "" && chain != triggerChain {
		owner, _ := splitChain(chain)
		if owner == step {
			return true
		}
		chain = in.steps[owner].chain
	}
	return false
}

// putBack inserts a step after the nearest of those that stood before it; at the
// end of the flow when the chain it stood in is gone.
func (x *editor) putBack(was spots, s Step, name string) {
	if owner, _ := splitChain(name); name != "" {
		if _, err := x.step(owner); err != nil {
			x.doc.Chain = append(x.doc.Chain, s)
			return
		}
	}
	chain, ok := x.bareChain(name)
	before := was.chains[name]
	before = before[:max(slices.Index(before, s.ID), 0)]
	at := 0
	for i := len(before) - 1; i >= 0 && at == 0; i-- {
		at = slices.IndexFunc(chain, func(c Step) bool { return c.ID == before[i] }) + 1
	}
	if ok {
		x.put(name, slices.Insert(slices.Clone(chain), at, s))
	}
}

// bareChain is chain for those who know that the step is there, whatever its card.
func (x *editor) bareChain(name string) ([]Step, bool) {
	if name == "" {
		return x.doc.Chain, true
	}
	id, block := splitChain(name)
	s, err := x.step(id)
	if err != nil {
		return nil, false
	}
	return s.Blocks[block].Chain, true
}

// with is the step with the chains of blocks and the results of its own.
func (s Step) with(blocks map[string]Block) Step {
	s = s.clone()
	own := s.Blocks
	s.Blocks = nil
	for name := range union(own, blocks) {
		b := own[name]
		b.Chain = blocks[name].Chain
		s.putBlock(name, b)
	}
	return s
}

// without is the step without those steps inside of it that stand elsewhere now.
func (s Step) without(now spots) Step {
	s = s.clone()
	for name, b := range s.Blocks {
		var kept []Step
		for _, inner := range b.Chain {
			if _, there := now.steps[inner.ID]; !there {
				kept = append(kept, inner.without(now))
			}
		}
		b.Chain = kept
		s.putBlock(name, b)
	}
	return s
}
