package storetest

import (
	"strings"
	"testing"
	"time"

	"flowdeck/flows"
	"flowdeck/flows/store"
)

func testAPITokens(t *testing.T, open Opener) {
	c := &clock{start}
	s := open(t, store.Options{Now: c.Now})
	_, err := s.CreateUser(ctx, store.User{Email: "owner@b.c"})
	must(t, err)
	u, err := s.CreateUser(ctx, store.User{Email: "a@b.c", Name: "Ada"})
	must(t, err)
	first := store.APIToken{ID: "k_1", Hash: "h1", User: u, Name: "CI", Hint: "fdp_…wxyz", Scopes: []string{"flows:read", "runs:read"}, Created: start, Expires: start.Add(time.Hour)}
	must(t, s.CreateAPIToken(ctx, first))
	c.now = start.Add(time.Minute)
	must(t, s.CreateAPIToken(ctx, store.APIToken{ID: "k_2", Hash: "h2", User: u, Scopes: []string{}}))
	wantErr(t, "CreateAPIToken with a hash that exists", s.CreateAPIToken(ctx, store.APIToken{ID: "k_3", Hash: "h2", User: u}), flows.ErrTaken)
	got, err := s.APITokenByHash(ctx, "h1")
	must(t, err)
	want(t, "APITokenByHash", got, first)
	_, err = s.APITokenByHash(ctx, "h9")
	wantErr(t, "APITokenByHash of nobody", err, flows.ErrNotFound)

	must(t, s.TouchAPIToken(ctx, "k_1", c.now))
	must(t, s.TouchAPIToken(ctx, "k_1", start)) // an older use says nothing new
	list, err := s.APITokens(ctx, u.ID)
	must(t, err)
	want(t, "APITokens: ids, last use", []any{list[0].ID, list[1].ID, list[1].LastUsed}, []any{"k_2", "k_1", c.now})
	wantErr(t, "DeleteAPIToken of somebody else", s.DeleteAPIToken(ctx, "u_other", "k_1"), flows.ErrNotFound)
	must(t, s.DeleteAPIToken(ctx, u.ID, "k_1"))
	must(t, s.DeleteUser(ctx, u.ID))
	_, err = s.APITokenByHash(ctx, "h2")
	wantErr(t, "the token of a person who is gone", err, flows.ErrNotFound)
}

func testFolders(t *testing.T, open Opener) {
	s := open(t, store.Options{})
	for id, folder := range map[string]string{"f_1": "", "f_2": "crm", "f_3": "crm/sync", "f_4": "crm_other"} {
		must(t, s.CreateFlow(ctx, flows.Flow{ID: id, Name: id, Alias: id, Folder: folder, Draft: document("https://a.io", "")}))
	}
	list, err := s.Folders(ctx)
	must(t, err)
	want(t, "Folders", list, []string{"crm", "crm/sync", "crm_other"})
	rows, _, err := s.Flows(ctx, store.FlowFilter{Folder: "crm"})
	must(t, err)
	want(t, "flows in crm", []string{rows[0].ID, rows[1].ID, rows[1].Folder}, []string{"f_2", "f_3", "crm/sync"})
	want(t, "how many", len(rows), 2)
	must(t, s.UpdateFlow(ctx, "f_2", func(f *flows.Flow) error { f.Folder = "erp"; return nil }))
	var all []string
	must(t, s.EachFlow(ctx, func(f flows.Flow) error { all = append(all, f.ID+" "+f.Folder); return nil }))
	want(t, "EachFlow", all, []string{"f_1 ", "f_2 erp", "f_3 crm/sync", "f_4 crm_other"})

	// a flow that was deleted comes back under its id, and its alias is free meanwhile
	must(t, s.DeleteFlow(ctx, "f_2"))
	must(t, s.CreateFlow(ctx, flows.Flow{ID: "f_2", Name: "Back", Alias: "back", Draft: document("https://b.io", "")}))
	f, err := s.Flow(ctx, "f_2")
	must(t, err)
	want(t, "a flow that came back", []any{f.Name, f.Alias, f.Folder, f.Version, f.On}, []any{"Back", "back", "", int64(0), false})
	wantErr(t, "CreateFlow with an id that is there", s.CreateFlow(ctx, flows.Flow{ID: "f_2", Name: "Twice", Alias: "twice"}), flows.ErrTaken)
}

func testAttemptsPage(t *testing.T, open Opener) {
	s := open(t, store.Options{})
	f := newFlow(t, s, "f_1")
	run := newRun(t, s, f.ID, nil)
	memo, err := s.Claim(ctx, run, start)
	must(t, err)
	for _, path := range []flows.Path{"a", "b", "c"} {
		must(t, s.Append(ctx, run, memo.Run.Epoch, []flows.Entry{succeeded(path, string(path), map[string]any{"x": "y"})}))
	}
	all, more, err := s.AttemptsPage(ctx, run, store.AttemptPage{})
	must(t, err)
	want(t, "all attempts, more", []any{len(all), more, all[0].Output["x"]}, []any{3, false, "y"})
	var seen []flows.Path
	p := store.AttemptPage{Heads: true, Limit: 1}
	for more := true; more; {
		var list []flows.Attempt
		list, more, err = s.AttemptsPage(ctx, run, p)
		must(t, err)
		seen = append(seen, list[0].Path)
		want(t, "output in a head", len(list[0].Output), 0)
		p.After = &list[0]
	}
	want(t, "pages of one", seen, []flows.Path{all[0].Path, all[1].Path, all[2].Path})

	long := newRun(t, s, f.ID, nil)
	memo, err = s.Claim(ctx, long, start)
	must(t, err)
	for _, path := range []flows.Path{"a", "b"} {
		must(t, s.Append(ctx, long, memo.Run.Epoch, []flows.Entry{succeeded(path, string(path), map[string]any{"x": strings.Repeat("y", 9<<20)})}))
	}
	first, more, err := s.AttemptsPage(ctx, long, store.AttemptPage{})
	must(t, err)
	want(t, "long attempts on a page, more", []any{len(first), more}, []any{1, true})
	rest, more, err := s.AttemptsPage(ctx, long, store.AttemptPage{After: &first[0]})
	must(t, err)
	want(t, "the other one, more", []any{len(rest), more, rest[0].Path != first[0].Path}, []any{1, false, true})
}
