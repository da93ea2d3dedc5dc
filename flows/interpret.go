package flows

import (
	"context"
	"errors"
	"maps"
	"sync/atomic"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

// Run interprets the program and returns what Return gave, nil when nothing
// did. A failure of the flow is a *RunError; any other error is the engine's or
// the context's.
func (p *Program) Run(ctx context.Context, fx Effects, s Start) (schema.Values, error) {
	m := machine{program: p, fx: fx, trying: tryingOf(fx), limits: s.limits()}
	err := m.chain(ctx, "", p.chain, newFrame(p, s))
	if err == nil {
		return nil, nil
	}
	var ret *returned
	if errors.As(err, &ret) {
		return ret.values, nil
	}
	if leaves(err) {
		return nil, nil
	}
	return nil, err
}

// machine is one run of a program; its branches share it.
type machine struct {
	program *Program
	fx      Effects
	steps   atomic.Int64
	trying
	limits limits
	held   atomic.Int64 // bytes, about, in frames
	// unfinished is as held, of the results of loops that go on: many may be inside of each other.
	unfinished atomic.Int64
}

// returned travels up as an error when Return ends the run, or a trial that has come so far as it shall.
type returned struct {
	values schema.Values
	until  bool
}

func (*returned) Error() string { return "the flow returned" }

// left travels up as an error when a card ends the block it stands in.
type left struct{ told schema.Values }

func (*left) Error() string { return "the block was left" }

func leaves(err error) bool { _, yes := err.(*left); return yes }

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
		if err == nil {
			err = m.hold(f, s.id, out)
		}
		if err != nil {
			if out, err = m.after(ctx, path, s, f, err); err != nil {
				return err
			}
		}
		f.put(s.slot, out)
	}
	return nil
}

// after decides what a failure of s means: the end of the block it is in, or outputs
// that say what went wrong.
func (m *machine) after(ctx context.Context, path Path, s *planned, f *frame, err error) (schema.Values, error) {
	failure := failureOf(ctx, path, s.id, err)
	if failure == nil {
		return nil, err
	}
	if s.goOn && cards.Matches("any", failure.Err.Code) {
		out := schema.Values{errorOutput: failure.Values()}
		if s.onError == nil {
			return out, nil
		}
		f.put(s.slot, out)
		results, err := m.block(ctx, path+"/", s.onError, f)
		if err == nil || leaves(err) {
			maps.Copy(out, results)
			return out, nil
		}
		if inner := failureOf(ctx, path, s.id, err); inner != nil {
			return nil, asRunError(inner)
		}
		return nil, err
	}
	return nil, asRunError(failure)
}

// failureOf returns what err is to the flow, and where it happened; nil when it is not
// the flow's: the end of the run or of a block, or the engine's own.
func failureOf(ctx context.Context, path Path, step string, err error) *cards.Failure {
	var ret *returned
	if ctx.Err() != nil || leaves(err) || errors.As(err, &ret) {
		return nil
	}
	var known *cards.Failure
	if errors.As(err, &known) {
		return known
	}
	var inner *RunError
	if errors.As(err, &inner) {
		return &cards.Failure{Err: inner.Err, Step: inner.StepID, Path: string(inner.Path)}
	}
	var e *cards.Error
	if errors.As(err, &e) {
		return &cards.Failure{Err: e, Step: step, Path: string(path)}
	}
	return nil
}

// Decides reports whether err, of a part of a run, is what the flow came to there: a
// failure, or the end of the run or of a block. All else is the engine's own.
func Decides(err error) bool {
	var ret *returned
	var e *cards.Error
	return leaves(err) || errors.As(err, &ret) || errors.As(err, &e)
}

func asRunError(f *cards.Failure) *RunError {
	return &RunError{Path: Path(f.Path), StepID: f.Step, Err: f.Err}
}

func (m *machine) step(ctx context.Context, path Path, s *planned, f *frame) (schema.Values, error) {
	c := Call{Step: s.step, Card: s.card, Timeout: s.timeout}
	if m.steps.Add(1) > m.limits.steps {
		return nil, m.limits.tooManySteps()
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
