package store_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"flowdeck/flows"
	"flowdeck/flows/store"
)

// A process that is killed while it writes a body leaves a file of another name.
func TestWhatAKillLeftOfABodyIsPruned(t *testing.T) {
	dir := t.TempDir()
	s := open(t, filepath.Join(dir, "flowdeck.db"), store.Options{})
	run := flows.Run{ID: store.NewID("r_"), FlowID: "f_1", Event: map[string]any{"text": strings.Repeat("x", 100_000)}}
	if err := s.Create(t.Context(), run); err != nil {
		t.Fatal(err)
	}
	folder := filepath.Join(dir, "blobs", "ab")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	long := time.Now().Add(-2 * time.Hour)
	for name, at := range map[string]time.Time{"new-1": long, "new-2": time.Now(), "x": long, "notes.txt": long} {
		name = filepath.Join(folder, name)
		if err := os.WriteFile(name, []byte("half a body"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(name, at, at); err != nil {
			t.Fatal(err)
		}
	}
	p, err := s.Prune(t.Context(), time.Now())
	if err != nil || p.Blobs != 1 {
		t.Errorf("Prune = %+v, %v, want one file to go", p, err)
	}
	left, err := filepath.Glob(filepath.Join(folder, "*"))
	if err != nil || len(left) != 3 {
		t.Errorf("%q are left, %v; want what is being written, and what is not ours", left, err)
	}
}

// A command of a newer program does not change the schema below a server that works.
func TestADatabaseInUseIsNotUpgraded(t *testing.T) {
	path := filepath.Join(t.TempDir(), "flowdeck.db")
	open(t, path, store.Options{}).Close()
	outdate(t, path)
	server, err := os.OpenFile(path+"-runs1", os.O_CREATE|os.O_RDWR, 0o600)
	if err == nil {
		err = store.LockFile(server)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	s, err := store.Open(t.Context(), path, store.Options{})
	if err == nil {
		s.Close()
	}
	if err == nil || !strings.Contains(err.Error(), "stop it") {
		t.Errorf("Open of an older schema that is in use = %v", err)
	}
	if n := number(t, sqlite(t, path), "select max(version_id) from goose_db_version"); n != 3 {
		t.Errorf("its schema is %d now, want 3", n)
	}
	if copies, _ := filepath.Glob(path + ".*.bak"); len(copies) > 0 {
		t.Errorf("it was copied: %q", copies)
	}
	if err := server.Close(); err != nil {
		t.Fatal(err)
	}
	open(t, path, store.Options{}).Close()
	if n := number(t, sqlite(t, path), "select max(version_id) from goose_db_version"); n != newest(t) {
		t.Errorf("its schema is %d when nobody uses it, want %d", n, newest(t))
	}
}
