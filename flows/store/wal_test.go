package store_test

import (
	"context"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"flowdeck/flows/store"
)

// Commands open a database that a server is writing: a log that begins anew while it is
// looked at has lost nothing.
func TestALogThatIsBeingWrittenIsNotDamaged(t *testing.T) {
	path := filepath.Join(t.TempDir(), "flowdeck.db")
	s := open(t, path, store.Options{Budget: store.LeastBytes})
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
	defer cancel()
	var all sync.WaitGroup
	all.Go(func() { s.HoldBudget(ctx, func(store.Pruned, error) {}) })
	for range 8 {
		all.Go(func() {
			for ctx.Err() == nil {
				if _, err := create(s, strings.Repeat("x", 3000)); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	looks := 0
	for ; ctx.Err() == nil; looks++ {
		if copied, err := store.CheckLog(path, time.Now()); err != nil || copied != "" {
			t.Errorf("look %d says that the log is damaged, and copies it to %q, %v", looks, copied, err)
			cancel()
		}
	}
	all.Wait()
}
