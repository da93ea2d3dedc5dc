package flows

import (
	"encoding/json"
	"strconv"

	"flowdeck/cards/schema"
)

// bare is a document without its steps.
func bare(d Document) any {
	d.Trigger, d.Chain = Step{}, nil
	m, _ := plain(d).(map[string]any)
	delete(m, "trigger")
	delete(m, "chain")
	return m
}

// stepDifferences compares two states of a step, without the steps inside of it.
func stepDifferences(a, b *Step) []FieldDiff {
	list := differences(written(a), written(b))
	return append(list, orderDifferences(a, b, list)...)
}

// written is a step as it is stored, so that whatever a step may hold is
// compared; without what stands for itself: the steps inside, and orders.
func written(s *Step) any {
	own := *s
	own.Blocks, own.Outputs, own.Order = nil, nil, nil
	m, _ := plain(own).(map[string]any)
	delete(m, "id")
	outputs := map[string]any{}
	for _, o := range s.Outputs {
		outputs[o.Path] = string(o.Type)
	}
	blocks := map[string]any{}
	for name, b := range s.Blocks {
		if len(b.Result) > 0 {
			blocks[name] = map[string]any(b.Result)
		}
	}
	if len(outputs) > 0 {
		m["outputs"] = outputs
	}
	if len(blocks) > 0 {
		m["blocks"] = blocks
	}
	return m
}

// plain is v as JSON has it.
func plain(v any) any {
	data, err := json.Marshal(v)
	if err != nil {
		return nil // documents are JSON: see Normal
	}
	read, _ := schema.DecodeJSON(data)
	return read
}

// orderDifferences lists what has the same keys and values in another order.
func orderDifferences(a, b *Step, found []FieldDiff) (list []FieldDiff) {
	touched := map[string]bool{}
	for _, f := range found {
		names := SplitField(f.Path)
		touched[FieldPath(names[:min(2, len(names))]...)] = true
	}
	add := func(path string, was, is []string) {
		if !touched[path] && !same(was, is) {
			list = append(list, FieldDiff{Path: path, Before: words(was), After: words(is), Was: true, Is: true})
		}
	}
	for _, name := range sortedKeys(union(a.Inputs, b.Inputs)) {
		add(FieldPath("inputs", name), a.Keys(name), b.Keys(name))
	}
	for _, name := range sortedKeys(union(a.Blocks, b.Blocks)) {
		add(FieldPath("blocks", name), a.Blocks[name].Keys(), b.Blocks[name].Keys())
	}
	was, is := outputPaths(a.Outputs), outputPaths(b.Outputs)
	if len(was) == len(is) {
		add("outputs", was, is)
	}
	return list
}

func outputPaths(list []Output) (paths []string) {
	for _, o := range list {
		paths = append(paths, o.Path)
	}
	return paths
}

func same(a, b []string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

func words(list []string) []any {
	var v []any
	for _, s := range list {
		v = append(v, s)
	}
	return v
}

func union[V any](a, b map[string]V) map[string]V {
	all := make(map[string]V, len(a)+len(b))
	for k, v := range a {
		all[k] = v
	}
	for k, v := range b {
		all[k] = v
	}
	return all
}

func differences(a, b any) []FieldDiff {
	var list []FieldDiff
	collectDifferences(&list, FieldDiff{Before: a, After: b, Was: true, Is: true}, nil)
	return list
}

// collectDifferences goes into objects, and into lists of objects item by item.
func collectDifferences(list *[]FieldDiff, d FieldDiff, path []string) {
	below := func(key string, in FieldDiff) { collectDifferences(list, in, append(path[:len(path):len(path)], key)) }
	if x, y, ok := bothObjects(d, len(path)); ok {
		for _, k := range sortedKeys(union(x, y)) {
			in := FieldDiff{}
			in.Before, in.Was = x[k], has(x, k)
			in.After, in.Is = y[k], has(y, k)
			below(k, in)
		}
		return
	}
	x, isX := d.Before.([]any)
	y, isY := d.After.([]any)
	if isX && isY && ofObjects(x) && ofObjects(y) {
		for i := range max(len(x), len(y)) {
			in := FieldDiff{}
			in.Before, in.Was = at(x, i)
			in.After, in.Is = at(y, i)
			below(strconv.Itoa(i), in)
		}
		return
	}
	if d.Was != d.Is || !identical(d.Before, d.After) {
		d.Path = FieldPath(path...)
		*list = append(*list, d)
	}
}

// bothObjects reads two objects; near the top, where every key has a name of its
// own, an object and nothing is compared key by key too.
func bothObjects(d FieldDiff, depth int) (x, y map[string]any, ok bool) {
	x, isX := d.Before.(map[string]any)
	y, isY := d.After.(map[string]any)
	if isX && isY {
		return x, y, true
	}
	return x, y, depth <= 2 && (isX && !d.Is && len(x) > 0 || isY && !d.Was && len(y) > 0)
}

func has(m map[string]any, k string) bool {
	_, ok := m[k]
	return ok
}

func ofObjects(list []any) bool {
	for _, v := range list {
		if _, ok := v.(map[string]any); !ok {
			return false
		}
	}
	return len(list) > 0
}

func at(list []any, i int) (any, bool) {
	if i < len(list) {
		return list[i], true
	}
	return nil, false
}

// identical is equality as stored: 1 and 1.0 are not the same digits.
func identical(a, b any) bool {
	x, errX := schema.EncodeJSON(a)
	y, errY := schema.EncodeJSON(b)
	return errX == nil && errY == nil && string(x) == string(y)
}

// FieldsOf lists all that a step holds, as Compare does of what it has not seen before.
func FieldsOf(s Step) []FieldDiff {
	return stepDifferences(&Step{ID: s.ID, Card: s.Card}, &s)
}
