package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"flowdeck/flows/store"
)

// A backup that is killed cannot remove the copy of the database that it made: the next one does.
func TestTheNextBackupRemovesTheCopyOfOneThatWasKilled(t *testing.T) {
	dir, to := t.TempDir(), t.TempDir()
	must(t, greet(t, dir, "hello").Close())
	put := func(name, text string) string {
		path := filepath.Join(to, name)
		must(t, os.WriteFile(path, []byte(text), 0o600))
		return path
	}
	const half, copied = "\x1f\x8b half", "SQLite format 3\x00"
	put("killed.tar.gz", half)
	put("killed.tar.gz.database", copied)
	put("killed.tar.gz.database-wal", "")
	put("killed.tar.gz.database-journal", "half a page")
	put("early.tar.gz", "")
	put("early.tar.gz.database", "")
	going := put("going.tar.gz", half)
	put("going.tar.gz.database", copied)
	put("mine.database", copied)
	put("notes", "a text")
	put("notes.database", copied)
	f, err := os.Open(going)
	must(t, err)
	t.Cleanup(func() { f.Close() })
	must(t, store.LockFile(f))

	said, err := runCommand(t, "backup", "--data", dir, filepath.Join(to, "now.tar.gz"))
	must(t, err)
	if !strings.Contains(said, "killed.tar.gz is not whole: the backup was killed.") || strings.Contains(said, "going.tar.gz") {
		t.Errorf("it says %s", said)
	}
	left, err := filepath.Glob(filepath.Join(to, "*"))
	must(t, err)
	for i := range left {
		left[i] = filepath.Base(left[i])
	}
	if got, want := strings.Join(left, " "), "early.tar.gz going.tar.gz going.tar.gz.database killed.tar.gz mine.database notes notes.database now.tar.gz"; got != want {
		t.Errorf("there is %s, want %s", got, want)
	}
}

// A backup beside the database itself never takes that for a copy.
func TestADatabaseIsNotTakenForACopy(t *testing.T) {
	dir := t.TempDir()
	must(t, greet(t, dir, "hello").Close())
	database := filepath.Join(dir, "flows.tar.gz.database")
	must(t, os.Rename(filepath.Join(dir, "flowdeck.db"), database))
	must(t, os.WriteFile(filepath.Join(dir, "flows.tar.gz"), nil, 0o600))
	if said, err := runCommand(t, "backup", "--data", dir, "--database", database, filepath.Join(dir, "now.tar.gz")); err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	if _, err := os.Stat(database); err != nil {
		t.Error(err)
	}
}
