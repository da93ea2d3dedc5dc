package web

import (
	"slices"
	"strings"

	"flowdeck/cards"
	"flowdeck/cards/schema"
	"flowdeck/flows"
	"flowdeck/views"
)

// cardOutputs draws what a step offers, with values of the last run or test.
func (d *drawing) cardOutputs(x drawn) []views.CardOutput {
	var list []views.CardOutput
	for _, o := range d.outputs[x.step.ID] {
		ref := reference(x.step.ID, o.Path)
		seen := d.sampleAt(x.step.ID, o.Path)
		if seen == nil && d.rarely(x, o.Path) {
			continue // the picker has it
		}
		uncommon := rare(o.Path) && !d.used[ref]
		if o.Type == schema.Any && seen != nil {
			o.Type = schema.TypeOf(seen)
		}
		list = append(list, views.CardOutput{Ref: ref, Label: o.Label, Type: string(o.Type), Path: o.Path, Depth: o.Depth,
			Declared: o.Declared, Used: d.used[ref], Sample: sample(seen), Rare: uncommon})
	}
	if x.card.Kind == cards.Event {
		slices.SortStableFunc(list, func(a, b views.CardOutput) int { return rank(x, a) - rank(x, b) })
	}
	return list
}

// rarely reports whether an output is one that few have a use for, and nothing asks for it.
func (d *drawing) rarely(x drawn, path string) bool {
	f, ok := x.card.Outputs.Field(path)
	return ok && f.Advanced && !d.used[reference(x.step.ID, path)] && !asksFor(x, f.Group)
}

// asksFor reports whether an input of a group is filled in other than it is when left
// alone, so that the rare outputs of the same group are wanted.
func asksFor(x drawn, group string) bool {
	return group != "" && slices.ContainsFunc(x.card.Inputs.Fields, func(f schema.Field) bool {
		value := x.step.Inputs[f.Name]
		return f.Group == group && value != nil && literal(value) != f.Default && x.card.Inputs.Applies(&f, x.step.Inputs)
	})
}

// rank puts what an author asked callers for before what every call has.
func rank(x drawn, o views.CardOutput) int {
	head, _, _ := strings.Cut(o.Path, ".")
	if _, ok := x.card.Outputs.Field(head); ok {
		return 1
	}
	return 0
}

// reference writes what a template says to mean the value at path of a step.
func reference(step, path string) string {
	if path == "" || strings.HasPrefix(path, "[") {
		return step + path
	}
	return step + "." + path
}

// segments cuts a template for the editor and says what each pill stands for.
func (d *drawing) segments(x drawn, template string) []views.Segment {
	var list []views.Segment
	for _, seg := range flows.Segments(template) {
		if seg.Src == "" {
			list = append(list, views.Segment{Text: seg.Text})
			continue
		}
		pill := d.pill(x, seg)
		list = append(list, views.Segment{Pill: &pill})
	}
	return list
}

func (d *drawing) pill(x drawn, seg flows.Segment) views.PillModel {
	if seg.Err != "" || !seg.Simple && !seg.Or {
		return views.PillModel{Ref: seg.Src, Label: seg.Src, Expr: true, Why: seg.Err, Missing: seg.Err != ""}
	}
	step, path := seg.Ref.Step, seg.Ref.PathString()
	if step == "run" || step == "flow" {
		return views.PillModel{Ref: seg.Src, Label: lastKey(path, step), Hue: "logic"}
	}
	if step == "vars" || step == "secrets" {
		p := views.PillModel{Ref: seg.Src, Label: lastKey(path, step), Hue: "logic"}
		name, _, _ := strings.Cut(path, ".")
		if known := step == "vars" && d.vars[name] || step == "secrets" && d.secrets[name]; !known {
			p.Missing, p.Why = true, "there is nothing of this name under Variables"
		}
		return p
	}
	from, ok := d.steps[step]
	if !ok {
		return views.PillModel{Ref: seg.Src, Label: lastKey(path, step), Missing: true, Why: "the step “" + step + "” was deleted"}
	}
	p := views.PillModel{Ref: seg.Src, Number: d.numbers[step], Hue: string(from.card.Family), Label: d.outputLabel(step, path)}
	source, sees := sourceOf(x.sees, step)
	switch {
	case step == x.step.ID && len(x.step.Blocks) > 0:
	case !sees:
		p.Missing, p.Why = true, d.title(from)+" does not run before this card"
	case from.step.Off:
		p.Missing, p.Why = true, d.title(from)+" is turned off"
	case source.Maybe && !seg.Or:
		p.Maybe, p.Why = true, "empty when "+d.title(from)+" did not run"
	default:
		d.doubt(&p, step, path, seg.Or)
	}
	return p
}

func sourceOf(list *flows.Sources, step string) (flows.Source, bool) {
	for s := range list.All() {
		if s.Step == step {
			return s, true
		}
	}
	return flows.Source{}, false
}

func (d *drawing) outputLabel(step, path string) string {
	for _, o := range d.outputs[step] {
		if o.Path == path {
			return o.Label
		}
	}
	for _, block := range d.inside[step] {
		for _, o := range block {
			if o.Path == path {
				return o.Label
			}
		}
	}
	return lastKey(path, step)
}

// lastKey names a value by the end of its path: email, or items[0].
func lastKey(path, step string) string {
	if path == "" {
		return step
	}
	if i := strings.LastIndexByte(path, '.'); i >= 0 {
		return path[i+1:]
	}
	return path
}

// sampleAt finds the value at a path of a step in what is known of past runs and tests.
func (d *drawing) sampleAt(step, path string) any {
	var v any
	if values, ok := d.samples[step]; ok {
		v = values
	}
	return flows.ValueAt(v, path)
}
