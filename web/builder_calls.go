package web

import (
	"context"
	"maps"
	"slices"
	"strings"

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
	for _, step := range d.flow.Draft.All() {
		x := d.steps[step.ID]
		c, sig, ok := d.calledFlow(x)
		if !ok || step.Off {
			continue
		}
		why := ""
		switch {
		case !sig.Callable:
			why = c.Name + " cannot be called: only flows that begin with Helper or Manual can"
		case c.Version == 0 && c.FlowID != d.flow.ID:
			why = c.Name + " has never been published; publish it before this flow"
		case c.Version > 0 && !c.On && c.FlowID != d.flow.ID:
			why = c.Name + " is switched off; switch it on, or calls of it fail"
		}
		if why != "" {
			d.addProblem(flows.Problem{Step: step.ID, Field: "flow", Message: why})
			continue
		}
		for _, p := range sig.Inputs.Check(knownOf(step.Inputs["with"])) {
			message := p.Message
			if _, asked := sig.Inputs.Field(p.Field); !asked && !strings.Contains(p.Field, ".") {
				message = "is no input of " + c.Name + " any more; empty it"
			}
			d.addProblem(flows.Problem{Step: step.ID, Field: "with." + p.Field, Message: message})
		}
	}
}

// knownOf is what can be said of values before a run: what a template gives comes later.
func knownOf(v any) schema.Values {
	given, _ := v.(map[string]any)
	known := make(schema.Values, len(given))
	for name, x := range given {
		switch text, isText := x.(string); {
		case isText && strings.Contains(text, "{{"):
			known[name] = schema.Later
		case isText && text == "":
		default:
			known[name] = x
		}
	}
	return known
}
