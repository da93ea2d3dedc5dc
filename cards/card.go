package cards

import (
	"context"
	"fmt"

	"flowdeck/cards/schema"
)

// Card is a Spec, what its functions' types say, and what it does.
type Card struct {
	Spec
	Kind    Kind
	Inputs  schema.Form
	Outputs schema.Form

	call    func(context.Context, Env, schema.Values) (schema.Values, error)
	control func(Flow, schema.Values) (schema.Values, error)
}

// Call runs a function card. A failure the author may see is an *Error. A panic
// is one with the code "bug".
func (c Card) Call(ctx context.Context, env Env, in schema.Values) (out schema.Values, err error) {
	defer recovered(c.Name, &err)
	return c.call(ctx, env, in)
}

// Control runs a control card.
func (c Card) Control(flow Flow, in schema.Values) (out schema.Values, err error) {
	defer recovered(c.Name, &err)
	return c.control(flow, in)
}

// SafeToRepeat reports whether running the card again with in does no harm when
// a crash hid the result of the first time.
func (c Card) SafeToRepeat(in schema.Values) bool {
	if c.Repeatable != nil {
		return c.Repeatable(in)
	}
	return !c.World || c.Idempotent
}

// Writes reports whether running the card with in may change something outside, so
// that a person who only tries it wants to see first what it would send.
func (c Card) Writes(in schema.Values) bool {
	if c.Changes != nil {
		return c.Changes(in)
	}
	return c.World && !c.SafeToRepeat(in)
}

// NewEvent declares a card that begins a flow with an Out; Settings is its form.
func NewEvent[Settings, Out any](s Spec) Card { return declare[Settings, Out](s, Event) }

// NewFunction declares a card that does one thing.
func NewFunction[In, Out any](s Spec, f func(context.Context, Env, In) (Out, error)) Card {
	c := declare[In, Out](s, Function)
	inputs, outputs := c.Inputs, c.Outputs
	c.call = func(ctx context.Context, env Env, v schema.Values) (schema.Values, error) {
		var in In
		if err := inputs.Decode(v, &in); err != nil {
			return nil, ErrorOf(err)
		}
		out, err := f(ctx, env, in)
		return encoded(outputs, &out, err)
	}
	return c
}

// NewControl declares a card that decides which cards run next.
func NewControl[In, Out any](s Spec, f func(Flow, In) (Out, error)) Card {
	c := declare[In, Out](s, Control)
	inputs, outputs := c.Inputs, c.Outputs
	c.control = func(flow Flow, v schema.Values) (schema.Values, error) {
		var in In
		if err := inputs.Decode(v, &in); err != nil {
			return nil, ErrorOf(err)
		}
		out, err := f(flow, in)
		return encoded(outputs, &out, err)
	}
	return c
}

// encoded turns what a card returned into Values. Only problems become an Error
// here: the errors of a flow's blocks and of its end pass through a control card
// as they are.
func encoded(form schema.Form, out any, err error) (schema.Values, error) {
	if p, wrong := err.(schema.Problems); wrong {
		return nil, ErrorOf(p)
	}
	if err != nil {
		return nil, err
	}
	return form.Encode(out)
}

func declare[In, Out any](s Spec, k Kind) Card {
	c := Card{Spec: s, Kind: k, Inputs: schema.Of[In](), Outputs: schema.Of[Out]()}
	for _, f := range c.Outputs.Fields {
		if f.Secret { // an engine must be able to give an output back after a crash
			panic(fmt.Sprintf("cards: %s puts a secret in its output %s", s.Name, f.Name))
		}
	}
	return c
}
