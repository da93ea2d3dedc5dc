package flows

import (
	"slices"
	"unicode/utf8"

	"flowdeck/cards"
	"flowdeck/cards/schema"
	"flowdeck/flows/expr"
)

// Longest title, in letters, and note, in bytes.
const (
	maxTitle = 200
	maxNote  = 20_000
)

func (x *editor) rename(e Edit) (Edit, string, error) {
	s, err := x.step(e.Step)
	if err != nil {
		return Edit{}, "", err
	}
	if utf8.RuneCountInString(e.Title) > maxTitle {
		return Edit{}, "", refuse("title", "may have %d characters", maxTitle)
	}
	inverse := Edit{Op: OpRename, Step: e.Step, Title: s.Title}
	label := "Rename " + x.titleOf(s)
	s.Title = e.Title
	return inverse, label + " to " + x.titleOf(s), nil
}

func (x *editor) note(e Edit) (Edit, string, error) {
	s, err := x.step(e.Step)
	if err != nil {
		return Edit{}, "", err
	}
	text, _ := e.Value.(string)
	if len(text) > maxNote {
		return Edit{}, "", refuse("note", "may have %d bytes", maxNote)
	}
	inverse := Edit{Op: OpNote, Step: e.Step, Value: s.Note}
	s.Note = text
	return inverse, "Edit the note of " + x.titleOf(s), nil
}

func (x *editor) toggle(e Edit) (Edit, string, error) {
	s, err := x.step(e.Step)
	if err != nil {
		return Edit{}, "", err
	}
	if s == &x.doc.Trigger {
		return Edit{}, "", refuse("", "the card that begins the flow cannot be switched off; switch the flow off instead")
	}
	inverse := Edit{Op: OpToggle, Step: e.Step, Value: s.Off}
	off, given := e.Value.(bool)
	if s.Off = !s.Off; given {
		s.Off = off
	}
	if s.Off {
		return inverse, "Switch " + x.titleOf(s) + " off", nil
	}
	return inverse, "Switch " + x.titleOf(s) + " on", nil
}

func (x *editor) connect(e Edit) (Edit, string, error) {
	s, err := x.step(e.Step)
	if err != nil {
		return Edit{}, "", err
	}
	inverse := Edit{Op: OpConnect, Step: e.Step, Value: s.Connection}
	s.Connection, _ = e.Value.(string)
	return inverse, "Choose the connection of " + x.titleOf(s), nil
}

func (x *editor) policy(e Edit) (Edit, string, error) {
	s, err := x.step(e.Step)
	if err != nil {
		return Edit{}, "", err
	}
	policy, err := policyOf(e.Value)
	if err != nil {
		return Edit{}, "", err
	}
	inverse := Edit{Op: OpPolicy, Step: e.Step, Value: s.Policy}
	if len(policy.Retry) == 0 {
		policy.Retry = nil
	}
	s.Policy = policy
	return inverse, "Change what happens when " + x.titleOf(s) + " fails", nil
}

func (x *editor) trigger(e Edit) (Edit, string, error) {
	old := x.doc.Trigger
	inverse := Edit{Op: OpTrigger, Value: old}
	if e.Value != nil {
		s, err := stepOf(e.Value)
		if err != nil {
			return Edit{}, "", err
		}
		if s.ID != old.ID && x.ids()[s.ID] {
			return Edit{}, "", refuse("value", "there is a card with the id %s already", s.ID)
		}
		x.doc.Trigger = s
		return inverse, "Change what begins the flow", nil
	}
	card, ok := x.reg.Card(e.Card)
	switch {
	case !ok:
		return Edit{}, "", missing("card", e.Card)
	case card.Kind != cards.Event:
		return Edit{}, "", refuse("card", "%s cannot begin a flow", card.Title)
	}
	inputs := defaults(card.Inputs)
	for _, f := range card.Inputs.Fields {
		if f.Format == schema.Zone && e.Zone != "" && f.Default != e.Zone {
			inputs[f.Name] = e.Zone
		}
	}
	for name, v := range old.Inputs {
		if _, known := card.Inputs.Field(name); known || card.Inputs.Open {
			inputs[name] = v
		}
	}
	if len(inputs) == 0 {
		inputs = nil
	}
	x.doc.Trigger.Card, x.doc.Trigger.Inputs = card.Name, inputs
	if old.ID == "" {
		x.doc.Trigger.ID = NewStepID(x.doc, card)
	}
	return inverse, "Begin the flow with " + card.Title, nil
}

func (x *editor) outputAdd(e Edit) (Edit, string, error) {
	s, err := x.step(e.Step)
	if err != nil {
		return Edit{}, "", err
	}
	path, err := expr.ParsePath(e.Field)
	if err != nil || len(path) == 0 {
		return Edit{}, "", refuse("field", `an output reads like body.items[0].id or headers["x-id"], got %q`, e.Field)
	}
	name := expr.Reference{Path: path}.PathString()
	r := reader{}
	kind := schema.Any
	if e.Value != nil {
		kind = r.typeName(e.Value)
	}
	if r.problem != "" {
		return Edit{}, "", refuse("value", "%s", r.problem)
	}
	if err := x.declarable(s, name, path); err != nil {
		return Edit{}, "", err
	}
	inverse := Edit{Op: OpOutputs, Step: e.Step, Value: slices.Clone(s.Outputs)}
	s.Outputs = append(s.Outputs, Output{Path: name, Type: kind})
	return inverse, "Add the output " + name + " to " + x.titleOf(s), nil
}

// declarable refuses outputs that are there, or that nothing could ever fill.
func (x *editor) declarable(s *Step, name string, path []expr.Key) error {
	p := newOutline(&x.doc, x.reg).byID[s.ID]
	for _, o := range p.outputs() {
		if o.Path == name {
			return refuse("field", "%s has this output already", x.titleOf(s))
		}
	}
	text := "{{ " + s.ID + "." + name + " }}"
	if len(path) == 1 {
		if _, open := p.offers(); open {
			return nil
		}
	}
	if why := p.lacks(text, path[0]); why != "" {
		return refuse("field", "%s", why)
	}
	return nil
}

func (x *editor) outputRemove(e Edit) (Edit, string, error) {
	s, err := x.step(e.Step)
	if err != nil {
		return Edit{}, "", err
	}
	i := slices.IndexFunc(s.Outputs, func(o Output) bool { return o.Path == e.Field })
	if i < 0 {
		return Edit{}, "", missing("output", e.Field)
	}
	inverse := Edit{Op: OpOutputs, Step: e.Step, Value: slices.Clone(s.Outputs)}
	s.Outputs = slices.Delete(slices.Clone(s.Outputs), i, i+1)
	if len(s.Outputs) == 0 {
		s.Outputs = nil
	}
	return inverse, "Remove the output " + e.Field + " from " + x.titleOf(s), nil
}

func (x *editor) outputs(e Edit) (Edit, string, error) {
	s, err := x.step(e.Step)
	if err != nil {
		return Edit{}, "", err
	}
	list, err := outputsOf(e.Value)
	if err != nil {
		return Edit{}, "", err
	}
	inverse := Edit{Op: OpOutputs, Step: e.Step, Value: slices.Clone(s.Outputs)}
	s.Outputs = list
	return inverse, "Change the outputs of " + x.titleOf(s), nil
}

func (x *editor) replace(e Edit) (Edit, string, error) {
	doc, err := documentOf(e.Value)
	if err != nil {
		return Edit{}, "", err
	}
	inverse := Edit{Op: OpReplace, Value: x.doc}
	x.doc = doc.clone()
	return inverse, "Replace the flow", nil
}
