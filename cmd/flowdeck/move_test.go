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
	probe := filepath.Join(t.TempDir(), "probe")
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

// A folder comes to another file system whole, also where something of it was left behind.
func TestAFolderIsMovedToAnotherFileSystem(t *testing.T) {
	memory, err := os.MkdirTemp("/dev/shm", "flowdeck-test-")
	if err != nil {
		t.Skipf("there is no file system in memory: %v", err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(memory) })
	from, to := filepath.Join(t.TempDir(), "blobs"), filepath.Join(memory, "blobs")
	for path, text := range map[string]string{filepath.Join(from, "ab", "abc"): "a body", filepath.Join(to, "ab", "abc"): "half", filepath.Join(to, "cd", "cde"): "left behind"} {
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err == nil {
			err = os.WriteFile(path, []byte(text), 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if moved, err := moveTo(from, to); err != nil || !moved {
		t.Fatalf("moved %t, %v", moved, err)
	}
	if got, err := os.ReadFile(filepath.Join(to, "ab", "abc")); err != nil || string(got) != "a body" {
		t.Errorf("the body is %q, %v", got, err)
	}
	for _, gone := range []string{from, filepath.Join(to, "cd"), to + ".moving"} {
		if _, err := os.Stat(gone); !os.IsNotExist(err) {
			t.Errorf("%s is still there: %v", gone, err)
		}
	}
	if moved, err := moveTo(from, to); err == nil || moved {
		t.Errorf("what is not there was moved: %v", err)
	}
}
