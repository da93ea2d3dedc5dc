package storetest

import (
	"errors"
	"testing"
	"time"

	"flowdeck/flows"
	"flowdeck/flows/store"
	"flowdeck/oauth"
)

func newApp(t *testing.T, s *store.Store, id, name string) oauth.App {
	t.Helper()
	a := oauth.App{ID: id, Name: name, Owner: "Maya", Active: true, Auth: oauth.AuthKey, Scopes: []string{"flows.invoke"}, Created: start, Updated: start,
		Keys: []oauth.Key{{ID: "k1", Kind: "EC P-256", JWK: "{}", Active: true, Created: start}}, Secrets: []oauth.Secret{{Hash: "h1", Created: start}}}
	must(t, s.CreateApp(ctx, a))
	return a
}

func testApps(t *testing.T, open Opener) {
	s := open(t, store.Options{})
	edition := func() int64 {
		t.Helper()
		n, err := s.AppEdition(ctx)
		must(t, err)
		return n
	}
	first := edition()
	a := newApp(t, s, "app_1", "Billing 100%")
	newApp(t, s, "app_2", "Portal")
	if second := edition(); second <= first {
		t.Errorf("edition after two apps = %d, want more than %d", second, first)
	}
	got, err := s.App(ctx, "app_1")
	must(t, err)
	want(t, "App", got, a)
	wantErr(t, "CreateApp with a name that exists", s.CreateApp(ctx, oauth.App{ID: "app_3", Name: "Portal"}), flows.ErrTaken)
	_, err = s.App(ctx, "app_9")
	wantErr(t, "App of an unknown id", err, flows.ErrNotFound)
	for query, n := range map[string]int{"": 2, "100%": 1, "APP_2": 1, "maya": 2, "_": 2, "x": 0} {
		list, err := s.Apps(ctx, query)
		must(t, err)
		want(t, "apps that hold "+query, len(list), n)
	}

	before := edition()
	refused := errors.New("no")
	wantErr(t, "UpdateApp that refuses", s.UpdateApp(ctx, "app_1", func(a *oauth.App) error { a.Name = "x"; return refused }), refused)
	must(t, s.UpdateApp(ctx, "app_1", func(a *oauth.App) error { a.Active, a.Keys[0].Active = false, false; return nil }))
	wantErr(t, "UpdateApp to a name that exists", s.UpdateApp(ctx, "app_1", func(a *oauth.App) error { a.Name = "Portal"; return nil }), flows.ErrTaken)
	if after := edition(); after <= before {
		t.Errorf("edition after a change = %d, want more than %d", after, before)
	}
	used := start.Add(time.Hour)
	must(t, s.RecordUses(ctx, []store.LastUse{{Owner: "app_1", At: used}, {Owner: "app_1", Item: "k1", At: used}, {Owner: "gone", At: used}}, nil, nil))
	got, err = s.App(ctx, "app_1")
	must(t, err)
	want(t, "after changes", []any{got.Name, got.Active, got.Keys[0].Active, got.LastUsed, got.Keys[0].LastUsed, got.Secrets[0].LastUsed},
		[]any{a.Name, false, false, used, used, time.Time{}})
	must(t, s.DeleteApp(ctx, "app_1"))
	wantErr(t, "DeleteApp again", s.DeleteApp(ctx, "app_1"), flows.ErrNotFound)
}

func testAppTokens(t *testing.T, open Opener) {
	c := &clock{start}
	s := open(t, store.Options{Now: c.Now})
	newApp(t, s, "app_1", "Billing")
	var issued []store.AppToken
	for i := range 30 {
		at := start.Add(time.Duration(i) * time.Second)
		issued = append(issued, store.AppToken{ID: "t_" + string(rune('A'+i)), AppID: "app_1", Issued: at, Expires: at.Add(time.Hour), Scopes: "a b", Address: "10.0.0.1", Item: "k1"})
	}
	must(t, s.RecordUses(ctx, nil, nil, append(issued, store.AppToken{ID: "other", AppID: "gone"})))
	last := issued[29]
	must(t, s.RevokeToken(ctx, last.ID, "app_1", last.Expires))
	must(t, s.RevokeToken(ctx, last.ID, "app_1", last.Expires))
	list, err := s.AppTokens(ctx, "app_1")
	must(t, err)
	want(t, "tokens that are remembered", len(list), 20)
	last.Revoked = true
	want(t, "the newest", list[0], last)
	want(t, "the one before", list[1], issued[28])
	for id, revoked := range map[string]bool{last.ID: true, issued[28].ID: false} {
		got, err := s.IsRevoked(ctx, id)
		must(t, err)
		want(t, "is revoked: "+id, got, revoked)
	}

	use := func(hash string, fresh bool) {
		t.Helper()
		got, err := s.UseAssertion(ctx, hash, c.now.Add(time.Minute))
		must(t, err)
		want(t, "fresh: "+hash, got, fresh)
	}
	use("a", true)
	use("b", true)
	use("a", false)
	c.now = start.Add(2 * time.Hour)
	use("c", true) // forgets a and b, which have expired
	use("a", true)
	_, err = s.Prune(ctx, c.now)
	must(t, err)
	got, err := s.IsRevoked(ctx, last.ID)
	must(t, err)
	want(t, "revoked after it expired", got, false)
}

