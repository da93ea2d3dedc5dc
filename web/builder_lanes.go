package web

import (
	"strconv"
	"strings"

	"flowdeck/cards/schema"
	"flowdeck/flows"
	"flowdeck/views"
)

var laneLooks = map[string]views.Lane{
	"then":             {Hue: "ok", Icon: "circle-check"},
	"else":             {Hue: "err", Icon: "circle-x"},
	"each":             {Hue: "run", Icon: "repeat"},
	"round":            {Hue: "run", Icon: "repeat"},
	"try":              {Hue: "run", Icon: "shield"},
	"catch":            {Hue: "err", Icon: "triangle-alert"},
	"finally":          {Hue: "run", Icon: "flag"},
	flows.BlockOnError: {Hue: "err", Icon: "triangle-alert"},
}

// lanes draws the blocks of a step with the cards in them.
func (d *drawing) lanes(x drawn) []views.Lane {
	lanes := flows.Lanes(&x.step, x.card)
	list := make([]views.Lane, len(lanes))
	for i, l := range lanes {
		list[i] = d.lane(x, l)
		last := i+1 == len(lanes) || lanes[i+1].Spec.From != l.Spec.From
		if l.Item >= 0 && last && !d.light(x.step.ID) {
			list[i].Add = &views.LaneAdd{Field: l.Spec.From, Label: "Add a " + strings.ToLower(l.Spec.Name)}
		}
	}
	return list
}

func (d *drawing) lane(x drawn, l flows.Lane) views.Lane {
	kind := l.Spec.Name
	if !l.Known {
		kind = l.Name
	}
	m, ok := laneLooks[kind]
	if !ok {
		m = views.Lane{Hue: "run", Icon: "split"}
	}
	block := x.step.Blocks[l.Name]
	m.Name, m.Title, m.Loop = l.Name, l.Title, l.Spec.Loop
	m.Able = l.Known && (x.card.BlockOutputs || l.Spec.Loop || l.Name == flows.BlockOnError)
	m.Chain = d.chain(x.step.ID+"/"+l.Name, block.Chain)
	if !l.Known {
		m.Unknown, m.Problem = true, problemAt(x.problem, l.Name)
	}
	if d.light(x.step.ID) {
		m.Able = false
		return m
	}
	if l.Item >= 0 {
		m.Item = d.laneItem(x, l)
	}
	for _, o := range d.inside[x.step.ID][l.Name] {
		ref := reference(x.step.ID, o.Path)
		m.Gives = append(m.Gives, views.CardOutput{Ref: ref, Label: o.Label, Type: string(o.Type), Path: o.Path, Depth: o.Depth,
			Used: d.used[ref], Sample: sample(d.sampleAt(x.step.ID, o.Path)), Rare: rare(o.Path) && !d.used[ref]})
	}
	at := x
	at.sees = d.ends[x.step.ID+"/"+l.Name]
	if m.Able {
		base := lastOf(block.Chain, x.step.ID)
		m.Sees = beyond(at.sees, d.steps[base].sees, base)
		m.Result = d.resultRows(at, l.Name, block)
	}
	return m
}

// rare reports whether a part of an error is seldom asked for.
func rare(path string) bool {
	switch strings.TrimPrefix(path, "error.") {
	case "headers", "path", "attempt", "retryable", "details", "step":
		return strings.HasPrefix(path, "error.")
	}
	return false
}

// laneItem draws the item of an input that declares a lane: its fields but for its key.
func (d *drawing) laneItem(x drawn, l flows.Lane) *views.LaneItem {
	list, _ := x.step.Inputs[l.Spec.From].([]any)
	item, _ := list[l.Item].(map[string]any)
	f, _ := x.card.Inputs.Field(l.Spec.From)
	form := schema.Form{Open: f.Members.Open}
	for _, m := range f.Members.Fields {
		if m.Name != "key" {
			form.Fields = append(form.Fields, m)
		}
	}
	return &views.LaneItem{Field: l.Spec.From, Index: l.Item, Drop: len(list) > 1,
		Fields: d.fields(x.below(l.Spec.From+"."+strconv.Itoa(l.Item), form, item))}
}

// below is the step as one of the objects in its inputs is drawn: that object is what
// is filled in, and its form what is asked.
func (x drawn) below(path string, form schema.Form, values schema.Values) drawn {
	x.prefix += path + "."
	x.step.Inputs, x.card.Inputs = values, form
	return x
}

// declares reports whether the items of an input are blocks, which are drawn as lanes.
func (x drawn) declares(input string) bool {
	for _, b := range x.card.Blocks {
		if b.From == input && x.prefix == "" {
			return true
		}
	}
	return false
}

// groupRows draws conditions in brackets: each row is a small form.
func (d *drawing) groupRows(x drawn, f schema.Field, value any) []views.FieldRow {
	items, _ := value.([]any)
	var rows []views.FieldRow
	for i, item := range items {
		values, _ := item.(map[string]any)
		path := f.Name + "." + strconv.Itoa(i)
		rows = append(rows, views.FieldRow{ID: fieldID(x.step.ID, x.prefix+path), Index: i, Problem: problemAt(x.problem, x.prefix+path),
			Cells: d.fields(x.below(path, f.Members, values))})
	}
	return rows
}

// itemSamples lets loops show the first item of the list that they go through, as far
// as it is known.
func (d *drawing) itemSamples() {
	for id, x := range d.steps {
		for _, b := range x.card.Blocks {
			if _, loops := b.Inside.Field("item"); !loops || !b.Loop {
				continue
			}
			text, _ := x.step.Inputs["items"].(string)
			refs := mentioned(text)
			if len(refs) != 1 {
				continue
			}
			list, _ := d.sampleAt(refs[0].Step, refs[0].PathString()).([]any)
			if len(list) == 0 {
				continue
			}
			values := schema.Values{"item": list[0], "index": int64(0)}
			for k, v := range d.samples[id] {
				values[k] = v
			}
			d.samples[id] = values
		}
	}
}
