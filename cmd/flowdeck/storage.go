package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"

	"flowdeck/flows/store"
)

// failedTimes is how many times as long runs that failed stay when space is short, until
// somebody chooses.
const failedTimes = 3

// open opens the database, brought up to date.
func (s storageSettings) open(ctx context.Context, log *slog.Logger, budget int64) (*store.Store, error) {
	if err := openFolder(s.Data, log); err != nil {
		return nil, err
	}
	if err := s.checkRestored(); err != nil {
		return nil, err
	}
	return store.Open(ctx, s.dsn(), s.options(log, budget))
}

// existing opens a database that is there, brought up to date: who names another place is
// told, and nothing is made there.
func (s storageSettings) existing(ctx context.Context, log *slog.Logger) (*store.Store, error) {
	o := s.options(log, 0)
	o.Existing = true
	_, err := os.Stat(s.Data)
	if err == nil && !isPostgres(s.Database) {
		_, err = os.Stat(s.dsn())
	}
	if cut := s.checkRestored(); cut != nil {
		return nil, cut
	}
	if err != nil {
		return nil, fmt.Errorf("there is no data of Flowdeck: %w (name the folder with --data, and the database with --database, as the server has them)", err)
	}
	if err := openFolder(s.Data, log); err != nil {
		return nil, err
	}
	return store.Open(ctx, s.dsn(), o)
}

func (s storageSettings) options(log *slog.Logger, budget int64) store.Options {
	return store.Options{Blobs: filepath.Join(s.Data, "blobs"), Budget: budget, FailedTimes: failedTimes, Log: log}
}

// migrate brings the database up to date and says how far that is.
func (s storageSettings) migrate(ctx context.Context, to streams) error {
	st, err := s.open(ctx, s.logger(to), 0)
	if err != nil {
		return err
	}
	defer st.Close()
	n, err := st.SchemaVersion(ctx)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(to.out, "The database is up to date: schema %d.\n", n)
	return err
}
