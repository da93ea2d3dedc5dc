package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"flowdeck/connectors"
	"flowdeck/flows/store"
)

// rekeySettings are those of the command that changes the master key.
type rekeySettings struct {
	storageSettings `embed:""`
	keySettings     `embed:""`
}

// settle is how long a server may take from reading the key file to storing what it
// wrapped with the key that it read.
const settle = 2 * time.Second

// run changes the master key when it is the one of the database: a key that is dropped
// beside another database is lost, with all that it opens.
func (r rekeySettings) run(ctx context.Context, to streams) error {
	st, err := r.existing(ctx, r.logger(to))
	if err != nil {
		return err
	}
	sealed, err := st.HoldsSealed(ctx)
	switch {
	case err != nil:
	case sealed:
		err = r.change(ctx, to, st)
	default:
		where := r.dsn()
		if isPostgres(where) {
			where = "the PostgreSQL database" // its address may hold a password
		}
		err = fmt.Errorf("%s holds nothing that a master key has sealed, so the key was not changed: name the database that the server uses (--data, --database)", where)
	}
	return errors.Join(err, st.Close())
}

// change changes the master key while servers go on working: the new key is written beside
// the old one, becomes the current one, every data key is wrapped with it, and when none
// is left the old one is dropped. Cut off anywhere, everything can be opened, and the
// next run goes on. A key from the environment is changed there; then this wraps again.
func (r rekeySettings) change(ctx context.Context, to streams, st *store.Store) error {
	path := r.path(r.Data)
	if path != "" {
		unlock, err := lockRekey(path)
		if err != nil {
			return err
		}
		defer unlock()
		resumed, err := connectors.NextKey(path)
		if err != nil {
			return fmt.Errorf("change the master key: %w", err)
		}
		if resumed {
			fmt.Fprintln(to.out, "Going on with a change of the master key that was cut off.")
		}
	}
	vault, _, err := r.vault(r.Data)
	if err != nil {
		return err
	}
	wrapped, err := rewrapAll(ctx, st, vault)
	if err != nil {
		return fmt.Errorf("wrap the data keys again: %w (nothing is lost: run it again)", err)
	}
	if path != "" {
		if err := connectors.DropOldKey(path); err != nil {
			return fmt.Errorf("drop the old master key: %w (run it again)", err)
		}
	}
	_, err = fmt.Fprintf(to.out, "The master key is changed: %d data keys are wrapped with it.\n", wrapped)
	if path == "" && err == nil {
		_, err = fmt.Fprintln(to.out, "FLOWDECK_MASTER_KEY_OLD is not needed any more.")
	}
	return err
}

// rewrapAll wraps until a whole round finds nothing to wrap, some time after another one did.
func rewrapAll(ctx context.Context, st *store.Store, vault *connectors.Vault) (wrapped int, err error) {
	for quiet := 0; quiet < 2; {
		n, err := rewrapOnce(ctx, st, vault)
		if wrapped += n; err != nil {
			return wrapped, err
		}
		if n > 0 {
			quiet = 0
			continue
		}
		if quiet++; quiet < 2 {
			select {
			case <-ctx.Done():
				return wrapped, ctx.Err()
			case <-time.After(settle):
			}
		}
	}
	return wrapped, nil
}

// errWrapped means that a row needs nothing.
var errWrapped = errors.New("wrapped with the current key")

func rewrapOnce(ctx context.Context, st *store.Store, vault *connectors.Vault) (n int, err error) {
	list, err := st.Connections(ctx)
	if err != nil {
		return 0, err
	}
	for _, c := range list {
		if vault.IsCurrent(c) {
			continue
		}
		err := st.UpdateConnection(ctx, c.ID, func(row *connectors.Connection) error {
			changed, err := vault.Rewrap(row)
			if err == nil && !changed {
				return errWrapped
			}
			return err
		})
		switch {
		case err == nil:
			n++
		case errors.Is(err, connectors.ErrNoConnection), errors.Is(err, errWrapped): // meanwhile
		case errors.Is(err, connectors.ErrSealed):
			return n, fmt.Errorf("“%s” was sealed with a key that is not there: delete it, or bring that key back: %w", c.Name, err)
		default:
			return n, err
		}
	}
	secrets, err := rewrapSecrets(ctx, st, vault)
	if err != nil {
		return n + secrets, err
	}
	keys, err := rewrapSigningKeys(ctx, st, vault)
	return n + secrets + keys, err
}

// rewrapSigningKeys does the same for the keys that access tokens are signed with. One
// that cannot be opened is left: the server makes another one.
func rewrapSigningKeys(ctx context.Context, st *store.Store, vault *connectors.Vault) (n int, err error) {
	list, err := st.SigningKeys(ctx, time.Time{})
	if err != nil {
		return 0, err
	}
	for _, k := range list {
		sealed := connectors.SealedKey{ID: k.ID, Sealed: k.Sealed, Key: k.Key}
		changed, err := vault.RewrapKey(&sealed)
		if errors.Is(err, connectors.ErrSealed) || err == nil && !changed {
			continue
		}
		if err == nil {
			err = st.RewrapSigningKey(ctx, k.ID, sealed.Key)
		}
		if err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

// lockRekey keeps a second change away until the returned function is called.
func lockRekey(path string) (unlock func(), err error) {
	at := filepath.Join(filepath.Dir(path), ".rekey.lock")
	f, err := os.OpenFile(at, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock the master key: %w", err)
	}
	if err := store.LockFile(f); err != nil {
		_ = f.Close()
		if errors.Is(err, store.ErrLocked) {
			return nil, errors.New("the master key is being changed by another process")
		}
		return nil, fmt.Errorf("lock %s: %w", at, err)
	}
	return func() { _ = f.Close() }, nil
}
