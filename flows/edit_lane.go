package flows

import (
	"slices"
	"strconv"

	"flowdeck/cards"
)

// laneAt returns the block that the items of the list at path declare, if they do.
func (x *editor) laneAt(f *fields, path []string) (cards.BlockSpec, bool) {
	if f.block != "" || len(path) != 1 {
		return cards.BlockSpec{}, false
	}
	card, _ := x.reg.Card(f.step.Card)
	return laneOf(card, path[0])
}

// laned gives an item that declares a block its key.
func (x *editor) laned(f *fields, path []string, item any) any {
	if spec, declares := x.laneAt(f, path); declares {
		return newLane(f.step, spec, item)
	}
	return item
}

// takeLane removes the block that an item declares, and returns it.
func (s *Step) takeLane(item any) *Block {
	object, _ := item.(map[string]any)
	key, _ := object["key"].(string)
	b, has := s.Blocks[key]
	if !has {
		return nil
	}
	if delete(s.Blocks, key); len(s.Blocks) == 0 {
		s.Blocks = nil
	}
	return &b
}

// putLane puts back what takeLane took.
func (s *Step) putLane(item any, b *Block) {
	object, _ := item.(map[string]any)
	if key, _ := object["key"].(string); b != nil && key != "" {
		s.putBlock(key, Block{Chain: cloneChain(b.Chain), Result: b.Result, Order: b.Order})
	}
}

// moveItem gives an item of a list another place in it.
func (x *editor) moveItem(e Edit) (Edit, string, error) {
	f, path, err := x.fields(e)
	if err != nil {
		return Edit{}, "", err
	}
	last := len(path) - 1
	above, _ := valueAt(f.values, path[:last])
	list, _ := above.([]any)
	i, ok := item(path[last], len(list))
	if !ok || i == len(list) {
		return Edit{}, "", missing("item", e.Field)
	}
	to := min(max(e.Index, 0), len(list)-1)
	moved := slices.Insert(slices.Delete(slices.Clone(list), i, i+1), to, list[i])
	if err := f.put(path[:last], moved); err != nil {
		return Edit{}, "", err
	}
	f.commit(e, path)
	back := FieldPath(append(slices.Clone(path[:last]), strconv.Itoa(to))...)
	return Edit{Op: OpMoveItem, Step: e.Step, Parent: e.Parent, Field: back, Index: i}, "Move in " + f.label(path[:last]), nil
}
