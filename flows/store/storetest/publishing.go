package storetest

import (
	"testing"

	"flowdeck/flows"
	"flowdeck/flows/store"
)

func testPublishing(t *testing.T, open Opener) {
	c := &clock{start}
	s := open(t, store.Options{Now: c.Now})
	f := newFlow(t, s, "f_1")
	n, err := s.Publish(ctx, "f_1", 1, f.Draft, "first", "Maya")
	must(t, err)
	want(t, "first version", n, int64(1))
	got, err := s.Flow(ctx, "f_1")
	must(t, err)
	want(t, "version, versions, changed, on", []any{got.Version, got.Versions, got.Changed, got.On}, []any{int64(1), int64(1), false, false})

	second := document("https://b.example", "")
	revision, err := s.SaveDraft(ctx, "f_1", 1, second, store.Change{By: "Jo"})
	must(t, err)
	got, err = s.Flow(ctx, "f_1")
	must(t, err)
	want(t, "changed after an edit", got.Changed, true)
	_, err = s.Publish(ctx, "f_1", 1, f.Draft, "late", "Maya")
	wantErr(t, "Publish of an old revision", err, flows.ErrConflict)
	n, err = s.Publish(ctx, "f_1", revision, second, "second", "Jo")
	must(t, err)
	want(t, "second version", n, int64(2))

	v, err := s.Version(ctx, "f_1", 1)
	must(t, err)
	want(t, "Version 1", v, flows.Version{FlowID: "f_1", Number: 1, Document: f.Draft, Message: "first", By: "Maya", At: start})
	_, err = s.Version(ctx, "f_1", 3)
	wantErr(t, "Version 3", err, flows.ErrNotFound)
	list, err := s.Versions(ctx, "f_1")
	must(t, err)
	if len(list) != 2 || list[0].Number != 2 || list[1].Message != "first" || list[1].By != "Maya" || !list[0].At.Equal(start) {
		t.Errorf("Versions = %+v, want the second, then the first", list)
	}

	revision, err = s.SaveDraft(ctx, "f_1", revision, f.Draft, store.Change{})
	must(t, err)
	revision, err = s.SaveDraft(ctx, "f_1", revision, second, store.Change{})
	must(t, err)
	got, err = s.Flow(ctx, "f_1")
	must(t, err)
	want(t, "changed after an edit and back", got.Changed, false)

	id, err := s.PutDocument(ctx, second)
	must(t, err)
	want(t, "id of the same document", id, list[0].Document)
	doc, err := s.Document(ctx, id)
	must(t, err)
	want(t, "Document", doc, second)
	_, err = s.Document(ctx, "00")
	wantErr(t, "Document of an unknown id", err, flows.ErrNotFound)
}

func testEndpoints(t *testing.T, open Opener) {
	s := open(t, store.Options{})
	f := newFlow(t, s, "f_1")
	e, err := s.FlowByAlias(ctx, "f_1")
	must(t, err)
	want(t, "endpoint of a new flow", e, &store.Endpoint{FlowID: "f_1", Name: f.Name, Alias: "f_1"})
	_, err = s.FlowByAlias(ctx, "f_2")
	wantErr(t, "FlowByAlias of an unknown alias", err, flows.ErrNotFound)

	_, err = s.Publish(ctx, "f_1", 1, f.Draft, "", "Maya")
	must(t, err)
	id, err := s.PutDocument(ctx, f.Draft)
	must(t, err)
	must(t, s.UpdateFlow(ctx, "f_1", func(f *flows.Flow) error { f.On, f.Settings.Security = true, "public"; return nil }))
	must(t, s.SetToken(ctx, "f_1", "old", "…a", "Maya"))
	must(t, s.SetToken(ctx, "f_1", "new", "…b", "Jo"))
	for _, read := range []string{"from the database", "from memory"} {
		e, err = s.FlowByAlias(ctx, "f_1")
		must(t, err)
		want(t, "endpoint "+read, []any{e.On, e.Version, e.Document, e.Settings.Security}, []any{true, int64(1), id, "public"})
		if len(e.Tokens) != 1 || e.Tokens[0].Hash != "new" || e.Tokens[0].Hint != "…b" || e.Tokens[0].By != "Jo" {
			t.Errorf("tokens %s = %+v, want the new one alone", read, e.Tokens)
		}
	}
	must(t, s.UpdateFlow(ctx, "f_1", func(f *flows.Flow) error { f.On, f.Alias = false, "else"; return nil }))
	_, err = s.FlowByAlias(ctx, "f_1")
	wantErr(t, "FlowByAlias of the old alias", err, flows.ErrNotFound)
	must(t, s.DeleteTokens(ctx, "f_1"))
	e, err = s.FlowByAlias(ctx, "else")
	must(t, err)
	want(t, "on, tokens after changing", []any{e.On, len(e.Tokens)}, []any{false, 0})
	tokens, err := s.Tokens(ctx, "f_1")
	must(t, err)
	want(t, "Tokens", len(tokens), 0)
}
