package connectors

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// tolerated is how many failures in a row that are nobody's refusal (no answer, an
// answer of 500, too many requests) are tolerated before a connection is said to fail.
const tolerated = 2

// failed remembers a failure, so that not every request asks again, and writes it to
// the row. A token that still works goes on working, and the row then says until when.
func (s *session) failed(ctx context.Context, t turn, err error) error {
	c, now := s.clients, s.clients.now()
	words := s.masks.Load().text(err.Error())
	refused := isRefusal(err)
	var said *TokenError
	answered := errors.As(err, &said)
	final := answered && said.Final() && s.kind.Interactive()
	var asked time.Duration // to wait
	if answered {
		asked = said.After
	}
	s.mu.Lock()
	ends := t.held.Expires // zero when nobody knows
	usable := t.held.Access != "" && t.held.Access != s.spent && (ends.IsZero() || now.Before(ends))
	s.mu.Unlock()
	stored := c.storage.UpdateConnection(ctx, s.id, func(row *Connection) error {
		life := &row.Life
		life.release(c.holder)
		life.fail(now, words, refused)
		if answered {
			life.Asked, life.With = time.Time{}, "" // the token did not change hands
		}
		if s.kind.Interactive() && t.held.Refresh != "" {
			life.Due = now.Add(max(backoff(5*time.Minute, life.Failures, 6*time.Hour), asked))
		} else {
			life.Due = time.Time{}
		}
		switch {
		case usable && !refused && (ends.IsZero() || life.Failures <= tolerated):
		case usable && !ends.IsZero():
			row.Expires = ends
		case final:
			row.State, row.StateDetail, row.Expires = NeedsSignIn, words, time.Time{}
		case refused || life.Failures >= tolerated:
			row.State, row.StateDetail, row.Expires = Failing, words, time.Time{}
		}
		s.evidence.doubt(row.mayWork(t.held))
		s.revision.Store(row.Revision + 1)
		return nil
	})
	if stored != nil {
		c.log.Error("note that a connection cannot sign in", "connection", s.id, "err", stored)
	}
	longest := time.Minute
	if refused {
		longest = 5 * time.Minute
	}
	s.mu.Lock()
	s.failures++
	s.failure, s.retry = err, now.Add(max(backoff(5*time.Second, s.failures, longest), asked))
	s.mu.Unlock()
	return err
}

// backoff doubles first with every failure in a row, up to longest.
func backoff(first time.Duration, failures int, longest time.Duration) time.Duration {
	return min(first<<min(max(failures-1, 0), 16), longest)
}

// lostError is a refusal of a token that may have been traded for another one before,
// by a question whose answer never arrived.
type lostError struct {
	asked   time.Time
	stopped bool
	err     error
}

// explain adds to a refusal what may have caused it.
func (t turn) explain(err error) error {
	var said *TokenError
	if t.lost.IsZero() || !errors.As(err, &said) || !said.Final() {
		return err
	}
	return &lostError{t.lost, t.stopped, err}
}

func (e *lostError) Error() string {
	at := e.asked.UTC().Format("2 January 15:04:05 MST")
	if e.stopped {
		return fmt.Sprintf("Flowdeck stopped while the token was being renewed (%s). The new token never arrived, and the service does not take the old one any more: %v", at, e.err)
	}
	return fmt.Sprintf("The answer to a renewal was lost on its way (%s), perhaps with a new token in it, and the service does not take the old one any more: %v", at, e.err)
}

func (e *lostError) Unwrap() error { return e.err }

// signIn is what a card reads when there is no token to send.
func (s *session) signIn(err error) error {
	var said *TokenError
	message := "it cannot sign in right now"
	switch {
	case errors.As(err, &said) && said.Final() && s.kind.Interactive():
		message = "someone has to sign in again (Reauthorize)"
	case errors.As(err, &said) && said.SettingsAreWrong():
		message = "the service refuses its settings"
	}
	e := &SignInError{Connection: s.name, Message: message, Err: masked{s.masks.Load().text(err.Error()), err}}
	if e.Passing = isPassing(err); e.Passing {
		s.mu.Lock()
		e.After = max(s.retry.Sub(s.clients.now()), 0)
		s.mu.Unlock()
	}
	return e
}

// masked is an error whose words were cleaned.
type masked struct {
	words string
	err   error
}

func (m masked) Error() string { return m.words }
func (m masked) Unwrap() error { return m.err }
