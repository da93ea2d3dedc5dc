package store_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"flowdeck/flows"
	"flowdeck/flows/store"
	"flowdeck/flows/store/storetest"
)

// held is a database to which no row can be written until the returned function is called.
func held(t *testing.T, path string) (letGo func()) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+path)
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	if _, err := db.Exec("begin immediate"); err != nil {
		t.Fatal(err)
	}
	return sync.OnceFunc(func() {
		if _, err := db.Exec("rollback"); err != nil {
			t.Error(err)
		}
		db.Close()
	})
}

// recordGroups has n runs kept, each in a group of its own, and returns their ids.
func recordGroups(t *testing.T, s *store.Store, n int) (ids []string) {
	t.Helper()
	for range n {
		run, end := wholeRun()
		if err := s.Record(context.Background(), run, nil, end); err != nil {
			t.Fatal(err)
		}
		ids = append(ids, run.ID)
	}
	return ids
}

// leftBehind is what a process leaves that dies before n runs are rows: a copy of its files.
func leftBehind(t *testing.T, n int) (path string, ids []string) {
	t.Helper()
	from := storetest.SQLite(t)
	s := open(t, from, store.Options{})
	letGo := held(t, from)
	defer letGo()
	ids = recordGroups(t, s, n)
	path = filepath.Join(storetest.Dir(t), "flowdeck.db")
	for _, end := range []string{"", "-wal", "-runs1", "-runs2"} {
		content, err := os.ReadFile(from + end)
		if err == nil {
			err = os.WriteFile(path+end, content, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return path, ids
}

// here are those of the runs that the database at path has, and the trouble that it says.
func here(t *testing.T, path string, ids []string) (found []string, trouble *store.Trouble) {
	t.Helper()
	s, err := store.Open(t.Context(), path, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range ids {
		switch run, err := s.Run(t.Context(), id); {
		case err == nil && run.Status == flows.Succeeded && run.Event["n"] == int64(7):
			found = append(found, id)
		case !errors.Is(err, flows.ErrNotFound):
			t.Errorf("run %s: %v, %v", id, run, err)
		}
	}
	trouble = s.Trouble()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return found, trouble
}

// TestRunsThatAreOverWaitForNoRow: they are kept while another process holds the database,
// and are rows afterwards.
func TestRunsThatAreOverWaitForNoRow(t *testing.T) {
	path := storetest.SQLite(t)
	s := open(t, path, store.Options{})
	letGo := held(t, path)
	ids := recordGroups(t, s, 3)
	letGo()
	for _, id := range ids {
		if run, err := s.Run(t.Context(), id); err != nil || run.Output["m"] != int64(8) {
			t.Errorf("run %s = %v, %v", id, run.Output, err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	for _, end := range []string{"-runs1", "-runs2"} {
		if info, err := os.Stat(path + end); err != nil || info.Size() != 0 {
			t.Errorf("after Close %s has %v, %v", end, info, err)
		}
	}
}

func TestRunsThatAreNoRowsYetAreTakenUp(t *testing.T) {
	path, ids := leftBehind(t, 5)
	for start := range 2 {
		if found, trouble := here(t, path, ids); len(found) != len(ids) || trouble != nil {
			t.Fatalf("start %d finds %d of %d runs, and says %v", start+1, len(found), len(ids), trouble)
		}
	}
}

// TestRunsAreTakenUpOnce: one that was deleted does not come back, although the file is as
// it was.
func TestRunsAreTakenUpOnce(t *testing.T) {
	path, ids := leftBehind(t, 3)
	left, err := os.ReadFile(path + "-runs1")
	if err != nil {
		t.Fatal(err)
	}
	here(t, path, nil)
	db, err := sql.Open("sqlite", "file:"+path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec("delete from runs where id = ?", ids[1]); err != nil {
		t.Fatal(err)
	}
	db.Close()
	if err := os.WriteFile(path+"-runs1", left, 0o600); err != nil {
		t.Fatal(err)
	}
	if found, _ := here(t, path, ids); len(found) != 2 {
		t.Errorf("it finds %d runs, want the 2 that are not deleted", len(found))
	}
}

func TestDamageOfRunsThatAreNoRowsYet(t *testing.T) {
	for _, c := range []struct {
		name  string
		do    func(file []byte, groups []int) []byte
		found int
		lost  bool
	}{
		{"the last group is cut off", func(f []byte, g []int) []byte { return f[:g[4]+40] }, 4, false},
		{"the last group is torn", func(f []byte, g []int) []byte { f[g[4]+60]++; return f }, 4, false},
		{"a group in the middle", func(f []byte, g []int) []byte { f[g[2]+60]++; return f }, 4, true},
		{"the first group", func(f []byte, g []int) []byte { f[g[0]]++; return f }, 4, true},
		{"two groups", func(f []byte, g []int) []byte { f[g[1]+5]++; f[g[2]+8]++; return f }, 3, true},
		{"older groups behind", func(f []byte, g []int) []byte { return append(f, f[g[0]:g[2]]...) }, 5, false},
		{"something else", func([]byte, []int) []byte { return bytes.Repeat([]byte("FDR1 what"), 100) }, 0, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			path, ids := leftBehind(t, 5)
			file, err := os.ReadFile(path + "-runs1")
			if err != nil {
				t.Fatal(err)
			}
			var groups []int
			for at := 0; ; {
				i := bytes.Index(file[at:], []byte("FDR1"))
				if i < 0 {
					break
				}
				groups, at = append(groups, at+i), at+i+4
			}
			if len(groups) != 5 {
				t.Fatalf("there are %d groups, want 5", len(groups))
			}
			if err := os.WriteFile(path+"-runs1", c.do(file, groups), 0o600); err != nil {
				t.Fatal(err)
			}
			found, trouble := here(t, path, ids)
			if lost := trouble != nil && trouble.Kind == store.Lost; len(found) != c.found || lost != c.lost {
				t.Errorf("it finds %d runs and says %v; want %d, and that changes are lost: %v", len(found), trouble, c.found, c.lost)
			}
			if _, again := here(t, path, nil); (again != nil) != c.lost {
				t.Errorf("the next start says %v", again)
			}
		})
	}
}

// TestFilesOfRunsAreWrittenOver: they stay small however many runs there are.
func TestFilesOfRunsAreWrittenOver(t *testing.T) {
	path := storetest.SQLite(t)
	s := open(t, path, store.Options{})
	var all sync.WaitGroup
	for range 16 {
		all.Go(func() {
			for range 250 {
				writeRun(t, s, "f_1", 6000, false)
			}
		})
	}
	all.Wait()
	size, err := s.Size()
	if err != nil || size.Ahead < 4<<20 || size.Ahead > 36<<20 {
		t.Errorf("the files have %d bytes, %v", size.Ahead, err)
	}
	if n := countRuns(t, s); n != 4000 {
		t.Errorf("there are %d runs, want 4000", n)
	}
}

// TestAnotherProcessDoesWithout: who opens the database too writes rows at once, and leaves
// what the first one has there.
func TestAnotherProcessDoesWithout(t *testing.T) {
	path := storetest.SQLite(t)
	first, second := open(t, path, store.Options{}), open(t, path, store.Options{})
	ids := append(recordGroups(t, first, 2), recordGroups(t, second, 2)...)
	if err := second.Close(); err != nil {
		t.Fatal(err)
	}
	for _, id := range append(ids, recordGroups(t, first, 2)...) {
		if _, err := first.Run(t.Context(), id); err != nil {
			t.Errorf("run %s: %v", id, err)
		}
	}
}

func countRuns(t *testing.T, s *store.Store) (n int) {
	t.Helper()
	for before := ""; ; {
		rows, next, err := s.Runs(t.Context(), store.RunFilter{Limit: 200, Before: before})
		if err != nil {
			t.Fatal(err)
		}
		n += len(rows)
		if before = next; next == "" {
			return n
		}
	}
}
