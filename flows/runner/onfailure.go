package runner

import (
	"context"
	"errors"
	"time"

	"flowdeck/cards"
	"flowdeck/cards/schema"
	"flowdeck/flows"
)

// onFailure has the run listed as failed for good, and begins its flow for failures
// in the commit that ends the run, so that it is begun exactly once. What was begun by
// a failure begins nothing when it fails itself.
func (r *run) onFailure(ctx context.Context, o *flows.Outcome) error {
	o.Failure = &flows.Failure{}
	if r.Parent.Handles || r.x.o.Flow == nil {
		return nil
	}
	own, err := r.x.o.Flow(ctx, r.FlowID, false)
	if errors.Is(err, flows.ErrNotFound) || err == nil && own.Settings.OnFailure == "" {
		return nil
	}
	if err != nil {
		return err
	}
	flow, trigger, err := r.callee(ctx, flows.PathOnFailure, own.Settings.OnFailure)
	if err == nil {
		var event schema.Values
		if event, err = eventOf(flow.Name, trigger, r.declaredOf(trigger, *o)); err == nil {
			handler := r.begun(flow, trigger, flows.PathOnFailure, event)
			handler.Source, handler.Parent.Handles = "failure of "+r.name(), true
			r.ledger.enter(flows.Entry{Child: &handler})
			return nil
		}
	}
	var failure *cards.Error
	if !errors.As(err, &failure) {
		return err
	}
	o.Failure.Problem = failure.Message
	r.x.o.Log.Warn("the flow for failures was not called", "run", r.ID, "flow", r.FlowID, "error", failure.Message)
	return nil
}

// declaredOf is what a flow for failures is told of the run, as far as it asks for it.
func (r *run) declaredOf(trigger flows.Step, o flows.Outcome) schema.Values {
	e := o.Error
	if e == nil {
		e = &cards.Error{Code: cards.CodeBug, Message: "it failed and does not say why"}
	}
	step := string(o.ErrorPath)
	all := schema.Values{"run_id": r.ID, "flow_id": r.FlowID, "flow": r.FlowName, "version": r.Version, "trigger": r.Trigger, "event": r.Event,
		"failed": o.At.UTC().Format(time.RFC3339), "code": e.Code, "message": e.Message, "step": step,
		"error": schema.Values{"code": e.Code, "message": e.Message, "step": step, "details": e.Details}}
	list, _ := trigger.Inputs["inputs"].([]any)
	form, _ := schema.Declared(list)
	told := schema.Values{}
	for _, f := range form.Fields {
		if v, ok := all[f.Name]; ok {
			told[f.Name] = v
		}
	}
	return told
}
