package main

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"flowdeck/flows/store"
)

// TestABackupIsRestoredToAnotherFileSystem has the database in memory and the data on the disk.
func TestABackupIsRestoredToAnotherFileSystem(t *testing.T) {
	data := t.TempDir()
	memory, err := os.MkdirTemp("/dev/shm", "flowdeck-test-")
	if err != nil {
		t.Skipf("there is no file system in memory: %v", err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(memory) })
	probe := filepath.Join(data, "probe")
	if err := os.WriteFile(probe, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(probe, filepath.Join(memory, "probe")); err == nil {
		t.Skip("the folder for tests is on the same file system")
	} else if le, ok := err.(*os.LinkError); !ok || le.Err != syscall.EXDEV {
		t.Fatal(err)
	}
	from, backup := t.TempDir(), filepath.Join(t.TempDir(), "backup.tar.gz")
	s, err := store.Open(t.Context(), filepath.Join(from, "flowdeck.db"), store.Options{})
	if err == nil {
		err = s.SetSetting(t.Context(), "greeting", "hello")
	}
	if err == nil {
		err = s.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	if said, err := runCommand(t, "backup", "--data", from, backup); err != nil {
		t.Fatalf("backup: %v\n%s", err, said)
	}
	database := filepath.Join(memory, "flowdeck.db")
	for _, args := range [][]string{nil, {"--replace"}} {
		said, err := runCommand(t, append([]string{"restore", "--data", data, "--database", database, backup}, args...)...)
		if err != nil || strings.Contains(said, "before-restore-") != (args != nil) {
			t.Fatalf("restore %v: %v\n%s", args, err, said)
		}
		s, err := store.Open(t.Context(), database, store.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if got, err := s.Setting(t.Context(), "greeting"); err != nil || got != "hello" {
			t.Errorf("the restored database says %q, %v", got, err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(memory, "*.moving")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}
