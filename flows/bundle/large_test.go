package bundle

import (
	"fmt"
	"testing"
	"time"
)

// TestALargeImportKeepsOthersWaitingShortly: an import is one transaction, and what runs
// write meanwhile waits for it. It is measured at 2,000 flows.
func TestALargeImportKeepsOthersWaitingShortly(t *testing.T) {
	files := flowFiles(t, 2000)
	b := newBundle(t)
	done := make(chan error, 1)
	go func() {
		_, err := b.Import(ctx, files, Options{})
		done <- err
	}()
	longest, wrote := time.Duration(0), 0
	for {
		select {
		case err := <-done:
			must(t, err)
			t.Logf("%d writes of others meanwhile, the longest took %s", wrote, longest)
			if longest > 15*time.Second {
				t.Errorf("somebody else waited %s", longest)
			}
			return
		default:
		}
		began := time.Now()
		must(t, b.Store.SetSetting(ctx, "other", fmt.Sprint(wrote)))
		longest = max(longest, time.Since(began))
		wrote++
	}
}
