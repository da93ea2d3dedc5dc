package flows

import (
	"slices"
	"strings"

	"flowdeck/cards"
	"flowdeck/cards/schema"
	"flowdeck/flows/expr"
)

// OutputInfo is one thing that a step offers to the steps after it.
type OutputInfo struct {
	Path     string // below the step, as a reference writes it: "body.email"
	Label    string
	Type     schema.Type
	Help     string
	Declared bool // by the author
	Depth    int  // 0 at the top
}

// errorOutput is what a step offers when its policy is to go on after a failure.
const errorOutput = "error"

// Outputs returns what each step offers, in the order it is shown.
func Outputs(doc Document, reg *cards.Registry) map[string][]OutputInfo {
	return newOutline(&doc, reg).outputs()
}

func (o *outline) outputs() map[string][]OutputInfo {
	all := make(map[string][]OutputInfo, len(o.byID))
	for id, p := range o.byID {
		all[id] = p.outputs()
	}
	return all
}

func (p *placed) outputs() []OutputInfo {
	top, _ := p.offers()
	var list []OutputInfo
	for _, f := range top {
		list = append(list, members("", f, 0)...)
	}
	for _, x := range p.step.Outputs {
		list = declare(list, x)
	}
	return list
}

// members is a field and, when they are known, the fields below it.
func members(prefix string, f schema.Field, depth int) []OutputInfo {
	path := reference(prefix, f.Name)
	label := f.Label
	if label == "" {
		label = f.Name
	}
	list := []OutputInfo{{Path: path, Label: label, Type: f.Type, Help: f.Help, Depth: depth}}
	if f.Type == schema.Object {
		for _, m := range f.Members.Fields {
			list = append(list, members(path, m, depth+1)...)
		}
	}
	return list
}

// reference writes a key below a path as a reference does.
func reference(prefix, key string) string {
	path, err := expr.ParsePath(prefix)
	if err != nil {
		return prefix + "." + key
	}
	return expr.Reference{Path: append(path, expr.Key{Name: key})}.PathString()
}

// declare puts an author's output below the output it is a part of.
func declare(list []OutputInfo, x Output) []OutputInfo {
	if slices.ContainsFunc(list, func(o OutputInfo) bool { return o.Path == x.Path }) {
		return list
	}
	info := OutputInfo{Path: x.Path, Label: x.Path, Type: x.Type, Declared: true}
	at := len(list)
	for i, o := range list {
		below, inside := strings.CutPrefix(x.Path, o.Path)
		if !inside || below == "" || below[0] != '.' && below[0] != '[' {
			continue
		}
		info.Depth, info.Label = o.Depth+1, strings.TrimPrefix(below, ".")
		for at = i + 1; at < len(list) && list[at].Depth > o.Depth; at++ {
		}
	}
	return slices.Insert(list, at, info)
}

// offers returns the outputs of p at the top, and whether other names are fine too.
func (p *placed) offers() (top []schema.Field, open bool) {
	card := p.Card
	top = slices.Clip(card.Outputs.Fields) // what is added goes into a copy
	if card.OutputsFrom != "" {
		top = add(top, p.fieldsFrom(card.OutputsFrom)...)
	}
	if card.BlockOutputs || p.step.Policy.OnError == OnCatch {
		for _, b := range p.blocks {
			if !card.BlockOutputs && b.name != BlockOnError {
				continue
			}
			for _, name := range keysInOrder(b.block.Result, b.block.Order) {
				top = add(top, guess(name, b.block.Result[name]))
			}
		}
	}
	if p.step.Policy.goesOn() {
		top = add(top, cards.Caught.Fields...)
	}
	return top, !p.known || card.Outputs.Open && card.OutputsFrom == "" && !card.BlockOutputs
}

// goesOn reports whether the run goes on after a failure of the step.
func (p *Policy) goesOn() bool { return p.OnError == "continue" || p.OnError == OnCatch }

// add leaves out fields whose name is there already.
func add(list []schema.Field, more ...schema.Field) []schema.Field {
	for _, f := range more {
		if !slices.ContainsFunc(list, func(x schema.Field) bool { return x.Name == f.Name }) {
			list = append(list, f)
		}
	}
	return list
}

// fieldsFrom reads outputs from an input: the keys of an object, or the names that
// a list declares.
func (p *placed) fieldsFrom(input string) []schema.Field {
	switch v := p.step.Inputs[input].(type) {
	case []any:
		form, _ := schema.Declared(v)
		return form.Fields
	case map[string]any:
		var list []schema.Field
		for _, name := range p.step.Keys(input) {
			list = append(list, guess(name, v[name]))
		}
		return list
	}
	return nil
}

// guess is a field for a value as it is stored: a lone reference may become anything.
func guess(name string, v any) schema.Field {
	f := schema.Field{Name: name, Label: name, Type: schema.TypeOf(v)}
	if s, ok := v.(string); ok {
		if t, err := expr.Lenient().Parse(s); err == nil && t.Lone() {
			f.Type = schema.Any
		}
	}
	return f
}
