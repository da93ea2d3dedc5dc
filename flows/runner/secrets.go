package runner

import (
	"context"
	"crypto/rand"
	"errors"

	"flowdeck/cards"
	"flowdeck/flows"
)

// supply gives a run the variables that its program asks for. They are those of the time
// at which the run began, so that a run which is taken up again reads the same.
func (r *run) supply(ctx context.Context, program *flows.Program, s *flows.Start) (err error) {
	if program.AsksVars() && r.x.o.Vars != nil {
		s.Vars, err = r.x.o.Vars(context.WithoutCancel(ctx), r.Created)
	}
	if program.AsksSecrets() {
		r.mark = rand.Text()
		s.Mark = r.mark
	}
	return err
}

// reveal gives a card its secrets, at the last moment: nothing but the card sees them. A
// *cards.Error fails the card; any other error stops the run, as trouble does that passes.
func (r *run) reveal(ctx context.Context, c flows.Call) (flows.Call, error) {
	if r.mark == "" {
		return c, nil
	}
	in, err := flows.Reveal(c.Card.Inputs, c.In, r.mark, func(name string) (string, error) {
		if r.x.o.Secret == nil {
			return "", flows.ErrNotFound
		}
		return r.x.o.Secret(ctx, name)
	})
	var known *cards.Error
	if err != nil && !errors.As(err, &known) && ctx.Err() == nil && !r.x.o.Passes(err) {
		r.x.o.Log.Error("a secret could not be opened", "run", r.ID, "flow", r.FlowID, "step", c.Step.ID, "error", err)
		err = &cards.Error{Code: flows.CodeNoSecret, Message: "a secret of this card cannot be opened; the server's log says why"}
	}
	c.In = in
	return c, err
}