func testSigningKeys(t *testing.T, open Opener) {
	s := open(t, store.Options{})
	k := func(id string, at time.Time) store.SigningKey {
		return store.SigningKey{ID: id, Created: at, Sealed: []byte(id), Key: []byte("wrapped")}
	}
	day := 24 * time.Hour
	must(t, s.RotateSigningKey(ctx, k("k1", start), start, day))
	must(t, s.RotateSigningKey(ctx, k("late", start.Add(time.Second)), start, day)) // another server was faster
	later := start.Add(90 * day)
	must(t, s.RotateSigningKey(ctx, k("k2", later), later, day))
	must(t, s.RewrapSigningKey(ctx, "k2", []byte("again")))
	list, err := s.SigningKeys(ctx, start)
	must(t, err)
	old, newer := k("k1", start), k("k2", later)
	old.Retired, newer.Key = later, []byte("again")
	want(t, "keys", list, []store.SigningKey{newer, old})
	list, err = s.SigningKeys(ctx, later)
	must(t, err)
	want(t, "keys that are still believed", len(list), 1)
}

func testOldAliases(t *testing.T, open Opener) {
	c := &clock{start}
	s := open(t, store.Options{Now: c.Now})
	newFlow(t, s, "f_1")
	must(t, s.UpdateFlow(ctx, "f_1", func(f *flows.Flow) error { f.Alias = "new"; return nil }))
	must(t, s.KeepAlias(ctx, "f_1", "f_1", start.Add(time.Hour)))
	for _, read := range []string{"from the database", "from memory"} {
		e, err := s.FlowByAlias(ctx, "f_1")
		must(t, err)
		want(t, "flow at its old alias "+read, []string{e.FlowID, e.Alias}, []string{"f_1", "new"})
	}
	list, err := s.OldAliases(ctx, "f_1")
	must(t, err)
	want(t, "old aliases", list, []store.OldAlias{{Alias: "f_1", Until: start.Add(time.Hour)}})
	newFlow(t, s, "f_2")
	must(t, s.UpdateFlow(ctx, "f_2", func(f *flows.Flow) error { f.Alias = "f_1"; return nil }))
	e, err := s.FlowByAlias(ctx, "f_1")
	must(t, err)
	want(t, "an alias that is somebody's now", e.FlowID, "f_2")
	must(t, s.DropAlias(ctx, "f_1", "f_1"))
	_, err = s.AliasHolder(ctx, "f_1")
	wantErr(t, "AliasHolder after DropAlias", err, flows.ErrNotFound)

	must(t, s.KeepAlias(ctx, "f_1", "older", start.Add(time.Hour)))
	c.now = start.Add(time.Hour)
	s.FlowByAlias(ctx, "older") //nolint:errcheck // it may be in memory
	_, err = s.AliasHolder(ctx, "older")
	wantErr(t, "AliasHolder when the time is over", err, flows.ErrNotFound)
	must(t, s.RotateToken(ctx, "f_1", "t1", "…1", "Maya", c.now))
	c.now = c.now.Add(time.Second)
	must(t, s.RotateToken(ctx, "f_1", "t2", "…2", "Maya", c.now.Add(time.Hour)))
	must(t, s.RecordUses(ctx, nil, []store.LastUse{{Owner: "f_1", Item: "t2", At: c.now}}, nil))
	tokens, err := s.Tokens(ctx, "f_1")
	must(t, err)
	want(t, "client tokens", []any{len(tokens), tokens[0].Used, tokens[1].Expires}, []any{2, c.now, c.now.Add(time.Hour)})
}
