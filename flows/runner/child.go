package runner

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strconv"
	"time"

	"flowdeck/cards"
	"flowdeck/cards/schema"
	"flowdeck/flows"
)

// childLinger is how long a called run is waited for before its caller is parked.
const childLinger = 500 * time.Millisecond

// The cards that call flows, and what they keep in their outputs.
const (
	callCard  = "control.call"
	startCard = "control.call_background"
	runOf     = "run_id"
	flowOf    = "flow"
)

// triggers are the cards of flows that can be called: what they are begun with is
// what they declare.
var triggers = map[string]bool{"event.helper": true, "event.manual": true}

// Child begins a run of another flow in the commit that notes it: so it is begun
// exactly once.
func (r *run) Child(ctx context.Context, p flows.Path, c flows.Call, call cards.Call) (cards.Called, error) {
	if a, ok := r.over(p); ok {
		if id, _ := a.Output[runOf].(string); id != "" {
			out := maps.Clone(a.Output)
			delete(out, runOf)
			return cards.Called{Run: id, Output: out}, nil
		}
		return cards.Called{}, failureOf(a)
	}
	if r.wasCut(p) {
		return cards.Called{}, errParked
	}
	if err := r.proceed(ctx, p); err != nil {
		return cards.Called{}, err
	}
	held, err := r.beget(ctx, p, c, call)
	if err != nil {
		return cards.Called{}, err
	}
	id, _ := held.Output[runOf].(string)
	if !call.Waits {
		return cards.Called{Run: id}, nil
	}
	o, err := r.outcome(ctx, p, id)
	if err != nil {
		return cards.Called{}, err
	}
	name, _ := held.Output[flowOf].(string)
	return called(id, name, o)
}

// outcome waits for the end of a run that p has called.
func (r *run) outcome(ctx context.Context, p flows.Path, id string) (flows.Outcome, error) {
	for known := r.arrived(p); ; {
		if !known {
			w := &waiting{path: p, arrived: r.mail.at(p), linger: childLinger, meant: true}
			if err := r.hold(ctx, p, w); err != nil {
				return flows.Outcome{}, err
			}
		}
		r.mail.take(p)
		o, err := r.x.o.Journal.Outcome(ctx, id)
		if errors.Is(err, flows.ErrConflict) && !known {
			continue // what arrived was of a run that could not be begun
		}
		if errors.Is(err, flows.ErrNotFound) {
			return o, &cards.Error{Code: cards.CodeUnknownOutcome, Message: "nothing is kept any more of the run that was waited for, so it is not known how it ended",
				Details: schema.Values{runOf: id}}
		}
		if err != nil {
			return o, r.cut(ctx, p, err)
		}
		return o, nil
	}
}

// beget returns the waiting attempt of a call, whose run is in the journal.
func (r *run) beget(ctx context.Context, p flows.Path, c flows.Call, call cards.Call) (flows.Attempt, error) {
	r.mu.Lock()
	a, held := r.held[p]
	r.mu.Unlock()
	if held {
		return a, nil
	}
	child, err := r.child(ctx, p, call)
	if err != nil {
		return a, err
	}
	known := schema.Values{runOf: child.ID, flowOf: child.FlowName}
	r.holds(ctx, p, c, time.Time{}, known, flows.Entry{Child: &child})
	return flows.Attempt{Output: known}, r.ledger.flush(ctx)
}

// child makes the run that a call begins.
func (r *run) child(ctx context.Context, p flows.Path, call cards.Call) (flows.Run, error) {
	if r.Parent.Depth >= flows.MaxCallDepth {
		return flows.Run{}, &cards.Error{Code: cards.CodeCallDepth, Message: fmt.Sprintf(
			"flows call each other %d deep here, which is as deep as they may: does one call itself without an end?", flows.MaxCallDepth)}
	}
	if r.calls.Add(1) > flows.MaxCalls {
		return flows.Run{}, &cards.Error{Code: cards.CodeLimit, Message: fmt.Sprintf("one run may call flows %d times", flows.MaxCalls)}
	}
	flow, trigger, err := r.callee(ctx, p, call.Flow)
	if err != nil {
		return flows.Run{}, err
	}
	if !call.Waits && r.x.o.Room != nil && !r.x.o.Room(flow.FlowID) {
		return flows.Run{}, &cards.Error{Code: cards.CodeLimit, Retryable: true, Message: fmt.Sprintf(
			"so many runs of %s wait for their turn that no more are begun: does it begin itself without an end? Then switch it off", flow.Name)}
	}
	event, failure := eventOf(flow.Name, trigger, call.With)
	if failure != nil {
		return flows.Run{}, failure
	}
	child := r.begun(flow, trigger, p, event)
	child.Source = "called by " + r.name()
	child.Parent.Waits, child.Parent.Handles = call.Waits, r.Parent.Handles
	return child, nil
}

