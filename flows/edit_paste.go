package flows

import (
	"slices"
	"strings"

	"flowdeck/cards"
	"flowdeck/flows/expr"
)

// paste puts the steps of Value at a place, with ids of their own. References among
// them follow; those to what they left behind stay as they are.
func (x *editor) paste(e Edit) (Edit, string, error) {
	steps, err := stepsOf(e.Value)
	if err != nil {
		return Edit{}, "", err
	}
	if len(steps) == 0 {
		return Edit{}, "", refuse("value", "there are no cards to paste")
	}
	if _, err := x.chain(e.Parent); err != nil {
		return Edit{}, "", err
	}
	steps = cloneChain(steps)
	if err := x.pastable(steps); err != nil {
		return Edit{}, "", err
	}
	x.renamed(steps)
	var list []Edit
	for i, s := range steps {
		at := e.Index
		if at >= 0 {
			at += i
		}
		list = append(list, Edit{Op: OpRestore, Parent: e.Parent, Index: at, Value: s})
	}
	back, _, err := x.each(list, "")
	if err != nil {
		return Edit{}, "", err
	}
	ids := make([]string, len(steps))
	for i, s := range steps {
		ids[i] = s.ID
	}
	return back, "Paste " + x.several(ids), nil
}

// pastable refuses what could never stand in a chain.
func (x *editor) pastable(steps []Step) (err error) {
	n := 0
	eachInChain(steps, func(s *Step) {
		n++
		if card, ok := x.reg.Card(s.Card); ok && card.Kind == cards.Event && err == nil {
			err = refuse("", "%s begins a flow and cannot stand inside of one; paste without it", card.Title)
		}
	})
	if n > maxSteps {
		return refuse("", "a flow may have %d cards, these are %d", maxSteps, n)
	}
	return err
}

// renamed gives steps ids that are free in the document: their own where they can keep
// them. None becomes what another one means by a reference to a card left behind.
func (x *editor) renamed(steps []Step) {
	taken, own := x.ids(), map[string]bool{}
	eachInChain(steps, func(s *Step) { own[s.ID] = true })
	eachInChain(steps, func(s *Step) {
		for _, id := range x.mentions(s) {
			if !own[id] {
				taken[id] = true
			}
		}
	})
	names := map[string]string{}
	eachInChain(steps, func(s *Step) {
		id := s.ID
		if taken[id] || !validID(id) {
			id = newID(strings.TrimRight(id, "0123456789_"), taken)
		}
		taken[id] = true
		if _, twice := names[s.ID]; !twice {
			names[s.ID] = id
		}
		s.ID = id
	})
	eachInChain(steps, func(s *Step) { x.follow(s, names) })
}

// mentions are the ids that the templates of a step refer to.
func (x *editor) mentions(s *Step) []string {
	var list []string
	look := func(v any) {
		eachText(v, func(text string) {
			for _, seg := range expr.Segments(text) {
				for _, r := range seg.Refs {
					list = append(list, r.Step)
				}
			}
		})
	}
	look(map[string]any(s.Inputs))
	for _, b := range s.Blocks {
		look(map[string]any(b.Result))
	}
	card, _ := x.reg.Card(s.Card)
	for _, f := range card.Inputs.Fields {
		for _, r := range InlineMentions(f, s.Inputs[f.Name]) {
			list = append(list, r.Step)
		}
	}
	return slices.Compact(slices.Sorted(slices.Values(list)))
}

func eachText(v any, f func(string)) {
	switch v := v.(type) {
	case string:
		f(v)
	case map[string]any:
		for _, in := range v {
			eachText(in, f)
		}
	case []any:
		for _, in := range v {
			eachText(in, f)
		}
	}
}

// stepList reads steps as the value of an edit.
type stepList []Step

func (l *stepList) read(r *reader, v any) { *l = r.chain(v) }

func stepsOf(v any) ([]Step, error) {
	if list, ok := v.([]Step); ok {
		return list, nil
	}
	var l stepList
	return l, readValue(v, &l)
}
