package flows

import (
	"maps"
	"slices"
	"strconv"

	"flowdeck/cards/schema"
)

func (x *editor) set(e Edit) (Edit, string, error) {
	f, path, err := x.fields(e)
	if err != nil {
		return Edit{}, "", err
	}
	value, err := schema.Normal(e.Value)
	if err != nil {
		return Edit{}, "", refuse(e.Field, "%v", err)
	}
	inverse := f.undoOf(e, path)
	inverse.Block = f.unknown
	if _, there := valueAt(f.values, path); !there && e.Order == nil {
		f.note(path, "")
	}
	if err := f.put(path, value); err != nil {
		return Edit{}, "", err
	}
	f.commit(e, path)
	return inverse, "Set " + f.label(path), nil
}

// undoOf is the edit that takes a set back: the old value, or away with what was
// not there.
func (f *fields) undoOf(e Edit, path []string) Edit {
	back := Edit{Op: OpSet, Step: e.Step, Parent: e.Parent, Field: e.Field, Order: f.keep(e, path)}
	old, there := valueAt(f.values, path)
	if there {
		back.Value = old
		return back
	}
	back.Op = OpUnset
	for i := range path {
		if _, there := valueAt(f.values, path[:i+1]); there {
			continue
		}
		back.Field = FieldPath(path[:i+1]...)
		if i == 0 {
			break
		}
		above, _ := valueAt(f.values, path[:i])
		switch {
		case isListValue(above):
			back.Op = OpRemoveItem
		case empty(above): // gives way to an object or a list
			back.Op, back.Field, back.Value = OpSet, FieldPath(path[:i]...), above
		}
		break
	}
	return back
}

// empty reports whether a value is as good as none, so that something may be put below it.
func empty(v any) bool { return v == nil || v == "" }

func isListValue(v any) bool { _, ok := v.([]any); return ok }

// put sets the value at path in f.values, copying what it changes.
func (f *fields) put(path []string, value any) error {
	v, err := f.with(f.values, nil, path, value)
	if err != nil {
		return err
	}
	f.values = v.(map[string]any)
	return nil
}

func (f *fields) with(v any, above, path []string, value any) (any, error) {
	if len(path) == 0 {
		return value, nil
	}
	key, here := path[0], append(slices.Clone(above), path[0])
	if empty(v) {
		if f.field(above).Type == schema.List {
			v = []any{}
		} else {
			v = map[string]any(nil)
		}
	}
	switch v := v.(type) {
	case map[string]any:
		below, err := f.with(v[key], here, path[1:], value)
		if err != nil {
			return nil, err
		}
		m := make(map[string]any, len(v)+1)
		maps.Copy(m, v)
		m[key] = below
		return m, nil
	case []any:
		i, ok := item(key, len(v))
		if !ok {
			return nil, missing("item", FieldPath(here...))
		}
		l := slices.Clone(v)
		if i == len(l) {
			l = append(l, nil)
		}
		below, err := f.with(l[i], here, path[1:], value)
		if err != nil {
			return nil, err
		}
		l[i] = below
		return l, nil
	}
	return nil, refuse(FieldPath(above...), "is %s and has nothing below it", schema.Describe(v))
}

func (x *editor) unset(e Edit) (Edit, string, error) {
	f, path, err := x.fields(e)
	if err != nil {
		return Edit{}, "", err
	}
	label := "Clear " + f.label(path)
	old, there := valueAt(f.values, path)
	if !there {
		inverse := e
		inverse.Order = f.keep(e, path)
		f.commit(e, path)
		return inverse, label, nil
	}
	last := len(path) - 1
	above, _ := valueAt(f.values, path[:last])
	if isListValue(above) {
		return x.removeItem(e)
	}
	inverse := Edit{Op: OpSet, Step: e.Step, Parent: e.Parent, Field: e.Field, Value: old, Order: f.keep(e, path), Block: f.unknown}
	m := maps.Clone(above.(map[string]any))
	delete(m, path[last])
	if last == 0 {
		f.values = m
	} else if err := f.put(path[:last], m); err != nil {
		return Edit{}, "", err
	}
	f.commit(e, path)
	return inverse, label, nil
}

