package connectors

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"fmt"

	"golang.org/x/oauth2"
)

// Errors of sign-ins that callers branch on.
var (
	ErrUsed     = errors.New("this sign-in link was used already")
	ErrExpired  = errors.New("this sign-in link expired")
	ErrNotYours = errors.New("this sign-in was opened by someone else")
)

// Begin starts a sign-in: it stores an attempt whose link a person opens. redirect
// is the redirect URL registered at the service, by a user's id, purpose the card
// that waits for it ("<flow>/<step>") or "".
func (c *Clients) Begin(ctx context.Context, connectionID, redirect, by, purpose string) (Attempt, error) {
	row, err := c.storage.Connection(ctx, connectionID)
	if err != nil {
		return Attempt{}, err
	}
	if kind, ok := c.types.Type(row.Type); !ok || !kind.Interactive() {
		return Attempt{}, fmt.Errorf("connection %s: nobody signs in to type %s", row.ID, row.Type)
	}
	if _, err := c.vault.Open(row); err != nil { // what the sign-in needs could not be had later either
		return Attempt{}, fmt.Errorf("connection %s: %w", row.ID, err)
	}
	now := c.now()
	p := pending{State: rand.Text(), Verifier: oauth2.GenerateVerifier()}
	a := Attempt{ID: rand.Text(), ConnectionID: row.ID, StateHash: hashState(p.State), Redirect: redirect, For: purpose,
		Status: AttemptWaiting, By: by, Created: now, Expires: now.Add(AttemptLife)}
	if err := c.vault.sealPending(&a, p); err != nil {
		return Attempt{}, err
	}
	if err := c.storage.CreateAttempt(ctx, a); err != nil {
		return Attempt{}, err
	}
	return a, c.storage.UpdateConnection(ctx, row.ID, func(row *Connection) error {
		if row.State == Untested || row.State == Failing { // one that works goes on working meanwhile
			row.State, row.StateDetail, row.Updated = SigningIn, "Waiting for someone to sign in", now
		}
		return nil
	})
}

// Open is somebody opening the link of a sign-in: it returns the service's address
// to go to. Until the sign-in ends it may be opened again, by the same user.
func (c *Clients) Open(ctx context.Context, attemptID, user string) (string, error) {
	a, err := c.storage.Attempt(ctx, attemptID)
	if err != nil {
		return "", err
	}
	err = c.storage.UpdateAttempt(ctx, a.ID, func(a *Attempt) error {
		switch {
		case a.Status != AttemptWaiting:
			return ErrUsed
		case a.Expired(c.now()):
			return ErrExpired
		}
		a.OpenedBy = user
		return nil
	})
	if err != nil {
		return "", err
	}
	p, err := c.vault.openPending(a)
	if err != nil {
		return "", err
	}
	auth, err := c.interactive(ctx, a.ConnectionID)
	if err != nil {
		return "", err
	}
	return auth.ConsentURL(a.Redirect, p.State, p.Verifier)
}

// Cancel ends a sign-in that nobody wants any more. One that has ended stays as it is.
func (c *Clients) Cancel(ctx context.Context, attemptID string) error {
	var ended bool
	var id string
	err := c.storage.UpdateAttempt(ctx, attemptID, func(a *Attempt) error {
		id = a.ConnectionID
		if ended = a.Status != AttemptWaiting; !ended {
			a.Status = AttemptCancelled
			a.Sealed = nil
		}
		return nil
	})
	if err != nil || ended {
		return err
	}
	return c.notSignedIn(ctx, id, "The sign-in was cancelled")
}

// interactive opens a connection that people sign in to.
func (c *Clients) interactive(ctx context.Context, id string) (Interactive, error) {
	row, err := c.storage.Connection(ctx, id)
	if err != nil {
		return nil, err
	}
	_, auth, _, err := c.unseal(row)
	if err != nil {
		return nil, err
	}
	i, ok := auth.(Interactive)
	if !ok {
		return nil, fmt.Errorf("connection %s: nobody signs in to type %s", id, row.Type)
	}
	return i, nil
}

// notSignedIn says why a connection that was signing in is not signed in.
func (c *Clients) notSignedIn(ctx context.Context, id, why string) error {
	return c.storage.UpdateConnection(ctx, id, func(row *Connection) error {
		if row.State == SigningIn {
			row.State, row.StateDetail = NeedsSignIn, why
		}
		return nil
	})
}

func hashState(state string) string {
	sum := sha256.Sum256([]byte(state))
	return hex.EncodeToString(sum[:])
}

func sameState(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }
