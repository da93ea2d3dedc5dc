package web

import (
	"context"
	"maps"
	"slices"

	"flowdeck/cards/schema"
	"flowdeck/flows"
	"flowdeck/flows/store"
	"flowdeck/views"
)

// callInputs is the format of the field that holds what a called flow is given.
const callInputs = "flow-inputs"

// loadCalls reads the flows that steps call, and adds what they return to what the
// steps offer.
func (d *drawing) loadCalls(ctx context.Context) (err error) {
	calls := flows.Calls(d.flow.Draft)
	ids := slices.Compact(slices.Sorted(maps.Values(calls)))
	if d.called, err = d.server.Store.CalledFlows(ctx, ids); err != nil {
		return err
	}
	known := make(map[string]flows.Terms, len(d.called))
	for id, c := range d.called {
		known[id] = flows.TermsOf(c.Doc)
	}
	flows.WithReturns(d.outputs, d.flow.Draft, known)
	return nil
}

// calledFlow is the flow that a step calls; ok is false when it calls none that is there.
func (d *drawing) calledFlow(x drawn) (c store.Called, s flows.Terms, ok bool) {
	id := flows.CalledFlow(x.step)
	if c, ok = d.called[id]; !ok {
		return c, s, false
	}
	if id == d.flow.ID && c.Version == 0 { // it calls itself, as it is being drawn
		c.Doc = d.flow.Draft
	}
	return c, flows.TermsOf(c.Doc), true
}

// calledFields draws the inputs of a called flow as fields of the card that calls it;
// ok is false when the field is another one, or no flow is chosen.
func (d *drawing) calledFields(x drawn, f schema.Field) (list []views.StepField, ok bool) {
	if f.Format != callInputs {
		return nil, false
	}
	_, sig, ok := d.calledFlow(x)
	if !ok {
		return nil, literal(x.step.Inputs["flow"]) == "" && x.step.Inputs[f.Name] == nil // a flow is to be chosen first
	}
	given, _ := x.step.Inputs[f.Name].(map[string]any)
	for _, in := range sig.Inputs.Fields {
		cell := d.calledField(x, f, in.Name, given[in.Name])
		cell.Help, cell.Type, cell.Required = in.Help, string(in.Type), in.Required
		if in.Type == schema.Number {
			cell.Kind = views.FieldNumber
		}
		list = append(list, cell)
	}
	for _, name := range x.step.Keys(f.Name) {
		if _, asked := sig.Inputs.Field(name); !asked { // the flow asks for it no longer; it can be emptied here
			list = append(list, d.calledField(x, f, name, given[name]))
		}
	}
	return list, true
}

func (d *drawing) calledField(x drawn, f schema.Field, name string, value any) views.StepField {
	cell := views.StepField{ID: fieldID(x.step.ID, f.Name) + "-" + slug(name), Path: f.Name, Key: name, Label: name, Kind: views.FieldText,
		Type: string(schema.Any), Problem: problemAt(x.problem, flows.FieldPath(f.Name, name))}
	d.fill(&cell, x, schema.Field{Type: schema.Any}, value)
	return cell
}

// checkCalls finds the steps that call what cannot be called, or not like this.
func (d *drawing) checkCalls() {
	for _, p := range flows.WrongCalls(d.flow.Draft, d.flow.ID, func(step flows.Step) (flows.Callee, flows.Terms, bool) {
		c, terms, ok := d.calledFlow(drawn{step: step})
		return c.Callee, terms, ok
	}) {
		d.addProblem(p)
	}
}
