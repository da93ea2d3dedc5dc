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
	if rejected != "" {
		s.spent = rejected
	}
	s.mu.Unlock()
	if rejected == "" && token.Fresh(now) || rejected != "" && token.Access != rejected && token.Access != "" {
		return token, nil
	}
	stillValid := rejected == "" && token.Access != "" && now.Before(token.Expires)
	if failure == nil || !now.Before(retry) {
		enough := func(t Token) bool { return t.Fresh(s.clients.now()) && t.Access != rejected }
		got, err := s.renewal(ctx, enough)
		if err == nil && got.Access == rejected {
			got, err = s.renewal(ctx, enough) // we joined one that did not know yet
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

// renewal joins the renewal under way or begins one, and waits for it. enough says of
// a token that it needs no renewal.
func (s *session) renewal(ctx context.Context, enough func(Token) bool) (Token, error) {
	c := s.clients
	done := c.renewals.DoChan(s.id, func() (any, error) {
		c.late.Add(1)
		defer c.late.Done()
		// Whoever asked may go away; the answer may hold the only refresh token there is.
		wire := &trace.Trace{}
		ctx := context.WithValue(ctx, maskerKey{}, s.masks.Load())
		alone, cancel := context.WithTimeout(trace.With(context.WithoutCancel(ctx), wire), 2*c.lease)
		defer cancel()
		t, err := s.renew(alone, enough)
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

// renew gets a new token and commits it before anybody may use it. Only one runs at a
// time: in this process by singleflight, among processes by the lease in the row.
func (s *session) renew(ctx context.Context, enough func(Token) bool) (Token, error) {
	var dead Lifecycle
	for {
		asking, cancel := context.WithTimeout(ctx, askTimeout) // begins before the lease does
		t, err := s.claim(ctx, enough, dead)
		if err == nil {
			t.got, err = s.ask(asking, t)
		}
		cancel()
		var leased *leasedError
		switch {
		case errors.As(err, &leased):
			if dead, err = s.outwait(ctx, leased.life); err != nil {
				return Token{}, err
			}
		case errors.Is(err, errEnough) && !t.given:
			s.adopt(t.held, t.revision) // someone else renewed it
			return t.held, nil
		case err != nil && !errors.Is(err, errEnough):
			return Token{}, err
		default:
			return s.commit(ctx, t.held, t.got)
		}
	}
}

// ask asks the service for a new token, and keeps the answer until it is committed.
func (s *session) ask(ctx context.Context, t turn) (Token, error) {
	got, err := t.refresher.Refresh(ctx, s.reach.tokens, t.held)
	if err != nil {
		s.traffic.NotRenewed.Add(1)
		return Token{}, s.failed(context.WithoutCancel(ctx), t, t.explain(err))
	}
	s.traffic.Renewed.Add(1)
	got = got.at(s.clients.now()).renewalOf(t.held)
	s.clients.keepPending(s.id, exchanged{t.held, got})
	return got, nil
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
	c := s.clients
	var revision int64
	err := c.storage.UpdateConnection(ctx, s.id, func(row *Connection) error {
		secrets, err := c.vault.Open(*row)
		if err != nil {
			return err
		}
		revision = row.Revision + 1
		row.Life.release(c.holder)
		if !secrets.Token.same(held) {
			got = secrets.Token
			return nil
		}
		secrets.Token = got
		row.signedIn(got, s.kind.Interactive())
		return c.vault.Seal(row, secrets)
	})
	if err != nil {
		return Token{}, err
	}
	c.mu.Lock()
	delete(c.unsaved, s.id)
	c.mu.Unlock()
	s.adopt(got, revision)
	return got, nil
}

// signedIn notes a token that was just given. Where no person is involved another one
// is had for the asking, so that it never ends.
func (row *Connection) signedIn(got Token, interactive bool) {
	row.State, row.StateDetail, row.Expires = Ready, "", time.Time{}
	row.Life.renewed()
	row.Life.Due, row.Life.Fixed = time.Time{}, false
	if interactive {
		row.Expires, row.Life.Due = got.Ends(), got.due()
		row.Life.Fixed = got.Fixed && got.Refresh != ""
	}
}

func (s *session) adopt(t Token, revision int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.token, s.failure, s.failures, s.retry = t, nil, 0, time.Time{}
	s.revision.Store(revision)
	s.remask()
}
