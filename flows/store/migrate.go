package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"flowdeck/migrations"
)

// migrate brings the schema up to date. Several processes may do it at once.
func (s *Store) migrate(ctx context.Context, dsn string) error {
	p, err := s.provider()
	if err != nil {
		return err
	}
	have, want, err := p.GetVersions(ctx)
	if err != nil {
		return fmt.Errorf("read the version of the schema: %w", err)
	}
	if have > want {
		return fmt.Errorf("the database has schema %d, this program knows %d: a newer Flowdeck has used it", have, want)
	}
	if have == want {
		return s.makeHistory(ctx)
	}
	if have > 0 && s.dialect.writers == 1 {
		unlock, err := lockAhead(s.file)
		if errors.Is(err, ErrLocked) {
			return fmt.Errorf("the database has schema %d and this program works with %d, but an older Flowdeck uses it: stop it before you upgrade", have, want)
		}
		if err == nil { // else the file system has no locks
			defer unlock()
		}
		to, err := s.backupBefore(ctx, dsn, have)
		if err == nil {
			err = s.rehearse(ctx, to)
		}
		if err != nil {
			return fmt.Errorf("upgrade the schema: %w", err)
		}
	}
	if err := s.upgrade(ctx); err != nil {
		return fmt.Errorf("upgrade the schema: %w", err)
	}
	return nil
}

func (s *Store) provider() (*goose.Provider, error) {
	options := []goose.ProviderOption{goose.WithDisableGlobalRegistry(true)}
	if s.dialect.writers > 1 {
		l, err := lock.NewPostgresSessionLocker()
		if err != nil {
			return nil, err
		}
		options = append(options, goose.WithSessionLocker(l))
	}
	p, err := goose.NewProvider(s.dialect.goose, s.write, migrations.FS, options...)
	if err != nil {
		return nil, fmt.Errorf("read migrations: %w", err)
	}
	return p, nil
}

// SchemaVersion returns the number of the newest migration that the database has had.
func (s *Store) SchemaVersion(ctx context.Context) (int64, error) {
	var n int64
	err := s.row(ctx, `select max(version_id) from goose_db_version where is_applied`).Scan(&n)
	return n, failed("read the version of the schema", err)
}
