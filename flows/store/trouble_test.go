package store_test

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"flowdeck/flows"
	"flowdeck/flows/store"
	"flowdeck/flows/store/storetest"
)

// smallDisk is a file system of its own, of that many bytes.
func smallDisk(t *testing.T, size int) string {
	t.Helper()
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, fmt.Sprint("size=", size)); err != nil {
		t.Skip("a small disk cannot be mounted here: ", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	return dir
}

func create(s *store.Store, event string) (string, error) {
	id := store.NewID("r_")
	return id, s.Create(context.Background(), flows.Run{ID: id, FlowID: "f_1", Status: flows.Queued, Event: map[string]any{"x": event}})
}

func eventually(t *testing.T, what string, f func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); !f(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("it does not come to this: %s", what)
		}
	}
}

// TestFullDisk fills the disk under a store: it says so, keeps what it said was kept,
// and goes on by itself when there is room again.
func TestFullDisk(t *testing.T) {
	for name, size := range map[string]int{"rows": 2000, "large bodies": 200_000} {
		t.Run(name, func(t *testing.T) {
			dir := smallDisk(t, 8<<20)
			s := open(t, filepath.Join(dir, "flowdeck.db"), store.Options{})
			well := make(chan struct{}, 1)
			s.WhenWell(func() { well <- struct{}{} })
			if err := os.WriteFile(filepath.Join(dir, "other"), make([]byte, 5<<20), 0o600); err != nil {
				t.Fatal(err)
			}
			var kept []string
			var err error
			for len(kept) < 5000 && err == nil {
				var id string
				if id, err = create(s, fmt.Sprint(len(kept), strings.Repeat("x", size))); err == nil {
					kept = append(kept, id)
				}
			}
			var trouble *store.Trouble
			if !errors.As(err, &trouble) || trouble.Kind != store.Full {
				t.Fatalf("Create on a full disk, after %d runs = %v; want a Trouble that says so", len(kept), err)
			}
			now := s.Trouble()
			if now == nil || now.Kind != store.Full || !strings.Contains(now.What(), dir) {
				t.Errorf("Trouble = %v, want that the disk of %s is full", now, dir)
			}
			if err := os.Remove(filepath.Join(dir, "other")); err != nil {
				t.Fatal(err)
			}
			eventually(t, "no trouble any more", func() bool { return s.Trouble() == nil })
			<-well
			if _, err := create(s, "again"); err != nil {
				t.Errorf("Create after room was made = %v", err)
			}
			for _, id := range kept {
				if _, err := s.Run(context.Background(), id); err != nil {
					t.Fatalf("run %s was kept before the disk was full: %v", id, err)
				}
			}
		})
	}
}

// TestFullDiskInTheMiddle: the disk is full in the middle of a transaction, which SQLite then
// gives up by itself.
func TestFullDiskInTheMiddle(t *testing.T) {
	s := open(t, filepath.Join(smallDisk(t, 24<<20), "flowdeck.db"), store.Options{})
	id, err := create(s, "x")
	if err != nil {
		t.Fatal(err)
	}
	var entries []flows.Entry
	for i := range 1000 {
		entries = append(entries, flows.Entry{Attempt: &flows.Attempt{Path: flows.Path(fmt.Sprint("s", i)), Number: 1, StepID: "s", Card: "c", Status: flows.Succeeded,
			Output: map[string]any{"x": strings.Repeat("x", 30_000)}, Started: time.Now(), Finished: time.Now()}})
	}
	err = s.Append(t.Context(), id, 0, entries)
	var told *store.Trouble
	if !errors.As(err, &told) || told.Kind != store.Full || s.Trouble() == nil {
		t.Errorf("Append: %v, and the store says %v, want that the disk is full", err, s.Trouble())
	}
}

