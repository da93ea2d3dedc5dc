package store_test

import (
	"context"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"flowdeck/cards"
	"flowdeck/flows"
	"flowdeck/flows/store"
)

// budgetTime lets the test of the budget take longer: FLOWDECK_BUDGET_TIME=5m.
func budgetTime(t *testing.T) time.Duration {
	text := os.Getenv("FLOWDECK_BUDGET_TIME")
	if text == "" {
		return 4 * time.Second
	}
	d, err := time.ParseDuration(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// taken is what a folder takes of the disk. Files come and go meanwhile.
func taken(dir string) (n int64) {
	_ = filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return nil
		}
		if info, err := d.Info(); err == nil && !strings.HasSuffix(d.Name(), "-shm") {
			n += info.Size()
		}
		return nil
	})
	return n
}

// TestTheBudgetHolds writes as fast as it can, reads meanwhile, and looks at the disk
// all the time: it never takes a tenth more than it may.
func TestTheBudgetHolds(t *testing.T) {
	for _, c := range []struct {
		name   string
		budget int64
		body   func() int
	}{
		{"small bodies", 24 << 20, func() int { return 1000 + rand.IntN(12_000) }},
		{"large bodies", 40 << 20, func() int { return 500 + rand.IntN(3000) + rand.IntN(2)*rand.IntN(400_000) }},
	} {
		t.Run(c.name, func(t *testing.T) { holdBudget(t, c.budget, c.body) })
	}
}

func holdBudget(t *testing.T, budget int64, body func() int) {
	dir := t.TempDir() // a disk, for syncs take their time
	s := open(t, filepath.Join(dir, "flowdeck.db"), store.Options{Budget: budget, FailedTimes: 3})
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var all, holding sync.WaitGroup
	var wrote, gone, bytes atomic.Int64
	hold, release := context.WithCancel(context.Background())
	defer release()
	holding.Go(func() {
		s.HoldBudget(hold, func(p store.Pruned, err error) {
			gone.Add(int64(p.Runs))
			if err != nil {
				t.Errorf("HoldBudget: %v", err)
			}
		})
	})
	for w := range 64 {
		all.Go(func() {
			for i := 0; ctx.Err() == nil; i++ {
				n := body()
				writeRun(t, s, fmt.Sprint("f_", w%4), n, i%5 == 0)
				wrote.Add(1)
				bytes.Add(int64(2 * n))
			}
		})
	}
	all.Go(func() {
		for ; ctx.Err() == nil; time.Sleep(20 * time.Millisecond) {
			if _, _, err := s.Runs(ctx, store.RunFilter{Query: "value", Limit: 50}); err != nil && ctx.Err() == nil {
				t.Errorf("Runs: %v", err)
			}
		}
	})
	var most int64
	for began := time.Now(); ctx.Err() == nil; time.Sleep(10 * time.Millisecond) {
		most = max(most, taken(dir))
		if took := time.Since(began); took > budgetTime(t) && (bytes.Load() > budget*3/2 || took > time.Minute) { // a slow machine takes longer to fill it
			cancel()
		}
	}
	all.Wait()
	if _, _, err := s.Runs(context.Background(), store.RunFilter{}); err != nil { // all are rows
		t.Error(err)
	}
	release()
	holding.Wait()
	t.Logf("%d runs with %d MB written, %d deleted; the disk held at most %.1f MB of %d MB", wrote.Load(), bytes.Load()>>20, gone.Load(), float64(most)/(1<<20), budget>>20)
	if most > budget*11/10 {
		t.Errorf("the disk held %d bytes at a time, which is %d %% of what it may", most, most*100/budget)
	}
	if bytes.Load() < budget || gone.Load() == 0 {
		t.Fatalf("only %d bytes were written and %d runs deleted, which proves nothing", bytes.Load(), gone.Load())
	}
	keepsFailed(t, s)
	said, err := s.PrunedLast(context.Background())
	if err != nil || said.All != gone.Load() || said.Why != "space" {
		t.Errorf("what it says was deleted: %+v, %v; want %d for space", said, err, gone.Load())
	}
}

// keepsFailed finds more runs that failed among those that are left than were written,
// which is one of five, and the bodies of all of them.
func keepsFailed(t *testing.T, s *store.Store) {
	t.Helper()
	count := map[flows.Status]int{}
	for before := ""; ; {
		page, next, err := s.Runs(context.Background(), store.RunFilter{Before: before, Limit: 200})
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range page {
			count[r.Status]++
			if _, err := s.Run(context.Background(), r.ID); err != nil {
				t.Errorf("a run that is left: %v", err)
			}
		}
		if before = next; next == "" {
			break
		}
	}
	if share := float64(count[flows.Failed]) / float64(count[flows.Succeeded]+1); share < .35 {
		t.Errorf("%v are left; want more than one of four to have failed", count)
	}
}

func writeRun(t *testing.T, s *store.Store, flow string, size int, fails bool) {
	ctx := context.Background()
	text := fmt.Sprint("value ", rand.Int64()) + strings.Repeat("x", size)
	run := flows.Run{ID: store.NewID("r_"), FlowID: flow, Status: flows.Running, Epoch: 1, Event: map[string]any{"body": text}}
	entry := flows.Entry{Attempt: &flows.Attempt{Path: "get", Number: 1, StepID: "get", Card: "http.get", Status: flows.Succeeded, Output: map[string]any{"body": text + "!"}}}
	end := flows.Outcome{Status: flows.Succeeded, At: time.Now()}
	if fails {
		end.Status, end.Error = flows.Failed, &cards.Error{Code: "http_500", Message: "it broke"}
	}
	if err := s.Record(ctx, run, []flows.Entry{entry}, end); err != nil {
		t.Errorf("Record: %v", err)
	}
}

// TestABudgetThatIsMadeSmallerIsKept gives the disk what is too much at once.
func TestABudgetThatIsMadeSmallerIsKept(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	dir := t.TempDir()
	s := open(t, filepath.Join(dir, "flowdeck.db"), store.Options{})
	for i := range 400 {
		writeRun(t, s, "f_1", 60_000+i%2*60_000, false)
	}
	var all sync.WaitGroup
	all.Go(func() {
		s.HoldBudget(ctx, func(_ store.Pruned, err error) {
			if err != nil {
				t.Errorf("HoldBudget: %v", err)
			}
		})
	})
	defer all.Wait()
	defer cancel()
	if before := taken(dir); before < 60<<20 {
		t.Fatalf("only %d bytes to begin with", before)
	}
	if err := s.SetKeep(ctx, store.Keep{Bytes: store.LeastBytes, FailedTimes: 1}); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(20 * time.Second); taken(dir) > store.LeastBytes; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("the disk still holds %d bytes, want at most %d", taken(dir), store.LeastBytes)
		}
	}
	if got := open(t, filepath.Join(dir, "flowdeck.db"), store.Options{Budget: 1 << 40}).Kept(); got.Bytes != store.LeastBytes {
		t.Errorf("the bound after a restart = %+v, want what was set", got)
	}
}
