package store_test

import (
	"context"
	"path/filepath"
	"strings"
	"testing"

	"flowdeck/flows"
	"flowdeck/flows/store"
	"flowdeck/flows/store/storetest"
)

// TestAnUpgradeThatFailsChangesNothing has a table in the way of the newest migrations:
// those before it would go through, and leave the database between two versions.
func TestAnUpgradeThatFailsChangesNothing(t *testing.T) {
	ctx := context.Background()
	path := filepath.Join(storetest.Dir(t), "flowdeck.db")
	s, err := store.Open(ctx, path, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	outdate(t, path)
	db := sqlite(t, path)
	if _, err := db.Exec("create table tallies (mine text)"); err != nil {
		t.Fatal(err)
	}
	_, err = store.Open(ctx, path, store.Options{})
	if err == nil || !strings.Contains(err.Error(), "tried on a copy") {
		t.Fatalf("Open = %v, want that the upgrade was tried on a copy", err)
	}
	if n := number(t, db, "select max(version_id) from goose_db_version where is_applied"); n != 3 {
		t.Errorf("schema %d after an upgrade that failed, want 3", n)
	}
	if left, _ := filepath.Glob(path + ".rehearsal*"); len(left) > 0 {
		t.Errorf("%v is left", left)
	}
	if _, err := db.Exec("drop table tallies"); err != nil {
		t.Fatal(err)
	}
	open(t, path, store.Options{})
	if n := number(t, db, "select max(version_id) from goose_db_version where is_applied"); n != newest(t) {
		t.Errorf("schema %d after the upgrade, want %d", n, newest(t))
	}
}

func TestContentOfACopy(t *testing.T) {
	ctx := context.Background()
	path := filepath.Join(storetest.Dir(t), "flowdeck.db")
	s := open(t, path, store.Options{})
	if err := s.Create(ctx, flows.Run{ID: store.NewID("r_"), FlowID: "f_1", Event: map[string]any{"body": strings.Repeat("x", 100_000)}}); err != nil {
		t.Fatal(err)
	}
	to := filepath.Join(storetest.Dir(t), "copy.db")
	if err := store.CopyFile(ctx, path, to); err != nil {
		t.Fatal(err)
	}
	c, err := store.ContentOf(ctx, to)
	if err != nil || c.Schema != newest(t) || len(c.Bodies) != 1 {
		t.Errorf("the copy holds %+v, %v; want schema %d and one file", c, err, newest(t))
	}
	if n, err := store.NewestSchema(); err != nil || n != newest(t) {
		t.Errorf("NewestSchema = %d, %v; want %d", n, err, newest(t))
	}
	if err := store.CopyFile(ctx, path+".none", to+"2"); err == nil {
		t.Error("a copy of what is not there = nil, want an error")
	}
}
