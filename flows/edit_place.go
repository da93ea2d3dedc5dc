package flows

import (
	"slices"
	"strings"

	"flowdeck/cards"
	"flowdeck/cards/schema"
	"flowdeck/flows/expr"
)

func (x *editor) insert(e Edit) (Edit, string, error) {
	card, ok := x.reg.Card(e.Card)
	switch {
	case !ok:
		return Edit{}, "", missing("card", e.Card)
	case card.Kind == cards.Event:
		return Edit{}, "", refuse("card", "%s begins a flow and cannot stand inside of one", card.Title)
	}
	s := Step{ID: NewStepID(x.doc, card), Card: card.Name, Title: e.Title, Inputs: defaults(card.Inputs)}
	given, err := schema.Normal(e.Value)
	if err != nil {
		return Edit{}, "", refuse("value", "%v", err)
	}
	if inputs, ok := given.(map[string]any); ok {
		for k, v := range inputs {
			s.Inputs[k] = v
		}
	}
	s.furnish(card)
	if len(s.Inputs) == 0 {
		s.Inputs = nil
	}
	if err := x.insertAt(e.Parent, e.Index, s); err != nil {
		return Edit{}, "", err
	}
	return Edit{Op: OpRemove, Step: s.ID}, "Add " + x.titleOf(&s), nil
}

func (x *editor) insertAt(parent string, index int, steps ...Step) error {
	chain, err := x.chain(parent)
	if err != nil {
		return err
	}
	if index < 0 || index > len(chain) {
		index = len(chain)
	}
	x.put(parent, slices.Insert(slices.Clone(chain), index, steps...))
	return nil
}

// defaults are the inputs of a new card: what its form shows at once, and one
// empty element in a list that has to have some. Folded fields count as their
// default without being stored.
func defaults(form schema.Form) schema.Values {
	v := schema.Values{}
	for _, f := range form.Fields {
		switch {
		case f.Default != "" && !f.Advanced && form.Applies(&f, v):
			v[f.Name] = defaultOf(f)
		case f.Type == schema.List && f.Required && len(f.Members.Fields) > 0:
			v[f.Name] = []any{map[string]any(defaults(f.Members))}
		}
	}
	return v
}

func defaultOf(f schema.Field) any {
	switch f.Type {
	case schema.Number:
		if n, ok := schema.ParseNumber(f.Default); ok {
			return n
		}
	case schema.Boolean:
		return f.Default == "true"
	}
	return f.Default
}

// take removes a step from its chain. Back has the place where it stood.
func (x *editor) take(id string) (s Step, back Edit, err error) {
	parent, index, err := x.place(id)
	if err != nil {
		return Step{}, Edit{}, err
	}
	chain, err := x.chain(parent)
	if err != nil {
		return Step{}, Edit{}, err
	}
	s = chain[index]
	back = Edit{Parent: parent, Index: index, Block: x.unknown(parent)}
	x.put(parent, slices.Delete(slices.Clone(chain), index, index+1))
	return s, back, nil
}

// unknown is not nil for a block that is there only because of what is in it: its card
// does not have it any more, and it is gone with the last of that.
func (x *editor) unknown(parent string) *Block {
	id, block := splitChain(parent)
	s, err := x.step(id)
	if parent == "" || err != nil {
		return nil
	}
	card, _ := x.reg.Card(s.Card)
	if slices.ContainsFunc(Lanes(s, card), func(l Lane) bool { return l.Name == block && l.Known }) {
		return nil
	}
	return &Block{}
}

// reopen makes such a block again for an inverse.
func (x *editor) reopen(e Edit) {
	id, block := splitChain(e.Parent)
	s, err := x.step(id)
	if e.Block == nil || block == "" || err != nil {
		return
	}
	if _, has := s.Blocks[block]; !has {
		if s.Blocks == nil {
			s.Blocks = map[string]Block{}
		}
		s.Blocks[block] = Block{}
	}
}

func (x *editor) remove(e Edit) (Edit, string, error) {
	s, back, err := x.take(e.Step)
	if err != nil {
		return Edit{}, "", err
	}
	back.Op, back.Value = OpRestore, s
	return back, "Delete " + x.titleOf(&s), nil
}

