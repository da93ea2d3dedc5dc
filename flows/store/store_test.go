package store_test

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"flowdeck/flows/store"
	"flowdeck/flows/store/storetest"
)

func open(t testing.TB, dsn string, o store.Options) *store.Store {
	t.Helper()
	s, err := store.Open(context.Background(), dsn, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func openSQLite(t testing.TB, o store.Options) *store.Store {
	t.Helper()
	if _, ok := t.(*testing.B); ok { // benchmarks measure the disk
		return open(t, filepath.Join(t.TempDir(), "flowdeck.db"), o)
	}
	return open(t, storetest.SQLite(t), o)
}

func TestSQLite(t *testing.T) { storetest.Run(t, openSQLite) }

func TestPostgreSQL(t *testing.T) {
	server := storetest.StartPostgres(t)
	fresh := func(t testing.TB, o store.Options) *store.Store {
		t.Helper()
		if o.Blobs == "" {
			o.Blobs = t.TempDir()
		}
		return open(t, server.Migrated(t), o)
	}
	storetest.Run(t, fresh)
	t.Run("pruning by size", func(t *testing.T) { storetest.PruneBySize(t, fresh) })
	t.Run("lost connections", func(t *testing.T) { testLostConnections(t, server.Migrated(t)) })
	t.Run("no connection left", func(t *testing.T) { testNoConnectionLeft(t, server.Migrated(t)) })
	t.Run("a query that fails in its middle", func(t *testing.T) { testFailsInTheMiddle(t, fresh(t, store.Options{})) })
	t.Run("opened by several at once", func(t *testing.T) { testOpenedAtOnce(t, server.Database(t)) })
}

// testLostConnections cuts every connection, as a server that restarts does: writing goes on.
func testLostConnections(t *testing.T, dsn string) {
	ctx := context.Background()
	s := open(t, dsn, store.Options{Blobs: t.TempDir()})
	if err := s.SetSetting(ctx, "a", "before"); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(`select pg_terminate_backend(pid) from pg_stat_activity
		where datname = current_database() and pid <> pg_backend_pid()`); err != nil {
		t.Fatal(err)
	}
	for i := range 10 {
		if err := s.SetSetting(ctx, "a", fmt.Sprint("after ", i)); err != nil {
			t.Errorf("write %d after every connection was cut: %v", i, err)
		}
	}
}

// testNoConnectionLeft ends every connection and lets nobody have another one for a while, as when
// others were faster after a restart: that passes, so runs under way wait for it.
func testNoConnectionLeft(t *testing.T, dsn string) {
	ctx := context.Background()
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	do := func(queries ...string) {
		t.Helper()
		for _, q := range queries {
			if _, err := db.Exec(q); err != nil {
				t.Fatal(err)
			}
		}
	}
	do(`create role crowded login`, `grant all on schema public to crowded`, `grant all on all tables in schema public to crowded`)
	s := open(t, strings.Replace(dsn, "user=flowdeck", "user=crowded", 1), store.Options{Blobs: t.TempDir()})
	if err := s.SetSetting(ctx, "a", "before"); err != nil {
		t.Fatal(err)
	}
	do(`alter role crowded connection limit 0`, `select pg_terminate_backend(pid) from pg_stat_activity where usename = 'crowded'`)
	if err := s.SetSetting(ctx, "a", "meanwhile"); !store.Passes(err) {
		t.Errorf("without a connection: %v; want trouble that passes", err)
	}
	do(`alter role crowded connection limit -1`)
	if err := s.SetSetting(ctx, "a", "after"); err != nil {
		t.Errorf("when there are connections again: %v", err)
	}
}

// testFailsInTheMiddle has a query fail after its first row: PostgreSQL then takes back the whole
// transaction, and says nothing when it is committed.
func testFailsInTheMiddle(t *testing.T, s *store.Store) {
	set, asked := s.SetSettingBeside(context.Background(), "a", "kept", `select 1 / (2 - n) from generate_series(1, 2) n`)
	if asked == nil {
		t.Error("the query did not fail")
	}
	if got, err := s.Setting(context.Background(), "a"); set == nil && got != "kept" {
		t.Errorf("what was said to be kept is %q, %v", got, err)
	}
	if set != nil {
		t.Errorf("who shared the transaction failed too: %v", set)
	}
}

// testOpenedAtOnce starts several processes' stores on a database that has no schema yet.
func testOpenedAtOnce(t *testing.T, dsn string) {
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			s, err := store.Open(context.Background(), dsn, store.Options{Blobs: t.TempDir()})
			if err != nil {
				t.Errorf("Open = %v", err)
				return
			}
			s.Close()
		})
	}
	all.Wait()
}