func (x *editor) renameKey(e Edit) (Edit, string, error) {
	f, path, err := x.fields(e)
	if err != nil {
		return Edit{}, "", err
	}
	last := len(path) - 1
	old, there := valueAt(f.values, path)
	above, _ := valueAt(f.values, path[:last])
	object, isObject := above.(map[string]any)
	switch {
	case !there || !isObject:
		return Edit{}, "", missing("field", e.Field)
	case e.Name == "":
		return Edit{}, "", refuse(e.Field, "needs a name")
	case e.Name == path[last]:
		return Edit{Op: OpRenameKey, Step: e.Step, Parent: e.Parent, Field: e.Field, Name: e.Name}, "Rename " + f.label(path), nil
	}
	if _, taken := object[e.Name]; taken {
		return Edit{}, "", refuse(e.Field, "there is a %s already", e.Name)
	}
	renamed := append(slices.Clone(path[:last]), e.Name)
	inverse := Edit{Op: OpRenameKey, Step: e.Step, Parent: e.Parent, Field: FieldPath(renamed...), Name: path[last], Order: f.keep(e, path)}
	if e.Order == nil {
		f.note(renamed, path[last])
	}
	m := maps.Clone(object)
	delete(m, path[last])
	m[e.Name] = old
	if last == 0 {
		f.values = m
	} else if err := f.put(path[:last], m); err != nil {
		return Edit{}, "", err
	}
	f.commit(e, path)
	return inverse, "Rename " + f.label(path), nil
}

func (x *editor) addItem(e Edit) (Edit, string, error) {
	f, path, err := x.fields(e)
	if err != nil {
		return Edit{}, "", err
	}
	value, err := schema.Normal(e.Value)
	if err != nil {
		return Edit{}, "", refuse(e.Field, "%v", err)
	}
	last := len(path) - 1
	if above, _ := valueAt(f.values, path[:last]); isListValue(above) { // before an item
		list := above.([]any)
		i, ok := item(path[last], len(list))
		if !ok {
			return Edit{}, "", missing("item", e.Field)
		}
		value = x.laned(f, path[:last], value)
		err = f.put(path[:last], slices.Insert(slices.Clone(list), i, value))
		f.commit(e, path)
		f.step.putLane(value, e.Block)
		return Edit{Op: OpRemoveItem, Step: e.Step, Parent: e.Parent, Field: e.Field}, "Add to " + f.label(path[:last]), err
	}
	v, there := valueAt(f.values, path)
	list, isList := v.([]any)
	if there && !empty(v) && !isList {
		return Edit{}, "", refuse(e.Field, "is %s, not a list", schema.Describe(v))
	}
	if value == nil {
		value = newItem(f.field(path))
	}
	value = x.laned(f, path, value)
	inverse := Edit{Op: OpRemoveItem, Step: e.Step, Parent: e.Parent, Field: FieldPath(append(slices.Clone(path), strconv.Itoa(len(list)))...)}
	if !isList {
		inverse = f.undoOf(e, path)
	}
	if err := f.put(path, append(slices.Clone(list), value)); err != nil {
		return Edit{}, "", err
	}
	f.commit(e, path)
	return inverse, "Add to " + f.label(path), nil
}

// newItem is an empty element of a list.
func newItem(f schema.Field) any {
	if len(f.Members.Fields) > 0 {
		return map[string]any(defaults(f.Members))
	}
	return ""
}

func (x *editor) removeItem(e Edit) (Edit, string, error) {
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
	inverse := Edit{Op: OpAddItem, Step: e.Step, Parent: e.Parent, Field: e.Field, Value: list[i]}
	if _, declares := x.laneAt(f, path[:last]); declares {
		inverse.Block = f.step.takeLane(list[i])
	}
	if err := f.put(path[:last], slices.Delete(slices.Clone(list), i, i+1)); err != nil {
		return Edit{}, "", err
	}
	f.commit(e, path)
	return inverse, "Remove from " + f.label(path[:last]), nil
}
