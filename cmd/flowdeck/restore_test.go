package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"flowdeck/flows/store"
)

// greeting opens the database at path and returns what somebody wrote into it.
func greeting(t *testing.T, path string) string {
	t.Helper()
	s, err := store.Open(t.Context(), path, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	text, err := s.Setting(t.Context(), "greeting")
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return text
}

// greet makes a data folder whose database says something, and leaves it open.
func greet(t *testing.T, dir, text string) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), filepath.Join(dir, "flowdeck.db"), store.Options{})
	if err == nil {
		err = s.SetSetting(t.Context(), "greeting", text)
	}
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// backedUp is a backup of a database that says something.
func backedUp(t *testing.T, text string) string {
	t.Helper()
	dir, to := t.TempDir(), filepath.Join(t.TempDir(), "backup.tar.gz")
	if err := greet(t, dir, text).Close(); err != nil {
		t.Fatal(err)
	}
	if said, err := runCommand(t, "backup", "--data", dir, to); err != nil {
		t.Fatalf("backup: %v\n%s", err, said)
	}
	return to
}

// Whoever restores twice has the first database still, however fast that was.
func TestWhatIsRestoredOverIsKeptEachTime(t *testing.T) {
	dir := t.TempDir()
	if err := greet(t, dir, "0").Close(); err != nil {
		t.Fatal(err)
	}
	copied := filepath.Join(t.TempDir(), "copy.db")
	if err := store.CopyFile(t.Context(), filepath.Join(dir, "flowdeck.db"), copied); err != nil {
		t.Fatal(err)
	}
	const times = 4
	for i := range times {
		if i > 0 {
			s, err := store.Open(t.Context(), filepath.Join(dir, "flowdeck.db"), store.Options{})
			if err == nil {
				err = errors.Join(s.SetSetting(t.Context(), "greeting", fmt.Sprint(i)), s.Close())
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		if said, err := runCommand(t, "restore", "--replace", "--data", dir, copied); err != nil {
			t.Fatalf("restore: %v\n%s", err, said)
		}
	}
	kept, err := filepath.Glob(filepath.Join(dir, "before-restore-*", "flowdeck.db"))
	if err != nil || len(kept) != times {
		t.Errorf("after %d restores there are %q, %v", times, kept, err)
	}
}

// What a killed server left, or a running one has, stands partly beside its database.
func TestADatabaseIsRestoredWithItsLog(t *testing.T) {
	from := t.TempDir()
	s := greet(t, from, "hello")
	defer s.Close()
	there := t.TempDir()
	if said, err := runCommand(t, "restore", "--data", there, filepath.Join(from, "flowdeck.db")); err != nil {
		t.Fatalf("restore: %v\n%s", err, said)
	}
	if got := greeting(t, filepath.Join(there, "flowdeck.db")); got != "hello" {
		t.Errorf("the restored database says %q, want hello", got)
	}
}

// A server that is started after a restore that was killed begins no new database, for
// whoever comes first; the next restore goes through.
func TestARestoreThatWasKilled(t *testing.T) {
	dir, to := t.TempDir(), backedUp(t, "hello")
	if err := greet(t, dir, "before").Close(); err != nil {
		t.Fatal(err)
	}
	aside, left := filepath.Join(dir, "before-restore-20260102-030405"), filepath.Join(dir, "restoring-1234")
	for _, name := range []string{aside, left} {
		if err := os.Mkdir(name, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Rename(filepath.Join(dir, "flowdeck.db"), filepath.Join(aside, "flowdeck.db")); err != nil {
		t.Fatal(err)
	}
	for _, command := range []string{"serve --addr 127.0.0.1:0", "migrate", "user add maya@example.com", "user list"} {
		said, err := runCommand(t, append(strings.Fields(command), "--data", dir)...)
		if err == nil || !strings.Contains(err.Error(), "restore") || !strings.Contains(err.Error(), aside) {
			t.Errorf("flowdeck %s after a restore that was killed: %v\n%s", command, err, said)
		}
		if _, err := os.Stat(filepath.Join(dir, "flowdeck.db")); err == nil {
			t.Fatalf("flowdeck %s made a new database", command)
		}
	}
	if said, err := runCommand(t, "restore", "--data", dir, to); err != nil {
		t.Fatalf("restore: %v\n%s", err, said)
	}
	if got := greeting(t, filepath.Join(dir, "flowdeck.db")); got != "hello" {
		t.Errorf("the restored database says %q, want hello", got)
	}
	if got := greeting(t, filepath.Join(aside, "flowdeck.db")); got != "before" {
		t.Errorf("what was put aside says %q", got)
	}
	if _, err := os.Stat(left); err == nil {
		t.Error("what the killed restore unpacked is still there")
	}
}

// A disk that is full is not taken for a backup that is damaged.
func TestABackupThatFindsNoRoomIsNotDamaged(t *testing.T) {
	to, dir := backedUp(t, strings.Repeat("hello", 100_000)), t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=262144"); err != nil {
		t.Skip("a small disk cannot be mounted here: ", err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(dir, syscall.MNT_DETACH) })
	said, err := runCommand(t, "restore", "--data", dir, to)
	if !errors.Is(err, syscall.ENOSPC) || strings.Contains(err.Error(), "damaged") {
		t.Errorf("restore on a full disk: %v\n%s", err, said)
	}
}

// Ctrl-C ends a copy of something large at once, not when it is through.
func TestALongCopyIsCutOff(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	from := newProgress(io.Discard, "read", 0).reader(ctx, strings.NewReader("something large"))
	if n, err := from.Read(make([]byte, 4)); n != 4 || err != nil {
		t.Fatalf("Read = %d, %v", n, err)
	}
	cancel()
	if _, err := from.Read(make([]byte, 4)); !errors.Is(err, context.Canceled) {
		t.Errorf("Read after Ctrl-C = %v", err)
	}
}
