package flows

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"

	"flowdeck/cards"
	"flowdeck/cards/schema"
	"flowdeck/flows/expr"
)

// MaxRunSteps is how many cards one run may go through.
const MaxRunSteps = 100_000

// Run interprets the program and returns what Return gave, nil when nothing
// did. A failure of the flow is a *RunError; any other error is the engine's or
// the context's.
func (p *Program) Run(ctx context.Context, fx Effects, s Start) (schema.Values, error) {
	m := machine{program: p, fx: fx, trying: tryingOf(fx)}
	err := m.chain(ctx, "", p.chain, newFrame(p, s))
	var ret *returned
	if errors.As(err, &ret) {
		return ret.values, nil
	}
	return nil, err
}

// machine is one run of a program; its branches share it.
type machine struct {
	program *Program
	fx      Effects
	steps   atomic.Int64
	trying
}

// returned travels up as an error when Return ends the run.
type returned struct{ values schema.Values }

func (*returned) Error() string { return "the flow returned" }

func (m *machine) chain(ctx context.Context, prefix Path, chain []planned, f *frame) error {
	for i := range chain {
		if err := ctx.Err(); err != nil {
			return err
		}
		s := &chain[i]
		path := Path(s.id)
		if prefix != "" {
			path = prefix + path
		}
		if s.off {
			m.fx.Skipped(ctx, path, s.id, s.card.Name)
			continue
		}
		out, err := m.reach(ctx, path, s, f)
		if err != nil {
			if out, err = s.after(ctx, path, err); err != nil {
				return err
			}
		}
		f.values[s.slot] = out
	}
	return nil
}

// after decides what a failure of s means: the end of the run, or outputs that
// say what went wrong.
func (s *planned) after(ctx context.Context, path Path, err error) (schema.Values, error) {
	var ret *returned
	if errors.As(err, &ret) || ctx.Err() != nil {
		return nil, err
	}
	var failure *cards.Error
	if !errors.As(err, &failure) {
		return nil, err
	}
	if s.goOn && cards.Matches("any", failure.Code) {
		return errorOutputs(failure), nil
	}
	var inner *RunError
	if errors.As(err, &inner) {
		return nil, inner
	}
	return nil, &RunError{Path: path, StepID: s.id, Err: failure}
}

func errorOutputs(e *cards.Error) schema.Values {
	v := schema.Values{"code": e.Code, "message": e.Message}
	if e.Details != nil {
		v["details"] = e.Details
	}
	return schema.Values{errorOutput: v}
}

func (m *machine) step(ctx context.Context, path Path, s *planned, f *frame) (schema.Values, error) {
	c := Call{Step: s.step, Card: s.card, Timeout: s.timeout}
	if m.steps.Add(1) > MaxRunSteps {
		return nil, &cards.Error{Code: cards.CodeLimit, Message: fmt.Sprintf("the run went through more than %d cards", MaxRunSteps)}
	}
	v, err := s.inputs.Eval(f)
	if err != nil {
		failure := invalidInput(err)
		m.fx.Control(ctx, path, c, m.fx.Now(ctx, path), nil, failure)
		return nil, failure
	}
	c.In, _ = v.(map[string]any)
	if s.card.Kind == cards.Control {
		return m.control(ctx, path, s, c, f)
	}
	return m.fx.Do(ctx, path, c)
}

// invalidInput is an evaluation error as a failure of the card.
func invalidInput(err error) *cards.Error {
	p := problemOf(err)
	if p.Field == "" {
		return &cards.Error{Code: cards.CodeInvalidInput, Message: p.Message, Err: err}
	}
	return &cards.Error{Code: cards.CodeInvalidInput, Message: p.Field + ": " + p.Message, Err: err}
}

// frame is what templates can look up: outputs by slot, nil until they are there.
// It belongs to one goroutine.
type frame struct {
	program *Program
	start   *Start
	values  []any
}

var _ expr.Scope = (*frame)(nil)

func newFrame(p *Program, s Start) *frame {
	f := &frame{program: p, start: &s, values: make([]any, len(p.steps)+firstSlot)}
	f.values[slotTrigger] = s.Event
	return f
}

// Lookup returns the outputs of a step.
func (f *frame) Lookup(step string) (any, bool) {
	slot, ok := f.program.slots[step]
	if !ok {
		return nil, false
	}
	if slot < slotTrigger && f.values[slot] == nil { // few flows ask for these
		f.values[slot] = f.start.reserved(slot)
	}
	return f.values[slot], f.values[slot] != nil
}

// reserved is what a run and its flow say of themselves.
func (s *Start) reserved(slot int) schema.Values {
	if slot == slotRun {
		return schema.Values{"id": s.RunID, "started": timeText(s.Started)}
	}
	return schema.Values{"id": s.FlowID, "name": s.Name, "alias": s.Alias}
}

// fork is the frame of one round of a loop: it sees what is there now, and what
// it adds stays its own.
func (f *frame) fork() *frame {
	return &frame{program: f.program, start: f.start, values: append([]any(nil), f.values...)}
}