func (x *editor) restore(e Edit) (Edit, string, error) {
	s, err := stepOf(e.Value)
	if err != nil {
		return Edit{}, "", err
	}
	taken := x.ids()
	var clash string
	eachInChain([]Step{s}, func(in *Step) {
		if taken[in.ID] {
			clash = in.ID
		}
		taken[in.ID] = true
	})
	if clash != "" {
		return Edit{}, "", refuse("value", "there is a card with the id %s already", clash)
	}
	x.reopen(e)
	if err := x.insertAt(e.Parent, e.Index, s); err != nil {
		return Edit{}, "", err
	}
	return Edit{Op: OpRemove, Step: s.ID}, "Put " + x.titleOf(&s) + " back", nil
}

func (x *editor) ids() map[string]bool {
	taken := map[string]bool{}
	eachStep(&x.doc, func(s *Step) { taken[s.ID] = true })
	return taken
}

func (x *editor) move(e Edit) (Edit, string, error) {
	if into, _ := splitChain(e.Parent); e.Parent != "" {
		if x.inside(e.Step, into) {
			return Edit{}, "", refuse("parent", "a card cannot be moved into itself")
		}
	}
	x.reopen(e)
	if _, err := x.chain(e.Parent); err != nil {
		return Edit{}, "", err
	}
	s, back, err := x.take(e.Step)
	if err != nil {
		return Edit{}, "", err
	}
	if err := x.insertBack(e.Parent, e.Index, s); err != nil {
		return Edit{}, "", err
	}
	back.Op, back.Step = OpMove, s.ID
	return back, "Move " + x.titleOf(&s), nil
}

// insertBack is insertAt for a chain that was there before a step was taken away.
func (x *editor) insertBack(parent string, index int, s Step) error {
	if parent == "" {
		return x.insertAt(parent, index, s)
	}
	id, block := splitChain(parent)
	into, err := x.step(id)
	if err != nil {
		return err
	}
	chain := into.Blocks[block].Chain
	if index < 0 || index > len(chain) {
		index = len(chain)
	}
	x.put(parent, slices.Insert(slices.Clone(chain), index, s))
	return nil
}

// inside reports whether step id is outer or stands inside of it.
func (x *editor) inside(outer, id string) bool {
	s, err := x.step(outer)
	if err != nil {
		return false
	}
	found := false
	eachInChain([]Step{*s}, func(in *Step) { found = found || in.ID == id })
	return found
}

func (x *editor) duplicate(e Edit) (Edit, string, error) {
	parent, index, err := x.place(e.Step)
	if err != nil {
		return Edit{}, "", err
	}
	chain, _ := x.chain(parent)
	copies := cloneChain(chain[index : index+1])
	taken, names := x.ids(), map[string]string{}
	eachInChain(copies, func(s *Step) {
		names[s.ID] = newID(strings.TrimRight(s.ID, "0123456789_"), taken)
		s.ID = names[s.ID]
	})
	eachInChain(copies, func(s *Step) { x.follow(s, names) })
	if err := x.insertAt(parent, index+1, copies[0]); err != nil {
		return Edit{}, "", err
	}
	return Edit{Op: OpRemove, Step: copies[0].ID}, "Duplicate " + x.titleOf(&copies[0]), nil
}

// follow makes the references of a step point at the new names.
func (x *editor) follow(s *Step, names map[string]string) {
	if s.Inputs != nil {
		card, _ := x.reg.Card(s.Card)
		inputs := followIn(map[string]any(s.Inputs), names).(map[string]any)
		for _, f := range card.Inputs.Fields {
			if text, ok := s.Inputs[f.Name].(string); ok && f.Format == schema.Inline {
				inputs[f.Name] = expr.RenameInline(text, f.Vars, names)
			}
		}
		s.Inputs = inputs
	}
	for _, name := range sortedKeys(s.Blocks) {
		b := s.Blocks[name]
		if b.Result != nil {
			b.Result = followIn(map[string]any(b.Result), names).(map[string]any)
			s.Blocks[name] = b
		}
	}
}

func followIn(v any, names map[string]string) any {
	switch v := v.(type) {
	case string:
		return expr.Rename(v, names)
	case map[string]any:
		m := make(map[string]any, len(v))
		for k, x := range v {
			m[k] = followIn(x, names)
		}
		return m
	case []any:
		l := make([]any, len(v))
		for i, x := range v {
			l[i] = followIn(x, names)
		}
		return l
	}
	return v
}
