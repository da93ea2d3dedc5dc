package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strconv"
	"strings"
	"time"

	"flowdeck/migrations"
)

// openCopy opens a SQLite file as it is: its schema is not brought up to date.
func openCopy(path string) (*Store, error) {
	s := &Store{dialect: lite, now: time.Now, log: slog.New(slog.DiscardHandler)}
	if _, err := os.Stat(path); err != nil {
		return nil, fmt.Errorf("open the database: %w", err)
	}
	if err := s.openSQLite(path); err != nil {
		return nil, fmt.Errorf("open the database: %w", err)
	}
	return s, nil
}

// Alone reports whether all of a SQLite database is in its one file: nobody uses it, and
// nobody was killed who did.
func Alone(path string) bool {
	for _, name := range Files(path)[1:] {
		if size, err := fileSize(name); err != nil || size > 0 {
			return false
		}
	}
	return true
}

// CopyFile writes a consistent copy of the SQLite database at path to another file, which
// may not exist, while other processes go on using the database. Its schema stays as it is.
func CopyFile(ctx context.Context, path, to string) error {
	s, err := openCopy(path)
	if err != nil {
		return err
	}
	return errors.Join(copyInto(ctx, s, to), s.closePools())
}

// Content is what a SQLite file holds, as far as copies of it must know.
type Content struct {
	Schema int64    // number of its newest migration
	Bodies []string // ids of the files that it refers to
}

// ContentOf reads a SQLite file that nobody uses, and finds out whether it is whole.
func ContentOf(ctx context.Context, path string) (c Content, err error) {
	s, err := openCopy(path)
	if err != nil {
		return c, err
	}
	defer func() { err = errors.Join(err, s.closePools()) }()
	var says string
	if err := s.row(ctx, `select quick_check from pragma_quick_check limit 1`).Scan(&says); err != nil {
		return c, fmt.Errorf("check %s: %w", path, err)
	}
	if says != "ok" {
		return c, fmt.Errorf("%s is damaged: %s", path, says)
	}
	if err := s.row(ctx, `select max(version_id) from goose_db_version where is_applied = 1`).Scan(&c.Schema); err != nil {
		return c, fmt.Errorf("%s is no database of Flowdeck: %w", path, err)
	}
	var has int
	if err := s.row(ctx, `select count(*) from sqlite_master where name = 'blob_uses'`).Scan(&has); err != nil || has == 0 {
		return c, err
	}
	err = s.each(ctx, `select distinct blob from blob_uses order by blob`, nil, func(scan scan) error {
		var id string
		err := scan(&id)
		c.Bodies = append(c.Bodies, id)
		return err
	})
	return c, err
}

// NewestSchema is the schema that this program works with.
func NewestSchema() (int64, error) {
	files, err := migrations.FS.ReadDir(".")
	if err != nil || len(files) == 0 {
		return 0, fmt.Errorf("read migrations: %w", err)
	}
	name, _, _ := strings.Cut(files[len(files)-1].Name(), "_")
	return strconv.ParseInt(name, 10, 64)
}

// mostRehearsed is the largest database whose upgrade is tried on a copy first, in bytes.
const mostRehearsed = 4 << 30

// rehearse upgrades a copy of a copy, so that an upgrade that fails changes nothing.
func (s *Store) rehearse(ctx context.Context, copied string) (err error) {
	size, err := fileSize(copied)
	if err != nil || size > mostRehearsed {
		if err == nil {
			s.log.Info("the database is too large to try the upgrade on a copy", "bytes", size)
		}
		return err
	}
	path := s.file + ".rehearsal"
	remove := func() error {
		var err error
		for _, end := range []string{"", "-wal", "-shm"} {
			err = errors.Join(err, ignoreMissing(os.Remove(path+end)))
		}
		return err
	}
	if err := remove(); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, remove()) }()
	if err := duplicate(copied, path); err != nil {
		return err
	}
	trial, err := openCopy(path)
	if err != nil {
		return err
	}
	err = trial.upgrade(ctx)
	if err = errors.Join(err, trial.closePools()); err != nil {
		return fmt.Errorf("the upgrade was tried on a copy and failed, so that nothing was changed (go on with the program that you had, and tell us): %w", err)
	}
	return nil
}

// upgrade runs the migrations.
func (s *Store) upgrade(ctx context.Context) error {
	p, err := s.provider()
	if err == nil {
		err = s.dropHistory(ctx)
	}
	if err == nil {
		_, err = p.Up(ctx)
	}
	if err == nil {
		err = s.makeHistory(ctx)
	}
	return err
}

func duplicate(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}
