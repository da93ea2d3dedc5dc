package flows

import "slices"

// Keys returns the names in an input that is an object, in the order in which
// the author added them; names whose place is not known come last, sorted.
func (s Step) Keys(input string) []string {
	object, _ := s.Inputs[input].(map[string]any)
	return keysInOrder(object, s.Order[input])
}

// Keys returns the names in the block's result, in the order in which the author added them.
func (b Block) Keys() []string { return keysInOrder(b.Result, b.Order) }

func keysInOrder(object map[string]any, order []string) []string {
	if len(object) == 0 {
		return nil
	}
	names := make([]string, 0, len(object))
	for _, name := range order {
		if _, ok := object[name]; ok && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	placed := len(names)
	for name := range object {
		if !slices.Contains(names[:placed], name) {
			names = append(names, name)
		}
	}
	slices.Sort(names[placed:])
	return names
}
