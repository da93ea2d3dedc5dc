package store

import (
	"cmp"
	"database/sql"
	"net/url"
	"os"
	"path/filepath"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// openSQLite opens one connection that writes and a few that read. WAL lets them
// not wait for each other; every commit is synced to the disk.
func (s *Store) openSQLite(path string) error {
	s.file, s.condition.where = path, path
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	copied, err := checkLog(path, s.now())
	if err != nil {
		return err
	}
	if copied != "" {
		s.log.Error("the end of the database's log is damaged; changes that were kept are lost, and the log was copied", "to", copied)
	}
	if name, at := keptLog(path); name != "" {
		s.condition.lost.Store(&Trouble{Kind: Lost, Where: name, Since: at})
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	file := "file:" + (&url.URL{Path: path}).EscapedPath()
	s.write, err = sql.Open("sqlite", file+"?"+pragmas(
		"auto_vacuum(incremental)", "secure_delete(fast)", "journal_mode(wal)", "synchronous(full)", "foreign_keys(1)",
		"wal_autocheckpoint(4000)", "journal_size_limit(67108864)", "cache_size(-8000)", "temp_store(memory)"))
	if err != nil {
		return err
	}
	s.write.SetMaxOpenConns(1)
	s.read, err = sql.Open("sqlite", file+"?"+pragmas("query_only(1)", "cache_size(-2000)", "temp_store(memory)"))
	if err != nil {
		return err
	}
	s.read.SetMaxOpenConns(4)
	s.read.SetMaxIdleConns(4)
	return nil
}

func pragmas(list ...string) string {
	return url.Values{"_pragma": append([]string{"busy_timeout(10000)"}, list...)}.Encode()
}

// mostLabel bounds what the address of the database calls its connections: PostgreSQL cuts names
// at 63 bytes, and what tells processes apart stands behind it.
const mostLabel = 40

// postgres is how to connect to the database. All connections of a process have one name, with
// more behind it, so that others know them when it stands still.
func (s *Store) postgres(more string) (*pgx.ConnConfig, error) {
	config, err := pgx.ParseConfig(s.dsn)
	if err == nil {
		label := cmp.Or(config.RuntimeParams["application_name"], "flowdeck")
		config.DialFunc = dialer().DialContext
		config.RuntimeParams["application_name"] = label[:min(len(label), mostLabel)] + " " + s.name + more
	}
	return config, err
}

// openPostgres opens a pool for reading and one for the writers.
func (s *Store) openPostgres() error {
	config, err := s.postgres("")
	if err != nil {
		return err
	}
	s.write = stdlib.OpenDB(*config)
	s.write.SetMaxOpenConns(s.dialect.writers + 1)
	s.write.SetMaxIdleConns(s.dialect.writers + 1)
	s.read = stdlib.OpenDB(*config)
	s.read.SetMaxOpenConns(8)
	s.read.SetMaxIdleConns(4)
	return nil
}
