package cards

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"flowdeck/cards/schema"
)

// ErrorOf returns any failure of a card as the Error that its flow sees; nil for nil.
// Problems are invalid_input, ends of contexts are timeout and cancelled, errors
// that know their code (CardCode() string, and CardMessage() string if they like)
// keep it, and everything else is a bug.
func ErrorOf(err error) *Error {
	if err == nil {
		return nil
	}
	if known := (*Error)(nil); errors.As(err, &known) {
		return known
	}
	var problems schema.Problems
	if errors.As(err, &problems) {
		return &Error{Code: CodeInvalidInput, Message: problems.Error(), Err: err}
	}
	var coded interface {
		error
		CardCode() string
	}
	if errors.As(err, &coded) {
		e := &Error{Code: coded.CardCode(), Message: coded.Error(), Err: err}
		var worded interface{ CardMessage() string }
		if errors.As(err, &worded) {
			e.Message = worded.CardMessage()
		}
		var again interface{ CardRetryable() bool }
		e.Retryable = errors.As(err, &again) && again.CardRetryable()
		var later interface{ CardAfter() time.Duration }
		if errors.As(err, &later) {
			e.After = later.CardAfter()
		}
		return e
	}
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return &Error{Code: CodeTimeout, Message: "the card did not finish in the time it had", Retryable: true, Err: err}
	case errors.Is(err, context.Canceled):
		return &Error{Code: CodeCancelled, Message: "the run was cancelled", Err: err}
	}
	return &Error{Code: CodeBug, Message: "the card failed in a way it should not; the server's log says more", Err: err}
}

// recovered makes err of a panic of the card name: a mistake in the card, not in the flow.
func recovered(name string, err *error) {
	if r := recover(); r != nil {
		*err = &Error{Code: CodeBug, Message: "the card " + name + " stopped by a mistake of its own; the server's log says more",
			Err: fmt.Errorf("panic in %s: %v\n%s", name, r, debug.Stack())}
	}
}
