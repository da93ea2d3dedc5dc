package runner

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"strings"
	"time"

	"flowdeck/cards"
	"flowdeck/flows"
)

// notBegun is why a card that was about to begin did not.
var notBegun = errors.New("the run was cut off before the card began")

// failure says what err, of a card, is to the flow. It is nil when the run is
// cut off, in a way that has to be left open for the next worker.
func (r *run) failure(ctx context.Context, a *flows.Attempt, err error) (*cards.Error, error) {
	e := cards.ErrorOf(err)
	if ctx.Err() != nil && !strings.HasPrefix(e.Code, "http_") {
		return nil, r.cutOff(ctx, a, err)
	}
	if e.Code == cards.CodeBug {
		r.x.o.Log.Error("a card broke", "run", r.ID, "flow", r.FlowID, "step", a.Path, "attempt", a.Number, "card", a.Card, "error", e.Err)
	}
	return e, nil
}

// cutOff records the attempt that the end of ctx ended.
func (r *run) cutOff(ctx context.Context, a *flows.Attempt, err error) error {
	cause := r.stop(ctx, a.Path)
	a.Status = flows.Failed
	switch {
	case errors.Is(cause, ErrCancelled):
		a.Error = &cards.Error{Code: cards.CodeCancelled, Message: "the run was cancelled while this card was under way"}
	case errors.Is(cause, errRunTimeout):
		a.Error = &cards.Error{Code: cards.CodeTimeout, Message: "the run's time was up while this card was under way"}
	case err == notBegun:
		a.Error = interrupted()
	default:
		return cause
	}
	r.ledger.add(a)
	return cause
}

// bug keeps what only we can mend out of sight, and in the log.
func (r *run) bug(v any) *cards.Error {
	r.x.o.Log.Error("a run broke", "run", r.ID, "flow", r.FlowID, "error", fmt.Sprint(v), "stack", string(debug.Stack()))
	return &cards.Error{Code: cards.CodeBug, Message: "the run stopped by a mistake of Flowdeck's own; the server's log says more"}
}

func tookTooLong(limit time.Duration, err error) error {
	var e *cards.Error
	if errors.As(err, &e) && (e.Code == cards.CodeTimeout || strings.HasPrefix(e.Code, "http_")) {
		return err
	}
	return &cards.Error{Code: cards.CodeTimeout, Message: fmt.Sprintf("it took longer than %s", limit), Retryable: true, Err: err}
}

// envFailure tells what is wrong with the connection from what is wrong with us.
func envFailure(err error) (error, bool) {
	var (
		e     *cards.Error
		coded interface{ CardCode() string }
	)
	switch {
	case errors.As(err, &e), errors.As(err, &coded):
		return cards.ErrorOf(err), true
	case errors.Is(err, flows.ErrNotFound):
		return &cards.Error{Code: cards.CodeSignIn, Message: "the connection of this card is gone: choose another and publish the flow", Err: err}, true
	}
	return err, false
}
