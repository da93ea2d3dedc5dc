package store_test

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"flowdeck/flows"
	"flowdeck/flows/store"
	"flowdeck/flows/store/storetest"
	"flowdeck/migrations"
)

func sqlite(t testing.TB, path string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+(&url.URL{Path: path}).EscapedPath())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func number(t *testing.T, db *sql.DB, query string) (n int64) {
	t.Helper()
	if err := db.QueryRow(query).Scan(&n); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return n
}

// outdate makes the store at path look as if an older Flowdeck had written it.
func outdate(t *testing.T, path string) {
	t.Helper()
	db := sqlite(t, path)
	for _, x := range []string{"drop view history", "drop table card_answers", "drop table card_values", "drop table blob_uses", "drop table card_tests", "drop table attempts", "drop table runs",
		"drop table api_tokens", "alter table flows drop column folder",
		"alter table connections drop column network",
		"drop index connections_due", "alter table connections drop column lifecycle", "alter table connections drop column renew_due",
		"alter table connections drop column secret_expires", "drop table shapes",
		"drop table run_parents", "drop table failures", "drop table redo_runs", "drop table redos", "drop table pins", "drop table run_trials", "drop table flow_tests", "drop table callbacks", "drop table signals", "drop table flow_calls",
		"drop table app_uses", "drop table app_tokens", "drop table apps", "drop table revoked_tokens", "drop table used_assertions", "drop table signing_keys",
		"drop table table_keys", "drop table table_rows", "drop table table_writes", "drop table tables", "drop table variables", "drop table variable_sets",
		"drop table nodes", "drop table schedules", "drop table run_once", "drop table refused_deliveries", "drop table app_edition", "drop table tallies", "drop table flow_aliases", "alter table flow_tokens drop column expires", "alter table flow_tokens drop column last_used",
		"delete from goose_db_version where version_id >= 4"} {
		if _, err := db.Exec(x); err != nil {
			t.Fatal(err)
		}
	}
}

