// Package store keeps flows, runs, connections and users in SQLite or PostgreSQL.
//
// It is the only package that speaks SQL, and it speaks one dialect. It decides
// nothing: it runs no card, reads no secret and knows no page.
package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"flowdeck/connectors"
	"flowdeck/flows"
)

// Options are what a Store needs beside its database.
type Options struct {
	// Blobs is the directory of bodies over 64 KiB; "" is "blobs" beside the SQLite file.
	Blobs string
	// Budget and FailedTimes are Keep's, until SetKeep says something else.
	Budget      int64
	FailedTimes int
	// Existing has Open refuse a database that Flowdeck has not used yet, instead of making it.
	Existing bool
	Now      func() time.Time // nil: time.Now
	Log      *slog.Logger     // nil: silence
}

// Store is an open database. It implements flows.Journal and connectors.Storage.
type Store struct {
	dialect   dialect
	file      string // of SQLite; "" of PostgreSQL
	dsn       string
	name      string       // of this process among those that have the database open
	node      atomic.Int64 // the number of this server among those on the database; 0: it is alone
	read      *sql.DB
	write     *sql.DB
	writer    *writer
	later     *later
	ahead     *ahead
	within    *tx // of a Store that is part of a transaction: see Together
	blobs     *blobs
	decoded   decoded
	keep      atomic.Pointer[Keep]
	oldest    atomic.Pointer[string] // no run that succeeded is older, but for those that took long; nil: not known
	now       func() time.Time
	log       *slog.Logger
	rebound   sync.Map // query -> query as this database wants its placeholders
	endpoints endpoints
	variables variables
	apps      appEdition
	condition condition
	scheduled chan struct{} // something in it: the schedules may have changed
	servers   atomic.Int64  // see Servers
	swept     atomic.Int64  // when expired assertions were last forgotten, in µs
}

var (
	_ flows.Journal      = (*Store)(nil)
	_ connectors.Storage = (*Store)(nil)
)

// Open opens a SQLite file or a postgres:// URL and brings its schema up to date;
// a SQLite file that has an older schema is copied beside itself first.
func Open(ctx context.Context, dsn string, o Options) (*Store, error) {
	s := &Store{dialect: dialectOf(dsn), dsn: dsn, name: strings.ToLower(rand.Text()[:12]), now: o.Now, log: o.Log, scheduled: make(chan struct{}, 1)}
	if s.now == nil {
		s.now = time.Now
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if o.Blobs == "" {
		if s.dialect.writers > 1 {
			return nil, errors.New("open database: PostgreSQL needs a directory for large bodies")
		}
		o.Blobs = filepath.Join(filepath.Dir(dsn), "blobs")
	}
	if o.Existing && s.dialect.writers == 1 {
		if _, err := os.Stat(dsn); err != nil {
			return nil, fmt.Errorf("there is no database: %w", err)
		}
	}
	var err error
	if s.blobs, err = openBlobs(o.Blobs); err != nil {
		return nil, fmt.Errorf("open directory of large bodies: %w", opened(o.Blobs, lite, err))
	}
	s.condition = condition{store: s, where: "PostgreSQL", quit: make(chan struct{})}
	if s.dialect.writers > 1 {
		err = s.openPostgres()
	} else {
		err = s.openSQLite(dsn)
	}
	if err != nil {
		return nil, fmt.Errorf("open database: %w", opened(dsn, s.dialect, err))
	}
	if o.Existing {
		var schema int64
		if err := s.read.QueryRowContext(ctx, `select max(version_id) from goose_db_version`).Scan(&schema); err != nil {
			if err = opened(dsn, s.dialect, err); troubled(err) == "" {
				err = fmt.Errorf("there is no database of Flowdeck: %w", err)
			}
			return nil, errors.Join(err, s.closePools())
		}
	}
	if err := s.migrate(ctx, dsn); err != nil {
		return nil, errors.Join(opened(dsn, s.dialect, err), s.closePools())
	}
	s.writer = startWriter(s.write, s.dialect, s.blobs, s.condition.noted)
	s.later, s.ahead = startLater(s), newAhead(s)
	err = errors.Join(s.loadKeep(ctx, Keep{Bytes: o.Budget, FailedTimes: o.FailedTimes}), s.boundLog(ctx))
	if err == nil {
		err = s.ahead.start(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	if err := s.instants(ctx); err != nil { // the next start tries again
		s.log.Error(err.Error())
	}
	return s, nil
}

// Close commits what is waiting, stops the writer and closes the database.
func (s *Store) Close() error {
	s.condition.close()
	s.later.end()
	s.ahead.close()
	s.later.close()
	s.writer.close()
	return errors.Join(s.ahead.clear(), s.closePools())
}

func (s *Store) closePools() error { return errors.Join(s.read.Close(), s.write.Close()) }

// Ping reports whether the database answers.
func (s *Store) Ping(ctx context.Context) error {
	var one int
	return failed("ping database", s.read.QueryRowContext(ctx, "select 1").Scan(&one))
}
