package store_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"flowdeck/flows/store"
	"flowdeck/flows/store/storetest"
)

// TestRunsThatCannotBecomeRowsAreForTheNextProcess: the database cannot be written until the
// process ends.
func TestRunsThatCannotBecomeRowsAreForTheNextProcess(t *testing.T) {
	path := storetest.SQLite(t)
	s := open(t, path, store.Options{})
	ids := recordGroups(t, s, 2)
	s.SetReadOnly(true)
	ids = append(ids, recordGroups(t, s, 3)...)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if found, trouble := here(t, path, ids); len(found) != len(ids) || trouble != nil {
		t.Errorf("it finds %d of %d runs, and says %v", len(found), len(ids), trouble)
	}
}

// TestNobodyWaitsForRowsThatCannotBeWritten: pages can be read meanwhile.
func TestNobodyWaitsForRowsThatCannotBeWritten(t *testing.T) {
	s := open(t, storetest.SQLite(t), store.Options{})
	s.SetReadOnly(true)
	defer s.SetReadOnly(false)
	recordGroups(t, s, 1)
	for s.Trouble() == nil {
		time.Sleep(time.Millisecond)
	}
	began := time.Now()
	for range 20 {
		if _, _, err := s.Runs(t.Context(), store.RunFilter{}); err != nil {
			t.Fatal(err)
		}
	}
	if took := time.Since(began); took > 5*time.Second { // a second each when they wait
		t.Errorf("20 lists of runs took %v", took)
	}
}

// TestRunsOutlastAHeldDatabase: another process keeps it from being written for longer than
// anybody waits for it.
func TestRunsOutlastAHeldDatabase(t *testing.T) {
	path := storetest.SQLite(t)
	s := open(t, path, store.Options{})
	s.SetBusyTime(50)
	letGo := held(t, path)
	ids := recordGroups(t, s, 3)
	eventually(t, "trouble is known", func() bool { return s.Trouble() != nil })
	if kind := s.Trouble().Kind; kind != store.Held {
		t.Errorf("the trouble is %s", kind)
	}
	run, end := wholeRun()
	var told *store.Trouble
	if err := s.Record(t.Context(), run, nil, end); !errors.As(err, &told) {
		t.Errorf("Record while it is held: %v", err)
	}
	letGo()
	eventually(t, "the trouble passes", func() bool { return s.Trouble() == nil })
	for _, id := range ids {
		if _, err := s.Run(t.Context(), id); err != nil {
			t.Errorf("run %s: %v", id, err)
		}
	}
}

// TestNobodyHangsWhileNothingCanBecomeARow: neither those who have runs kept, nor who
// closes the store; and what was said to be kept is there afterwards.
func TestNobodyHangsWhileNothingCanBecomeARow(t *testing.T) {
	path := storetest.SQLite(t)
	s := open(t, path, store.Options{})
	s.SetReadOnly(true)
	var mu sync.Mutex
	var ids []string
	var all sync.WaitGroup
	for range 64 {
		all.Go(func() {
			for {
				run, end := wholeRun()
				if err := s.Record(context.Background(), run, nil, end); err != nil {
					return
				}
				mu.Lock()
				ids = append(ids, run.ID)
				mu.Unlock()
			}
		})
	}
	done := make(chan error)
	go func() {
		all.Wait()
		done <- s.Close()
	}()
	select {
	case err := <-done:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(20 * time.Second):
		t.Fatal("it hangs")
	}
	if found, trouble := here(t, path, ids); len(found) != len(ids) || trouble != nil {
		t.Errorf("it finds %d of %d runs, and says %v", len(found), len(ids), trouble)
	}
}

// TestFilesOfRunsGiveTheirSpaceBack: what fell behind takes none of the space for history
// when all of it is rows.
func TestFilesOfRunsGiveTheirSpaceBack(t *testing.T) {
	path := storetest.SQLite(t)
	s := open(t, path, store.Options{})
	letGo := held(t, path)
	const many = 600
	for range many {
		writeRun(t, s, "f_1", 24_000, false)
	}
	letGo()
	eventually(t, "the files are short", func() bool {
		size, err := s.Size()
		return err == nil && size.Ahead <= 8<<20
	})
	if n := countRuns(t, s); n != many {
		t.Errorf("there are %d runs, want %d", n, many)
	}
}

// TestACopyHasTheRunsThatAreNoRowsYet of a database whose process died.
func TestACopyHasTheRunsThatAreNoRowsYet(t *testing.T) {
	path, ids := leftBehind(t, 5)
	to := filepath.Join(storetest.Dir(t), "copy.db")
	if err := store.CopyFile(t.Context(), path, to); err != nil {
		t.Fatal(err)
	}
	if found, trouble := here(t, to, ids); len(found) != len(ids) || trouble != nil {
		t.Errorf("the copy has %d of %d runs, and says %v", len(found), len(ids), trouble)
	}
	if found, _ := here(t, path, ids); len(found) != len(ids) {
		t.Errorf("the database has %d of %d runs", len(found), len(ids))
	}
}

// TestARunThatCannotBecomeARowIsSetAside: it takes no other with it, and is told.
func TestARunThatCannotBecomeARowIsSetAside(t *testing.T) {
	path := storetest.SQLite(t)
	s := open(t, path, store.Options{})
	db := sqlite(t, path)
	var ids []string
	for i := range 3 {
		run, end := wholeRun()
		if i == 1 {
			if _, err := db.Exec(`create trigger refuses before insert on runs when new.id = '` + run.ID + `' begin select raise(abort, 'no'); end`); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.Record(t.Context(), run, nil, end); err != nil {
			t.Fatal(err)
		}
		ids = append(ids, run.ID)
	}
	eventually(t, "it is told", func() bool { return s.Trouble() != nil })
	told := s.Trouble()
	file, err := os.ReadFile(told.Where)
	if err != nil || told.Kind != store.Lost || !bytes.Contains(file, []byte(ids[1])) {
		t.Errorf("it says %v, and the file has %d bytes, %v", told, len(file), err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	found, trouble := here(t, path, ids)
	if len(found) != 2 || trouble == nil {
		t.Errorf("the next start finds %d of the 2 other runs, and says %v", len(found), trouble)
	}
}
