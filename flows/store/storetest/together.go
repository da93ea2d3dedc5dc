package storetest

import (
	"errors"
	"testing"

	"flowdeck/flows"
	"flowdeck/flows/store"
)

// testTogether proves that changes which are made together are seen together, read
// themselves, and that one which fails in them takes only itself along.
func testTogether(t *testing.T, open Opener) {
	s := open(t, store.Options{})
	doc := flows.Document{Format: flows.Format, Trigger: flows.Step{ID: "in", Card: "event.manual"}}
	make := func(s *store.Store, id, alias string) error {
		return s.CreateFlow(ctx, flows.Flow{ID: id, Name: id, Alias: alias, Draft: doc})
	}
	failed := errors.New("no more")
	wantErr(t, "changes that fail together", s.Together(ctx, func(in *store.Store) error {
		must(t, make(in, "f_1", "one"))
		must(t, in.PutVariable(ctx, store.Variable{Name: "v", Value: int64(1)}, true))
		return failed
	}), failed)
	_, err := s.Flow(ctx, "f_1")
	wantErr(t, "a flow of theirs", err, flows.ErrNotFound)
	list, err := s.Variables(ctx)
	must(t, err)
	want(t, "variables of theirs", len(list), 0)

	must(t, s.Together(ctx, func(in *store.Store) error {
		must(t, make(in, "f_1", "one"))
		wantErr(t, "an alias that is taken by a change before", make(in, "f_2", "one"), flows.ErrTaken)
		must(t, make(in, "f_2", "two"))
		f, err := in.Flow(ctx, "f_1")
		must(t, err)
		version, err := in.Publish(ctx, f.ID, f.Revision, f.Draft, "", "")
		must(t, err)
		want(t, "the version of a flow that nobody else sees yet", version, int64(1))
		must(t, in.UpdateFlow(ctx, f.ID, func(f *flows.Flow) error { f.On = true; return nil }))
		must(t, in.PutVariable(ctx, store.Variable{Name: "v", Value: int64(1)}, true))
		return nil
	}))
	f, err := s.Flow(ctx, "f_1")
	must(t, err)
	want(t, "what they published", f.Live(), true)
	_, err = s.Flow(ctx, "f_2")
	must(t, err)
	e, err := s.FlowByAlias(ctx, "one")
	must(t, err)
	want(t, "the endpoint", e.Version, int64(1))
	list, err = s.Variables(ctx)
	must(t, err)
	want(t, "the variable", len(list), 1)
}
