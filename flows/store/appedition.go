package store

import (
	"context"
	"sync/atomic"
	"time"
)

// editionAge is how old the known edition may get: another process may have raised it.
const editionAge = time.Second

// appEdition remembers the edition of everything that decides who may call.
type appEdition struct{ known atomic.Pointer[knownEdition] }

type knownEdition struct {
	edition int64
	read    time.Time
}

// AppEdition changes whenever an app, a revocation or a signing key changes: at once
// after a write of this process, within a second after another's.
func (s *Store) AppEdition(ctx context.Context) (int64, error) {
	k := s.apps.known.Load()
	if k != nil && time.Since(k.read) < editionAge {
		return k.edition, nil
	}
	fresh := &knownEdition{read: time.Now()}
	if err := s.row(ctx, `select edition from app_edition where id = 1`).Scan(&fresh.edition); err != nil {
		return 0, failed("read the edition of apps", err)
	}
	s.apps.known.CompareAndSwap(k, fresh) // else somebody wrote meanwhile
	return fresh.edition, nil
}

// changeApps commits a change and raises the edition with it.
func (s *Store) changeApps(ctx context.Context, f func(*tx) error) error {
	err := s.writer.do(ctx, func(t *tx) error {
		if err := f(t); err != nil {
			return err
		}
		_, err := t.exec(`update app_edition set edition = edition + 1 where id = 1`)
		return err
	})
	s.apps.changed()
	return err
}

// changed has the edition read again. It leaves a value of its own: whoever is reading
// began with another one, and does not bring back what was before.
func (a *appEdition) changed() { a.known.Store(&knownEdition{}) }
