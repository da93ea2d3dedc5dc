package connectors

import (
	"context"
	"errors"
	"fmt"
	"net/url"

	"flowdeck/cards/trace"
)

// Answered is the service sending a person back with query: it checks the answer,
// trades the code for a token, seals that, and tests the connection when it has a
// test URL. What the service refuses is no error here: it is in the Attempt that
// comes back. Errors are ErrNoAttempt for an unknown state, ErrUsed, ErrExpired,
// ErrNotYours, and ours.
func (c *Clients) Answered(ctx context.Context, query url.Values, user string) (Attempt, error) {
	state := query.Get("state")
	found, err := c.storage.AttemptByState(ctx, hashState(state))
	if err != nil {
		return Attempt{}, err
	}
	// A browser that goes away must not lose a code that can be used once.
	ctx = context.WithoutCancel(ctx)
	var a Attempt
	err = c.storage.UpdateAttempt(ctx, found.ID, func(row *Attempt) error {
		a = *row
		switch {
		case row.Status != AttemptWaiting:
			return ErrUsed
		case row.Expired(c.now()):
			return ErrExpired
		case row.OpenedBy != user:
			return ErrNotYours
		}
		row.Status = AttemptExchanging
		return nil
	})
	if err != nil {
		return a, err
	}
	p, err := c.vault.openPending(a)
	if err != nil || !sameState(p.State, state) {
		return a, errors.Join(ErrNoAttempt, err)
	}
	answer := Answer{Code: query.Get("code"), Issuer: query.Get("iss"), Error: query.Get("error"),
		Description: query.Get("error_description"), URI: query.Get("error_uri")}
	if err := c.exchange(ctx, a, p, answer); err != nil {
		return c.refused(ctx, a, err, answer.Code, p.Verifier)
	}
	if row, err := c.storage.Connection(ctx, a.ConnectionID); err == nil && row.TestURL != "" {
		if _, err := c.Test(ctx, a.ConnectionID); err != nil {
			c.log.Warn("test a connection after its sign-in", "connection", a.ConnectionID, "err", err)
		}
	}
	return c.ended(ctx, a.ID, AttemptDone, "", "")
}

// exchange turns the service's answer into a sealed token.
func (c *Clients) exchange(ctx context.Context, a Attempt, p pending, answer Answer) error {
	auth, err := c.interactive(ctx, a.ConnectionID)
	if err != nil {
		return err
	}
	code, err := auth.Returned(answer)
	if err != nil {
		return err
	}
	asking := trace.With(ctx, nil)
	if s, err := c.session(ctx, a.ConnectionID); err == nil {
		asking = context.WithValue(asking, maskerKey{}, s.masks.Load().also(code, p.Verifier))
	}
	token, err := auth.Exchange(asking, c.tokenClient(ctx, a.ConnectionID), a.Redirect, code, p.Verifier)
	if err != nil {
		return err
	}
	token = token.at(c.now())
	err = c.storage.UpdateConnection(ctx, a.ConnectionID, func(row *Connection) error {
		secrets, err := c.vault.Open(*row)
		if err != nil {
			return err
		}
		row.Life.changedHands(secrets.Token.Account, token.Account, c.now())
		secrets.Token = token
		row.signedIn(token, true)
		return c.vault.Seal(row, secrets)
	})
	c.Forget(a.ConnectionID)
	return err
}

// refused ends an attempt with what went wrong, in the service's own words but for
// the secrets: the code may still be good, and with the verifier anybody could use it.
func (c *Clients) refused(ctx context.Context, a Attempt, err error, secret ...string) (Attempt, error) {
	code, detail := "unreachable", plainError(err)
	var said *TokenError
	if errors.As(err, &said) {
		code, detail = said.Code, said.Error()
	}
	if row, e := c.storage.Connection(ctx, a.ConnectionID); e == nil {
		if kind, _, secrets, e := c.unseal(row); e == nil {
			detail = newMasker(append(secret, secretsOf(kind.Form, secrets.Settings)...)).text(detail)
		}
	}
	if err := c.notSignedIn(ctx, a.ConnectionID, detail); err != nil {
		return a, fmt.Errorf("note a refused sign-in: %w", err)
	}
	return c.ended(ctx, a.ID, AttemptFailed, code, detail)
}

func (c *Clients) ended(ctx context.Context, id string, status AttemptStatus, code, detail string) (Attempt, error) {
	var a Attempt
	err := c.storage.UpdateAttempt(ctx, id, func(row *Attempt) error {
		row.Status, row.Code, row.Detail, row.Sealed = status, code, detail, nil
		a = *row
		return nil
	})
	return a, err
}
