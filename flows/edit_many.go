package flows

import (
	"slices"
	"strconv"
)

// Edits of several cards at once are one edit, and are undone as one.

// all makes several edits one after the other.
func (x *editor) all(e Edit) (Edit, string, error) {
	return x.each(e.Edits, "Change several cards")
}

// each makes edits in turn; what undoes them undoes the last one first.
func (x *editor) each(list []Edit, label string) (Edit, string, error) {
	back := Edit{Op: OpAll}
	for _, e := range list {
		apply, ok := x.edits[e.Op]
		if !ok {
			return Edit{}, "", refuse("edits", "there is no edit %q of several cards", e.Op)
		}
		inverse, _, err := apply(x, e)
		if err != nil {
			return Edit{}, "", err
		}
		back.Edits = append(back.Edits, inverse)
	}
	slices.Reverse(back.Edits)
	return back, label, nil
}

// chosen are the steps that an edit of several means, in the order of the document;
// what stands inside of another chosen one goes with it.
func (x *editor) chosen(ids []string) ([]string, error) {
	if len(ids) == 0 {
		return nil, refuse("steps", "is required: the cards that are meant")
	}
	wanted := map[string]bool{}
	for _, id := range ids {
		if _, err := x.step(id); err != nil {
			return nil, err
		}
		if id == x.doc.Trigger.ID {
			return nil, refuse("steps", "the card that begins the flow stays where it is; leave it out")
		}
		wanted[id] = true
	}
	var list []string
	var look func(chain []Step)
	look = func(chain []Step) {
		for i := range chain {
			if wanted[chain[i].ID] {
				list = append(list, chain[i].ID)
				continue
			}
			for _, name := range sortedKeys(chain[i].Blocks) {
				look(chain[i].Blocks[name].Chain)
			}
		}
	}
	look(x.doc.Chain)
	return list, nil
}

// several names some cards in a label: the one, or how many.
func (x *editor) several(ids []string) string {
	if len(ids) == 1 {
		if s, err := x.step(ids[0]); err == nil {
			return x.titleOf(s)
		}
	}
	return strconv.Itoa(len(ids)) + " cards"
}

func (x *editor) removeAll(e Edit) (Edit, string, error) {
	ids, err := x.chosen(e.Steps)
	if err != nil {
		return Edit{}, "", err
	}
	var list []Edit
	for _, id := range ids {
		list = append(list, Edit{Op: OpRemove, Step: id})
	}
	return x.each(list, "Delete "+x.several(ids))
}

// moveAll puts cards one after the other at a place, counted without them.
func (x *editor) moveAll(e Edit) (Edit, string, error) {
	ids, err := x.chosen(e.Steps)
	if err != nil {
		return Edit{}, "", err
	}
	if _, err := x.chain(e.Parent); err != nil {
		return Edit{}, "", err
	}
	label := "Move " + x.several(ids)
	before := x.without(e.Parent, e.Index, ids)
	back := Edit{Op: OpAll}
	for _, id := range ids {
		chain, err := x.chain(e.Parent)
		if err != nil {
			return Edit{}, "", err
		}
		chain = slices.DeleteFunc(slices.Clone(chain), func(s Step) bool { return s.ID == id })
		to := slices.IndexFunc(chain, func(s Step) bool { return s.ID == before }) // -1: the end
		inverse, _, err := x.move(Edit{Op: OpMove, Step: id, Parent: e.Parent, Index: to})
		if err != nil {
			return Edit{}, "", err
		}
		back.Edits = append(back.Edits, inverse)
	}
	slices.Reverse(back.Edits)
	return back, label, nil
}

// without is the step that is at an index of a chain when some are not counted; "" at its end.
func (x *editor) without(parent string, index int, ids []string) string {
	chain, _ := x.chain(parent)
	for _, s := range chain {
		if slices.Contains(ids, s.ID) {
			continue
		}
		if index == 0 {
			return s.ID
		}
		index--
	}
	return ""
}

// duplicateAll puts copies after the last of the cards, referring to one another as they do.
func (x *editor) duplicateAll(e Edit) (Edit, string, error) {
	ids, err := x.chosen(e.Steps)
	if err != nil {
		return Edit{}, "", err
	}
	parent, index, err := x.place(ids[len(ids)-1])
	if err != nil {
		return Edit{}, "", err
	}
	copies := make([]Step, len(ids))
	for i, id := range ids {
		s, err := x.step(id)
		if err != nil {
			return Edit{}, "", err
		}
		copies[i] = s.clone()
	}
	back, _, err := x.paste(Edit{Parent: parent, Index: index + 1, Value: copies})
	return back, "Duplicate " + x.several(ids), err
}

// side finds cards that stand side by side: the first, and how many.
func (x *editor) side(ids []string) (first string, n int, err error) {
	if ids, err = x.chosen(ids); err != nil {
		return "", 0, err
	}
	parent, index, err := x.place(ids[0])
	if err != nil {
		return "", 0, err
	}
	for i, id := range ids {
		p, at, err := x.place(id)
		if err != nil {
			return "", 0, err
		}
		if p != parent || at != index+i {
			return "", 0, refuse("", "only cards that stand side by side can be put into another one; choose a range without gaps")
		}
	}
	return ids[0], len(ids), nil
}

func (x *editor) severalOf(steps []Step) string {
	ids := make([]string, len(steps))
	for i := range steps {
		ids[i] = steps[i].ID
	}
	return x.several(ids)
}
