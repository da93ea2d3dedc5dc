package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"flowdeck/flows"
	"flowdeck/flows/store"
)

// testGroupCommit runs a hundred writers at once: each sees its own writes done, and nobody's are lost.
func testGroupCommit(t *testing.T, open Opener) {
	s := open(t, store.Options{})
	const writers, steps = 100, 5
	var all sync.WaitGroup
	errs := make([]error, writers)
	ids := make([]string, writers)
	for w := range writers {
		ids[w] = store.NewID("r_")
		all.Go(func() { errs[w] = wholeRun(s, ids[w], steps) })
	}
	all.Wait()
	must(t, errors.Join(errs...))
	for _, id := range ids {
		run, err := s.Run(ctx, id)
		must(t, err)
		attempts, err := s.Attempts(ctx, id)
		must(t, err)
		want(t, "status and attempts of "+id, []any{run.Status, len(attempts)}, []any{flows.Succeeded, steps})
	}
}

func wholeRun(s *store.Store, id string, steps int) error {
	if err := s.Create(ctx, flows.Run{ID: id, FlowID: "f_1", Status: flows.Running, Epoch: 1}); err != nil {
		return err
	}
	for i := range steps {
		path := flows.Path(fmt.Sprintf("step_%d", i))
		if err := s.Append(ctx, id, 1, []flows.Entry{succeeded(path, string(path), nil)}); err != nil {
			return err
		}
		attempts, err := s.Attempts(ctx, id)
		if err != nil || len(attempts) != i+1 {
			return fmt.Errorf("after step %d of %s: %d attempts, %v", i, id, len(attempts), err)
		}
	}
	return s.Finish(ctx, id, 1, nil, flows.Outcome{Status: flows.Succeeded})
}

// testFailingMember lets every second of many writers that share transactions fail,
// in each of the ways there are, some after having written something.
func testFailingMember(t *testing.T, open Opener) {
	s := open(t, store.Options{})
	must(t, s.CreateConnection(ctx, connection("c_0", "taken")))
	newFlow(t, s, "f_0")
	fenced := newRun(t, s, "f_0", nil)
	var all sync.WaitGroup
	var wrong atomic.Value
	check := func(what string, got, want error) {
		if !errors.Is(got, want) {
			wrong.Store(fmt.Sprintf("%s: error = %v, want %v", what, got, want))
		}
	}
	const rounds = 40
	good := make([]string, rounds)
	for i := range rounds {
		good[i] = store.NewID("r_")
		all.Go(func() { check("a good run", wholeRun(s, good[i], 2), nil) })
		all.Go(func() {
			check("a fenced append", s.Append(ctx, fenced, 7, []flows.Entry{succeeded("x", "x", nil)}), flows.ErrFenced)
		})
		all.Go(func() {
			check("a taken name", s.CreateConnection(ctx, connection(fmt.Sprint("c_", i+1), "TAKEN")), flows.ErrTaken)
		})
		all.Go(func() { // writes the new draft, then fails
			_, err := s.SaveDraft(ctx, "f_0", 1, document("lost", ""), store.Change{UserID: "u_1", Undo: 99})
			check("an undo of nothing", err, flows.ErrNotFound)
		})
		all.Go(func() {
			over, cancel := context.WithCancel(ctx)
			cancel()
			check("a caller who left", s.Cancel(over, fenced), context.Canceled)
		})
	}
	all.Wait()
	if w := wrong.Load(); w != nil {
		t.Fatal(w)
	}
	for _, id := range good {
		run, err := s.Run(ctx, id)
		must(t, err)
		attempts, err := s.Attempts(ctx, id)
		must(t, err)
		want(t, "a run beside failing ones", []any{run.Status, len(attempts)}, []any{flows.Succeeded, 2})
	}
	f, err := s.Flow(ctx, "f_0")
	must(t, err)
	want(t, "revision and draft after failed saves", []any{f.Revision, f.Draft}, []any{int64(1), document("https://a.example", "")})
	run, err := s.Run(ctx, fenced)
	must(t, err)
	want(t, "cancel flag that nobody set", run.Cancel, false)
	list, err := s.Connections(ctx)
	must(t, err)
	want(t, "connections", len(list), 1)
}

// testCrossing writes the same few rows in every order at once.
func testCrossing(t *testing.T, open Opener) {
	s := open(t, store.Options{})
	var all sync.WaitGroup
	errs := make([]error, 60)
	for w := range errs {
		all.Go(func() {
			for i := range 10 {
				errs[w] = errors.Join(errs[w], s.SetSetting(ctx, fmt.Sprint("name", (w*7+i*3)%5), fmt.Sprint(w, i)))
			}
		})
	}
	all.Wait()
	must(t, errors.Join(errs...))
}

// testClosing closes a store under its writers: each write either is there or has failed.
func testClosing(t *testing.T, open Opener) {
	s := open(t, store.Options{})
	must(t, s.Ping(ctx))
	version, err := s.SchemaVersion(ctx)
	must(t, err)
	if version < 4 {
		t.Errorf("SchemaVersion = %d, want at least 4", version)
	}
	var all sync.WaitGroup
	begun := make(chan struct{}, 20)
	for range 20 {
		all.Go(func() {
			for first := true; s.Create(ctx, flows.Run{ID: store.NewID("r_"), FlowID: "f_1"}) == nil; first = false {
				if first {
					begun <- struct{}{}
				}
			}
		})
	}
	<-begun
	must(t, s.Close())
	all.Wait()
	if err := s.Create(ctx, flows.Run{ID: store.NewID("r_")}); err == nil {
		t.Error("Create after Close = nil, want an error")
	}
}
