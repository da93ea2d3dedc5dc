package store

import (
	"path/filepath"
	"testing"
	"time"

	"flowdeck/flows"
)

// TestFailedRunsStayLongerBesideVeryOldOnes: a run that succeeded years ago goes before one that
// failed last year, however much longer those that failed stay.
func TestFailedRunsStayLongerBesideVeryOldOnes(t *testing.T) {
	ctx := t.Context()
	s, err := Open(ctx, filepath.Join(t.TempDir(), "flowdeck.db"), Options{FailedTimes: 100})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	add := func(age int, status flows.Status) string {
		at := time.Now().AddDate(-age, 0, 0)
		run := flows.Run{ID: firstRunID(at), FlowID: "f_1", Document: "d", Created: at}
		if err := s.Record(ctx, run, nil, flows.Outcome{Status: status, At: at}); err != nil {
			t.Fatal(err)
		}
		return run.ID
	}
	well, failed := add(4, flows.Succeeded), add(1, flows.Failed)
	s.settle(ctx)
	if n, err := s.deleteOldest(ctx, 1, &Pruned{}); err != nil || n != 1 {
		t.Fatalf("deleted %d runs, %v; want one", n, err)
	}
	if _, err := s.Run(ctx, failed); err != nil {
		t.Errorf("the run that failed last year was deleted: %v", err)
	}
	if _, err := s.Run(ctx, well); err == nil {
		t.Error("the run that succeeded four years ago is still there")
	}
}
