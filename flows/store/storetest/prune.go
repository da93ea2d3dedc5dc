package storetest

import (
	"strings"
	"testing"
	"time"

	"flowdeck/cards/schema"
	"flowdeck/flows"
	"flowdeck/flows/store"
)

func done(t testing.TB, s *store.Store, flow string) string {
	t.Helper()
	id := newRun(t, s, flow, map[string]any{"body": strings.Repeat("x", 1000)})
	must(t, s.Finish(ctx, id, 1, []flows.Entry{succeeded("get", "get", schema.Values{"body": strings.Repeat("y", 1000)})}, flows.Outcome{Status: flows.Succeeded}))
	return id
}

func left(t testing.TB, s *store.Store) (ids []string) {
	t.Helper()
	list, _, err := s.Runs(ctx, store.RunFilter{Limit: 200})
	must(t, err)
	for _, r := range list {
		ids = append(ids, r.ID)
	}
	return ids
}

func testPruneByAge(t *testing.T, open Opener) {
	s := open(t, store.Options{})
	newFlow(t, s, "short")
	newFlow(t, s, "usual")
	must(t, s.UpdateFlow(ctx, "short", func(f *flows.Flow) error { f.Settings.KeepDays = 2; return nil }))
	usual := done(t, s, "usual")
	for range 120 {
		done(t, s, "short")
	}
	waiting := newRun(t, s, "short", nil)
	gone := done(t, s, "short")

	p, err := s.Prune(ctx, time.Now().AddDate(0, 0, 1))
	must(t, err)
	want(t, "runs pruned after a day", p.Runs, 0)
	p, err = s.Prune(ctx, time.Now().AddDate(0, 0, 3))
	must(t, err)
	want(t, "runs pruned after three days", p.Runs, 121)
	if p.Bytes < 121*2000 {
		t.Errorf("bytes pruned = %d, want at least %d", p.Bytes, 121*2000)
	}
	want(t, "runs left", left(t, s), []string{waiting, usual})
	attempts, err := s.Attempts(ctx, gone)
	must(t, err)
	want(t, "attempts of a pruned run", len(attempts), 0)
	p, err = s.Prune(ctx, time.Now().AddDate(0, 0, 31))
	must(t, err)
	want(t, "runs pruned after a month", p.Runs, 1)
	want(t, "runs left", left(t, s), []string{waiting})
}

// PruneBySize is for databases whose files are not the store's own to bound.
func PruneBySize(t *testing.T, open Opener) {
	s := open(t, store.Options{Budget: 22_000})
	newFlow(t, s, "a")
	newFlow(t, s, "b")
	first := newRun(t, s, "a", map[string]any{"body": strings.Repeat("z", 60_000)})
	var want10 []string
	for i := range 30 {
		id := done(t, s, []string{"a", "b"}[i%2])
		if i >= 20 {
			want10 = append([]string{id}, want10...)
		}
	}
	p, err := s.Prune(ctx, time.Now())
	must(t, err)
	want(t, "runs pruned", p.Runs, 20)
	want(t, "runs left: the newest, and the one under way", left(t, s), append(want10, first))
	p, err = s.Prune(ctx, time.Now())
	must(t, err)
	want(t, "runs pruned the second time", p.Runs, 0)
}