// newest is the number of the last migration.
func newest(t *testing.T) int64 {
	t.Helper()
	files, err := migrations.FS.ReadDir(".")
	if err != nil || len(files) == 0 {
		t.Fatalf("migrations: %d, %v", len(files), err)
	}
	n, err := strconv.ParseInt(files[len(files)-1].Name()[:4], 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestUpgradeCopiesTheDatabaseFirst(t *testing.T) {
	ctx := context.Background()
	path := filepath.Join(storetest.Dir(t), "it's [100%?.db")
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	reopen := func() *store.Store {
		s, err := store.Open(ctx, path, store.Options{Now: func() time.Time { return now }})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	s := reopen()
	if err := s.CreateFlow(ctx, flows.Flow{ID: "f_1", Name: "Kept", Alias: "kept"}); err != nil {
		t.Fatal(err)
	}
	s.Close()
	reopen().Close()
	backups := func() []string {
		found, err := filepath.Glob(filepath.Join(filepath.Dir(path), "*.bak"))
		if err != nil {
			t.Fatal(err)
		}
		return found
	}
	if got := backups(); len(got) != 0 {
		t.Fatalf("backups without an upgrade = %q, want none", got)
	}
	for i := range 5 {
		outdate(t, path)
		now = now.Add(time.Minute)
		s := reopen()
		if f, err := s.Flow(ctx, "f_1"); err != nil || f.Name != "Kept" {
			t.Fatalf("flow after upgrade %d = %q, %v", i, f.Name, err)
		}
		if version, err := s.SchemaVersion(ctx); err != nil || version != newest(t) {
			t.Fatalf("schema after upgrade %d = %d, %v, want %d", i, version, err, newest(t))
		}
		s.Close()
	}
	got := backups()
	if len(got) != 3 || !strings.Contains(got[0], "20260102T030705.000-schema3.bak") {
		t.Fatalf("backups after five upgrades = %q, want the last three", got)
	}
	old := sqlite(t, got[2])
	if n := number(t, old, "select count(*) from flows where name = 'Kept'"); n != 1 {
		t.Errorf("the backup has %d flows, want 1", n)
	}
	if n := number(t, old, "select max(version_id) from goose_db_version"); n != 3 {
		t.Errorf("the backup has schema %d, want 3", n)
	}
	if info, err := os.Stat(got[2]); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode of the backup = %v, %v, want 0600", info.Mode(), err)
	}
}

// Keys that began a run before an upgrade begin none after it.
func TestUpgradeKeepsIdempotencyKeys(t *testing.T) {
	ctx := context.Background()
	path := filepath.Join(storetest.Dir(t), "flowdeck.db")
	s := open(t, path, store.Options{})
	if err := s.Create(ctx, flows.Run{ID: "r_1", FlowID: "f_1", Document: "d"}); err != nil {
		t.Fatal(err)
	}
	s.Close()
	db := sqlite(t, path)
	for _, x := range []string{`create table run_keys (user_id text, name text, request text, run_id text, created bigint)`,
		fmt.Sprintf(`insert into run_keys values ('u_1', 'a key', 'x', 'r_1', %d), ('u_1', 'lost', 'x', 'r_2', 1)`, time.Now().UnixMicro()),
		`alter table runs drop column died`, `alter table runs drop column node`, `drop table nodes`, `delete from goose_db_version where version_id >= 22`} {
		if _, err := db.Exec(x); err != nil {
			t.Fatalf("%s: %v", x, err)
		}
	}
	s = open(t, path, store.Options{})
	id, request, err := s.Begun(ctx, "f_1", flows.OnceRequest, "u_1 a key")
	if id != "r_1" || request != "x" || err != nil {
		t.Errorf("Begun = %s, %s, %v, want r_1, x", id, request, err)
	}
}

func TestNewerSchemaIsRefused(t *testing.T) {
	path := filepath.Join(storetest.Dir(t), "flowdeck.db")
	open(t, path, store.Options{}).Close()
	if _, err := sqlite(t, path).Exec("insert into goose_db_version (version_id, is_applied) values (999, 1)"); err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(context.Background(), path, store.Options{})
	if err == nil {
		s.Close()
	}
	if err == nil || !strings.Contains(err.Error(), "newer Flowdeck") {
		t.Errorf("Open of a newer schema = %v, want it to say so", err)
	}
}

func TestBackupWhileWorking(t *testing.T) {
	ctx := context.Background()
	s := openSQLite(t, store.Options{})
	for i := range 20 {
		if err := s.Create(ctx, flows.Run{ID: store.NewID("r_"), FlowID: fmt.Sprint(i)}); err != nil {
			t.Fatal(err)
		}
	}
	to := filepath.Join(storetest.Dir(t), "copy.db")
	if err := s.Backup(ctx, to); err != nil {
		t.Fatal(err)
	}
	if n := number(t, sqlite(t, to), "select count(*) from runs"); n != 20 {
		t.Errorf("runs in the copy = %d, want 20", n)
	}
	if err := s.Backup(ctx, to); err == nil {
		t.Error("Backup over a file that exists = nil, want an error")
	}
}

// TestPruneShrinksTheFile keeps the promise that what is deleted is given back to the disk.
func TestPruneShrinksTheFile(t *testing.T) {
	ctx := context.Background()
	path := filepath.Join(storetest.Dir(t), "flowdeck.db")
	s := open(t, path, store.Options{Budget: 1})
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode of the database = %v, %v, want 0600", info.Mode(), err)
	}
	for range 200 {
		id := store.NewID("r_")
		event := map[string]any{"body": strings.Repeat("x", 50_000)}
		if err := s.Create(ctx, flows.Run{ID: id, FlowID: "f_1", Status: flows.Running, Epoch: 1, Event: event}); err != nil {
			t.Fatal(err)
		}
		if err := s.Finish(ctx, id, 1, nil, flows.Outcome{Status: flows.Succeeded}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.Prune(ctx, time.Now()); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{path, path + "-wal"} {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		if info.Size() > 1<<20 {
			t.Errorf("%s has %d bytes after pruning 10 MB, want less than 1 MiB", filepath.Base(name), info.Size())
		}
	}
}
