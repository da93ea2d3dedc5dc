package web

import (
	"context"
	"fmt"
	"time"

	"flowdeck/connectors"
	"flowdeck/flows/store"
	"flowdeck/oauth"
)

// keyring returns the keys that access tokens are signed with, each opened once. The
// first is made when it is needed, and replaced when it is old.
func (a *authority) keyring(ctx context.Context) (oauth.Keyring, error) {
	if _, err := a.current(ctx); err != nil {
		return nil, err
	}
	if ring := a.ready(); ring != nil {
		return ring, nil
	}
	a.turning.Lock()
	defer a.turning.Unlock()
	for range 3 { // once to read, once to read what was made, once because somebody else was faster
		if ring := a.ready(); ring != nil {
			return ring, nil
		}
		edition, err := a.current(ctx)
		if err != nil {
			return nil, err
		}
		ring, err := a.openKeys(ctx)
		if err != nil {
			return nil, err
		}
		now := a.server.Now()
		if len(ring) > 0 && ring[0].Retired.IsZero() && now.Sub(ring[0].Created) < oauth.SigningLife {
			a.mu.Lock()
			if a.edition == edition {
				a.ring, a.ringDue = ring, now.Add(time.Hour)
			}
			a.mu.Unlock()
			return ring, nil
		}
		notBefore := now.Add(-oauth.SigningLife)
		if len(ring) == 0 || !ring[0].Retired.IsZero() {
			notBefore = now // the one in use cannot be opened with this master key
		}
		if err := a.rotate(ctx, notBefore); err != nil {
			return nil, err
		}
	}
	return nil, fmt.Errorf("no signing key after three tries")
}

func (a *authority) ready() oauth.Keyring {
	a.mu.RLock()
	defer a.mu.RUnlock()
	if a.ring == nil || a.server.Now().After(a.ringDue) {
		return nil
	}
	return a.ring
}

func (a *authority) openKeys(ctx context.Context) (ring oauth.Keyring, err error) {
	now := a.server.Now()
	rows, err := a.server.Store.SigningKeys(ctx, now.Add(-oauth.SigningOverlap))
	if err != nil {
		return nil, err
	}
	for _, row := range rows {
		secret, err := a.server.Vault.OpenKey(connectors.SealedKey{ID: row.ID, Sealed: row.Sealed, Key: row.Key})
		if err != nil {
			a.server.Log.ErrorContext(ctx, "a signing key cannot be opened; another one is made", "key", row.ID, "err", err)
			continue
		}
		key, err := oauth.OpenSigningKey(row.ID, secret)
		if err != nil {
			return nil, fmt.Errorf("signing key %s: %w", row.ID, err)
		}
		key.Created, key.Retired = row.Created, row.Retired
		ring = append(ring, key)
	}
	return ring, nil
}

// rotate makes a new signing key, unless another server just did. The one before goes on
// being published and believed until the tokens that it signed have expired.
func (a *authority) rotate(ctx context.Context, notBefore time.Time) error {
	now := a.server.Now()
	key, secret, err := oauth.NewSigningKey(now)
	if err != nil {
		return err
	}
	sealed, err := a.server.Vault.SealKey(key.ID, secret)
	if err != nil {
		return err
	}
	return a.server.Store.RotateSigningKey(ctx, store.SigningKey{ID: key.ID, Created: now, Sealed: sealed.Sealed, Key: sealed.Key}, notBefore, oauth.SigningOverlap)
}
