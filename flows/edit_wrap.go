package flows

import "slices"

// wrap puts steps into a block of a new card.
func (x *editor) wrap(e Edit) (Edit, string, error) {
	if len(e.Steps) > 0 {
		var err error
		if e.Step, e.Index, err = x.side(e.Steps); err != nil {
			return Edit{}, "", err
		}
	}
	parent, index, err := x.place(e.Step)
	if err != nil {
		return Edit{}, "", err
	}
	chain, _ := x.chain(parent)
	n := max(e.Index, 1)
	if index+n > len(chain) {
		return Edit{}, "", refuse("index", "there are only %d cards from here on", len(chain)-index)
	}
	wrapper, block, err := x.wrapper(e)
	if err != nil {
		return Edit{}, "", err
	}
	b := wrapper.Blocks[block]
	b.Chain = slices.Clone(chain[index : index+n])
	wrapper.putBlock(block, b)
	x.put(parent, slices.Replace(slices.Clone(chain), index, index+n, wrapper))
	return Edit{Op: OpUnwrap, Step: wrapper.ID, Field: block}, "Put " + x.severalOf(wrapper.Blocks[block].Chain) + " into " + x.titleOf(&wrapper), nil
}

// wrapper is the card around: a new one, or the one that unwrap took away.
func (x *editor) wrapper(e Edit) (Step, string, error) {
	if e.Value != nil {
		s, err := stepOf(e.Value)
		if err == nil && x.ids()[s.ID] {
			err = refuse("value", "there is a card with the id %s already", s.ID)
		}
		return s.clone(), e.Field, err
	}
	card, ok := x.reg.Card(e.Card)
	switch {
	case !ok:
		return Step{}, "", missing("card", e.Card)
	case len(card.Blocks) == 0:
		return Step{}, "", refuse("card", "%s has no place for other cards", card.Title)
	}
	s := Step{ID: NewStepID(x.doc, card), Card: card.Name, Title: e.Title, Inputs: defaults(card.Inputs)}
	s.furnish(card)
	if len(s.Inputs) == 0 {
		s.Inputs = nil
	}
	lanes := Lanes(&s, card)
	block := e.Field
	if block == "" {
		block = lanes[0].Name
	}
	for _, l := range lanes {
		if l.Name == block {
			return s, block, nil
		}
	}
	return Step{}, "", missing("block", card.Name+"/"+block)
}

// unwrap puts the steps of a block where the card around them was.
func (x *editor) unwrap(e Edit) (Edit, string, error) {
	parent, index, err := x.place(e.Step)
	if err != nil {
		return Edit{}, "", err
	}
	chain, _ := x.chain(parent)
	wrapper := chain[index].clone()
	if e.Field == "" {
		for _, name := range sortedKeys(wrapper.Blocks) {
			if len(wrapper.Blocks[name].Chain) > 0 {
				e.Field = name
			}
		}
	}
	for name, b := range wrapper.Blocks {
		if name != e.Field && len(b.Chain) > 0 {
			return Edit{}, "", refuse("field", "the cards in %s would be lost; move them out or delete them first", name)
		}
	}
	b := wrapper.Blocks[e.Field]
	inner := b.Chain
	if len(inner) == 0 {
		return Edit{}, "", refuse("field", "there are no cards inside of %s; delete it instead", x.titleOf(&wrapper))
	}
	b.Chain = nil
	wrapper.putBlock(e.Field, b)
	if len(wrapper.Blocks) == 0 {
		wrapper.Blocks = nil
	}
	x.put(parent, slices.Replace(slices.Clone(chain), index, index+1, inner...))
	return Edit{Op: OpWrap, Step: inner[0].ID, Index: len(inner), Field: e.Field, Value: wrapper},
		"Take the cards out of " + x.titleOf(&wrapper), nil
}
