package flows

import (
	"maps"
	"slices"
	"strconv"

	"flowdeck/cards/schema"
)

// fields is what a field edit changes: the inputs of a step, or the result of a block.
type fields struct {
	step   *Step
	block  string // "" for the inputs
	values map[string]any
	form   schema.Form
	title  string
	// unknown is for an inverse: see editor.unknown.
	unknown *Block
}

func (x *editor) fields(e Edit) (*fields, []string, error) {
	path := SplitField(e.Field)
	if len(path) == 0 {
		return nil, nil, refuse("field", "is required")
	}
	if e.Parent != "" {
		x.reopen(e)
		s, block, err := x.block(e.Parent)
		if err != nil {
			return nil, nil, err
		}
		return &fields{step: s, block: block, unknown: x.unknown(e.Parent), values: maps.Clone(s.Blocks[block].Result), form: schema.Form{Open: true}, title: x.titleOf(s)}, path, nil
	}
	s, err := x.step(e.Step)
	if err != nil {
		return nil, nil, err
	}
	card, _ := x.reg.Card(s.Card)
	return &fields{step: s, values: maps.Clone(s.Inputs), form: card.Inputs, title: x.titleOf(s)}, path, nil
}

// commit writes the values back, with the order of keys an inverse asks for.
func (f *fields) commit(e Edit, path []string) {
	if len(f.values) == 0 {
		f.values = nil
	}
	if f.block == "" {
		f.step.Inputs = f.values
	}
	if e.Order != nil {
		f.setOrder(path, *e.Order)
	}
	if f.block != "" {
		b := f.step.Blocks[f.block]
		b.Result = f.values
		f.step.putBlock(f.block, b)
		if len(f.step.Blocks) == 0 {
			f.step.Blocks = nil
		}
	}
}

// ordered reports whether the last key of path is one whose place is remembered,
// and below which path its siblings are.
func (f *fields) ordered(path []string) (above []string, ok bool) {
	if f.block != "" {
		return nil, len(path) == 1
	}
	if len(path) != 2 {
		return nil, false
	}
	v := f.values[path[0]]
	_, isObject := v.(map[string]any)
	return path[:1], isObject || empty(v) && f.field(path[:1]).Type != schema.List
}

func (f *fields) order(path []string) []string {
	if f.block != "" {
		return f.step.Blocks[f.block].Order
	}
	return f.step.Order[path[0]]
}

func (f *fields) setOrder(path []string, order []string) {
	if len(order) == 0 {
		order = nil
	}
	if f.block != "" {
		b := f.step.Blocks[f.block]
		b.Order = order
		if f.step.Blocks == nil {
			f.step.Blocks = map[string]Block{}
		}
		f.step.Blocks[f.block] = b
		return
	}
	if order == nil {
		if delete(f.step.Order, path[0]); len(f.step.Order) == 0 {
			f.step.Order = nil
		}
		return
	}
	if f.step.Order == nil {
		f.step.Order = map[string][]string{}
	}
	f.step.Order[path[0]] = order
}

// keep is the order as it is now, for an inverse to put back.
func (f *fields) keep(e Edit, path []string) *[]string {
	if _, ok := f.ordered(path); !ok && e.Order == nil {
		return nil
	}
	old := append([]string{}, f.order(path)...)
	return &old
}

// note remembers that a key was added last, or that it took the place of another.
func (f *fields) note(path []string, instead string) {
	above, ok := f.ordered(path)
	if !ok {
		return
	}
	v, _ := valueAt(f.values, above)
	object, _ := v.(map[string]any)
	name := path[len(path)-1]
	names := keysInOrder(object, f.order(path))
	if i := slices.Index(names, instead); instead != "" && i >= 0 {
		names[i] = name
	} else if !slices.Contains(f.order(path), name) {
		names = append(names, name)
	} else {
		return
	}
	f.setOrder(path, names)
}

// field returns the declaration of what stands at a path; the zero Field when nothing declares it.
func (f *fields) field(path []string) schema.Field {
	form := f.form
	var at schema.Field
	for i, key := range path {
		if at.Type == schema.List && i > 0 {
			if _, err := strconv.Atoi(key); err == nil {
				at = schema.Field{Type: schema.Object, Members: at.Members}
				continue
			}
		}
		var ok bool
		if at, ok = form.Field(key); !ok {
			return schema.Field{}
		}
		form = at.Members
	}
	return at
}

// label names a field for people: "Query › expand of Get".
func (f *fields) label(path []string) string {
	text := ""
	for i, key := range path {
		name := key
		if n, err := strconv.Atoi(key); err == nil && i > 0 {
			name = strconv.Itoa(n + 1)
		} else if at := f.field(path[:i+1]); at.Label != "" {
			name = at.Label
		}
		if i > 0 {
			text += " › "
		}
		text += name
	}
	return text + " of " + f.title
}