// callee returns a flow that can be called as it is now, and its trigger.
func (r *run) callee(ctx context.Context, p flows.Path, id string) (flow flows.Callee, trigger flows.Step, err error) {
	flow, err = r.x.o.Flow(ctx, id, r.Version == 0)
	switch {
	case errors.Is(err, flows.ErrNotFound):
		return flow, trigger, noFlow("the flow that it calls, " + strconv.Quote(id) + ", is gone: choose another and publish this flow")
	case err != nil:
		return flow, trigger, r.cut(ctx, p, fmt.Errorf("look up flow %s: %w", id, err))
	case flow.Document == "":
		return flow, trigger, noFlow(flow.Name + " has never been published, so it cannot be called")
	case flow.Version > 0 && !flow.On:
		return flow, trigger, noFlow(flow.Name + " is switched off; switch it on to have it called")
	}
	program, err := r.x.o.Program(ctx, flow.Document)
	var problems flows.Problems
	switch {
	case errors.As(err, &problems):
		return flow, trigger, noFlow(flow.Name + " cannot run as it is: " + problems[0].String())
	case err != nil:
		return flow, trigger, r.cut(ctx, p, fmt.Errorf("program of flow %s: %w", flow.FlowID, err))
	}
	return flow, program.Document().Trigger, nil
}

// begun is a run of another flow that this one begins at a path.
func (r *run) begun(flow flows.Callee, trigger flows.Step, p flows.Path, event schema.Values) flows.Run {
	now := r.x.o.Now().UTC().Truncate(time.Microsecond)
	limit := flow.Settings.RunTimeout.Duration
	if limit <= 0 {
		limit = time.Hour
	}
	return flows.Run{ID: flows.ChildID(r.ID, p, now), FlowID: flow.FlowID, FlowName: flow.Name, FlowAlias: flow.Alias,
		Version: flow.Version, Document: flow.Document, Status: flows.Queued, Trigger: trigger.Card,
		Event: event, Outline: flow.Version > 0 && flow.Settings.Outline(), Created: now, Deadline: now.Add(limit),
		Parent: flows.Parent{Run: r.ID, Path: p, Depth: r.Parent.Depth + 1}}
}

func (r *run) name() string {
	if r.FlowName == "" {
		return "another flow"
	}
	return r.FlowName
}

func noFlow(why string) error { return &cards.Error{Code: cards.CodeNoFlow, Message: why} }

// eventOf is what a called flow begins with: what it declares, of what it is given.
func eventOf(name string, trigger flows.Step, with schema.Values) (schema.Values, error) {
	if !triggers[trigger.Card] {
		return nil, noFlow(name + " cannot be called: only flows that begin with Helper or Manual can")
	}
	list, _ := trigger.Inputs["inputs"].([]any)
	form, _ := schema.Declared(list)
	event, problems := form.Convert(asked(form, with))
	if len(problems) > 0 {
		x := problems[0]
		return nil, &cards.Error{Code: cards.CodeInvalidInput, Message: "with." + x.Field + ": " + x.Message}
	}
	for _, f := range form.Fields {
		if _, ok := event[f.Name]; !ok {
			event[f.Name] = nil
		}
	}
	return event, nil
}

// asked leaves out what is empty: what a flow asked for once, and does no more.
func asked(form schema.Form, with schema.Values) schema.Values {
	given := make(schema.Values, len(with))
	for name, v := range with {
		if _, declared := form.Field(name); declared || v != nil && v != "" {
			given[name] = v
		}
	}
	return given
}

// called is the end of a called run as its caller sees it.
func called(id, name string, o flows.Outcome) (cards.Called, error) {
	switch o.Status {
	case flows.Succeeded:
		return cards.Called{Run: id, Output: o.Output}, nil
	case flows.Cancelled:
		return cards.Called{}, &cards.Error{Code: cards.CodeCallCancelled, Message: "somebody cancelled the run of " + name + " that was waited for",
			Details: schema.Values{runOf: id, flowOf: name}}
	}
	e := &cards.Error{Code: cards.CodeBug, Message: "it failed and does not say why"}
	if o.Error != nil {
		*e = *o.Error
	}
	at := name
	if o.ErrorPath != "" {
		at += ", at " + string(o.ErrorPath)
	}
	e.Message, e.Err = at+": "+e.Message, nil
	details := maps.Clone(e.Details)
	if details == nil {
		details = schema.Values{}
	}
	maps.Copy(details, schema.Values{runOf: id, flowOf: name, "step": string(o.ErrorPath)})
	e.Details = details
	return cards.Called{}, e
}
