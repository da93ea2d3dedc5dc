package connectors

import (
	"context"
	"errors"
	"time"

	"flowdeck/cards/trace"
)

// renewal is what everybody who waited for one renewal gets.
type renewal struct {
	token Token
	trace *trace.Trace
}

// fresh returns a token that may be sent. rejected is the access token that the
// service has just turned down, or "".
func (s *session) fresh(ctx context.Context, rejected string) (Token, error) {
	now := s.clients.now()
	s.mu.Lock()
	token, failure, retry := s.token, s.failure, s.retry
	s.mu.Unlock()
	if rejected == "" && token.Fresh(now) || rejected != "" && token.Access != rejected && token.Access != "" {
		return token, nil
	}
	stillValid := rejected == "" && token.Access != "" && now.Before(token.Expires)
	if failure == nil || !now.Before(retry) {
		got, err := s.renewal(ctx, rejected)
		if err == nil && got.Access == rejected {
			got, err = s.renewal(ctx, rejected) // we joined one that did not know yet
		}
		if err == nil || ctx.Err() != nil {
			return got, err
		}
		failure = err
	}
	if stillValid {
		trace.From(ctx).Say(now, "the token could not be renewed, it is good until "+token.Expires.UTC().Format(time.RFC3339)+": "+failure.Error(), true)
		return token, nil
	}
	return Token{}, s.signIn(failure)
}

// renewal joins the renewal under way or begins one, and waits for it.
func (s *session) renewal(ctx context.Context, rejected string) (Token, error) {
	c := s.clients
	done := c.renewals.DoChan(s.id, func() (any, error) {
		c.late.Add(1)
		defer c.late.Done()
		// Whoever asked may go away; the answer may hold the only refresh token there is.
		wire := &trace.Trace{}
		ctx := context.WithValue(ctx, maskerKey{}, s.masks.Load())
		alone, cancel := context.WithTimeout(trace.With(context.WithoutCancel(ctx), wire), tokenTimeout+10*time.Second)
		defer cancel()
		t, err := s.renew(alone, rejected)
		return renewal{t, wire}, err
	})
	select {
	case <-ctx.Done():
		return Token{}, ctx.Err()
	case r := <-done:
		got := r.Val.(renewal)
		for _, x := range got.trace.Exchanges {
			trace.From(ctx).Add(x)
		}
		return got.token, r.Err
	}
}

// renew gets a new token and commits it before anybody may use it. Only one runs at a time.
func (s *session) renew(ctx context.Context, rejected string) (Token, error) {
	row, err := s.clients.storage.Connection(ctx, s.id)
	if err != nil {
		return Token{}, err
	}
	_, auth, secrets, err := s.clients.unseal(row)
	if err != nil {
		return Token{}, err
	}
	refresher, ok := auth.(Refresher)
	if !ok {
		return Token{}, errors.New("its type was changed")
	}
	held := secrets.Token
	if held.Fresh(s.clients.now()) && held.Access != rejected {
		s.adopt(held, row.Revision) // someone else renewed it
		return held, nil
	}
	got, given := s.clients.pendingToken(s.id, held)
	if !given {
		if got, err = refresher.Refresh(ctx, s.clients.tokens, held); err != nil {
			return Token{}, s.failed(ctx, err)
		}
		got = got.at(s.clients.now())
		s.clients.keepPending(s.id, exchanged{held, got})
	}
	return s.commit(ctx, held, got)
}

// exchanged is a token and the one it was given for.
type exchanged struct{ held, got Token }

// keepPending holds a token until it is committed: a commit that fails must not
// lose a rotated refresh token.
func (c *Clients) keepPending(id string, x exchanged) {
	c.mu.Lock()
	c.unsaved[id] = x
	c.mu.Unlock()
}

func (c *Clients) pendingToken(id string, held Token) (Token, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	x, ok := c.unsaved[id]
	return x.got, ok && x.held.same(held)
}

// commit stores got in place of held, unless a person signed in again meanwhile.
func (s *session) commit(ctx context.Context, held, got Token) (Token, error) {
	var revision int64
	err := s.clients.storage.UpdateConnection(ctx, s.id, func(row *Connection) error {
		secrets, err := s.clients.vault.Open(*row)
		if err != nil {
			return err
		}
		revision = row.Revision + 1
		if !secrets.Token.same(held) {
			got = secrets.Token
			return nil
		}
		secrets.Token = got
		row.State, row.StateDetail, row.Expires = Ready, "", got.Ends()
		if !s.kind.Interactive() {
			row.Expires = time.Time{} // another token is had for the asking
		}
		return s.clients.vault.Seal(row, secrets)
	})
	if err != nil {
		return Token{}, err
	}
	s.clients.mu.Lock()
	delete(s.clients.unsaved, s.id)
	s.clients.mu.Unlock()
	s.adopt(got, revision)
	return got, nil
}

func (s *session) adopt(t Token, revision int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.token, s.failure, s.failures, s.retry = t, nil, 0, time.Time{}
	s.revision.Store(revision)
	s.remask()
}

// failed remembers a refusal, so that not every request asks again, and tells the row.
func (s *session) failed(ctx context.Context, err error) error {
	now := s.clients.now()
	words := s.masks.Load().text(err.Error())
	state := Failing
	var said *TokenError
	final := errors.As(err, &said) && said.Final() && s.kind.Interactive()
	if final {
		state = NeedsSignIn
	}
	s.mu.Lock()
	wait := min(5*time.Second<<min(s.failures, 4), time.Minute)
	s.failures++
	s.failure, s.retry = err, now.Add(wait)
	usable := s.token.Access != "" && now.Before(s.token.Expires)
	s.mu.Unlock()
	if usable && !final {
		return err
	}
	stored := s.clients.storage.UpdateConnection(ctx, s.id, func(row *Connection) error {
		row.State, row.StateDetail = state, words
		s.revision.Store(row.Revision + 1)
		return nil
	})
	if stored != nil {
		s.clients.log.Error("note that a connection cannot sign in", "connection", s.id, "err", stored)
	}
	return err
}

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
	return &SignInError{Connection: s.name, Message: message, Err: masked{s.masks.Load().text(err.Error()), err}}
}

// masked is an error whose words were cleaned.
type masked struct {
	words string
	err   error
}

func (m masked) Error() string { return m.words }
func (m masked) Unwrap() error { return m.err }