func TestReadOnlyDisk(t *testing.T) {
	dir := smallDisk(t, 8<<20)
	path := filepath.Join(dir, "flowdeck.db")
	s, err := store.Open(t.Context(), path, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mount("", dir, "", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""); err != nil {
		t.Skip("the disk cannot be made read-only: ", err)
	}
	var trouble *store.Trouble
	if _, err := store.Open(t.Context(), path, store.Options{}); !errors.As(err, &trouble) || trouble.Kind != store.ReadOnly || !strings.Contains(err.Error(), path) {
		t.Errorf("Open on a read-only disk = %v; want a Trouble that says so and names %s", err, path)
	}
}

// TestReadOnlyDatabase takes the right to write away from a store that is open.
func TestReadOnlyDatabase(t *testing.T) {
	s := open(t, filepath.Join(storetest.Dir(t), "flowdeck.db"), store.Options{})
	if _, err := create(s, "before"); err != nil {
		t.Fatal(err)
	}
	s.SetReadOnly(true)
	_, err := create(s, "x")
	var trouble *store.Trouble
	if !errors.As(err, &trouble) || trouble.Kind != store.ReadOnly {
		t.Errorf("Create in a read-only database = %v; want a Trouble that says so", err)
	}
	if now := s.Trouble(); now == nil || now.Kind != store.ReadOnly {
		t.Errorf("Trouble = %v, want read-only", now)
	}
	s.SetReadOnly(false)
	eventually(t, "no trouble any more", func() bool { return s.Trouble() == nil })
}

func TestDamagedPages(t *testing.T) {
	path := filepath.Join(storetest.Dir(t), "flowdeck.db")
	s, err := store.Open(t.Context(), path, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for range 300 {
		id, err := create(s, strings.Repeat("event ", 400))
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, id)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Run("in the middle", func(t *testing.T) {
		torn := append([]byte(nil), whole...)
		for i := len(torn) / 2; i < len(torn); i++ {
			torn[i] ^= 0xa5
		}
		at := filepath.Join(t.TempDir(), "flowdeck.db")
		if err := os.WriteFile(at, torn, 0o600); err != nil {
			t.Fatal(err)
		}
		s := open(t, at, store.Options{})
		var found error
		for _, id := range ids {
			if _, err := s.Run(t.Context(), id); err != nil {
				found = err
			}
		}
		var trouble *store.Trouble
		if !errors.As(found, &trouble) || trouble.Kind != store.Damaged {
			t.Errorf("reading runs of a damaged database = %v; want a Trouble that says so", found)
		}
		if now := s.Trouble(); now == nil || now.Kind != store.Damaged || !strings.Contains(now.Error(), at) || !strings.Contains(now.Do(), "backup") {
			t.Errorf("Trouble = %v, want that %s is damaged, and what to do", now, at)
		}
	})
	t.Run("at the beginning", func(t *testing.T) {
		at := filepath.Join(t.TempDir(), "flowdeck.db")
		if err := os.WriteFile(at, append([]byte("no database at all, sorry"), whole[25:]...), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := store.Open(t.Context(), at, store.Options{})
		var trouble *store.Trouble
		if !errors.As(err, &trouble) || trouble.Kind != store.Damaged || !strings.Contains(err.Error(), at) {
			t.Errorf("Open of what is no database = %v; want a Trouble that names %s", err, at)
		}
	})
}

// killedWriter has a process write to a database until it is killed. It returns the
// folder, and which runs it said are kept.
func killedWriter(t *testing.T) string {
	t.Helper()
	path := filepath.Join(storetest.Dir(t), "flowdeck.db")
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), writeUntilKilled+"="+path)
	child.Stderr = os.Stderr
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	buf, n := make([]byte, 4096), 0
	for n < 20_000 {
		m, err := out.Read(buf)
		if n += m; err != nil {
			break
		}
	}
	_ = child.Process.Kill()
	_ = child.Wait()
	return path
}

// TestDamagedLog damages the log that a killed process has left. What is lost is told,
// also after the next start, until somebody takes the copy away.
func TestDamagedLog(t *testing.T) {
	for _, c := range []struct {
		name   string
		damage func(log []byte) []byte
		index  bool // the log's index is there: the machine has gone on
		lost   bool
	}{
		{"whole", func(log []byte) []byte { return log }, true, false},
		{"whole, without index", func(log []byte) []byte { return log }, false, false},
		{"cut off", func(log []byte) []byte { return log[:len(log)/2] }, true, true},
		{"a few bytes cut off what is committed", func(log []byte) []byte { return log[:len(log)-9000] }, true, true},
		{"gone but for its header", func(log []byte) []byte { return log[:32] }, true, true},
		{"bytes near the end", func(log []byte) []byte { log[len(log)-9000] ^= 1; return log }, true, true},
		{"bytes in the middle", func(log []byte) []byte { log[len(log)/2] ^= 1; return log }, true, true},
		{"bytes in the middle, without index", func(log []byte) []byte { log[len(log)/2] ^= 1; return log }, false, true},
		{"header", func(log []byte) []byte { log[17] ^= 1; return log }, true, true},
		{"header's checksum, without index", func(log []byte) []byte { log[25] ^= 1; return log }, false, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := killedWriter(t)
			log, err := os.ReadFile(path + "-wal")
			if err != nil {
				t.Fatal(err)
			}
			index, err := os.ReadFile(path + "-shm")
			if err != nil {
				t.Fatal(err)
			}
			if c.lost { // behind what is committed may be what nobody was told of
				log = log[:32+binary.NativeEndian.Uint32(index[16:])*(24+4096)]
			}
			damaged := c.damage(append([]byte(nil), log...))
			if err := os.WriteFile(path+"-wal", damaged, 0o600); err != nil {
				t.Fatal(err)
			}
			if !c.index {
				if err := os.Remove(path + "-shm"); err != nil {
					t.Fatal(err)
				}
			}
			for start := range 2 {
				s, err := store.Open(t.Context(), path, store.Options{})
				if err != nil {
					t.Fatal(err)
				}
				trouble := s.Trouble()
				if lost := trouble != nil && trouble.Kind == store.Lost; lost != c.lost {
					t.Fatalf("start %d: Trouble = %v, want that changes are lost: %v", start+1, trouble, c.lost)
				}
				if err := s.Close(); err != nil {
					t.Fatal(err)
				}
				if c.lost && start == 0 {
					if kept, err := os.ReadFile(trouble.Where); err != nil || len(kept) != len(damaged) {
						t.Errorf("the copy of the damaged log has %d bytes, %v", len(kept), err)
					}
				}
			}
			if !c.lost {
				return
			}
			copies, _ := filepath.Glob(path + "-wal.damaged-*")
			for _, name := range copies {
				if err := os.Remove(name); err != nil {
					t.Fatal(err)
				}
			}
			s := open(t, path, store.Options{})
			if now := s.Trouble(); now != nil {
				t.Errorf("Trouble = %v after the copy was taken away, want nil", now)
			}
		})
	}
}
