package storetest

import (
	"testing"
	"time"

	"flowdeck/flows"
	"flowdeck/flows/store"
)

func testUsers(t *testing.T, open Opener) {
	c := &clock{start}
	s := open(t, store.Options{Now: c.Now})
	maya, err := s.CreateUser(ctx, store.User{Email: " Maya@Acme.io", Name: "Maya", Password: "h1"})
	must(t, err)
	want(t, "first user", maya, store.User{ID: maya.ID, Email: "maya@acme.io", Name: "Maya", Password: "h1", Owner: true, Created: start})
	jo, err := s.CreateUser(ctx, store.User{ID: "u_jo", Email: "jo@acme.io", Name: "Jo"})
	must(t, err)
	want(t, "the second is owner", jo.Owner, false)
	_, err = s.CreateUser(ctx, store.User{Email: "MAYA@acme.io"})
	wantErr(t, "CreateUser with an address that exists", err, flows.ErrTaken)

	got, err := s.UserByEmail(ctx, "MAYA@ACME.IO ")
	must(t, err)
	want(t, "UserByEmail", got, maya)
	got, err = s.User(ctx, "u_jo")
	must(t, err)
	want(t, "User", got, jo)
	_, err = s.UserByEmail(ctx, "nobody@acme.io")
	wantErr(t, "UserByEmail of nobody", err, flows.ErrNotFound)
	list, err := s.Users(ctx)
	must(t, err)
	want(t, "Users", list, []store.User{jo, maya})

	must(t, s.SetPassword(ctx, "u_jo", "h2"))
	must(t, s.UpdateUser(ctx, "u_jo", "Joan@acme.io", "Joan"))
	got, err = s.User(ctx, "u_jo")
	must(t, err)
	want(t, "User after changes", got, store.User{ID: "u_jo", Email: "joan@acme.io", Name: "Joan", Password: "h2", Created: start})
	wantErr(t, "UpdateUser to an address that exists", s.UpdateUser(ctx, "u_jo", "maya@acme.io", ""), flows.ErrTaken)
	must(t, s.CreateAPIToken(ctx, store.APIToken{ID: "k_jo", Hash: "kh", User: store.User{ID: "u_jo"}, Name: "jo's"}))
	must(t, s.CreateAPIToken(ctx, store.APIToken{ID: "k_maya", Hash: "kh2", User: store.User{ID: maya.ID}, Name: "maya's"}))
	must(t, s.ResetPassword(ctx, "u_jo", "h3"))
	_, err = s.APITokenByHash(ctx, "kh")
	wantErr(t, "the token of somebody whose password was reset", err, flows.ErrNotFound)
	_, err = s.APITokenByHash(ctx, "kh2")
	must(t, err)
	got, err = s.User(ctx, "u_jo")
	must(t, err)
	want(t, "the password after a reset", got.Password, "h3")
	wantErr(t, "ResetPassword of nobody", s.ResetPassword(ctx, "u_9", "h"), flows.ErrNotFound)
	wantErr(t, "SetPassword of nobody", s.SetPassword(ctx, "u_9", "h"), flows.ErrNotFound)
	wantErr(t, "DeleteUser of the owner", s.DeleteUser(ctx, maya.ID), flows.ErrInUse)
	must(t, s.DeleteUser(ctx, "u_jo"))
	wantErr(t, "DeleteUser again", s.DeleteUser(ctx, "u_jo"), flows.ErrNotFound)
}

func testSetup(t *testing.T, open Opener) {
	s := open(t, store.Options{})
	_, err := s.SetupToken(ctx)
	wantErr(t, "SetupToken before there is one", err, flows.ErrNotFound)
	must(t, s.SetSetupToken(ctx, "first"))
	must(t, s.SetSetupToken(ctx, "hash"))
	_, err = s.CreateOwner(ctx, store.User{Email: "a@b.c"}, "first")
	wantErr(t, "CreateOwner with another token", err, flows.ErrNotFound)
	u, err := s.CreateOwner(ctx, store.User{Email: "a@b.c"}, "hash")
	must(t, err)
	want(t, "owner", u.Owner, true)
	_, err = s.CreateOwner(ctx, store.User{Email: "x@b.c"}, "hash")
	wantErr(t, "CreateOwner with a used token", err, flows.ErrNotFound)
	must(t, s.SetSetupToken(ctx, "more"))
	_, err = s.CreateOwner(ctx, store.User{Email: "x@b.c"}, "more")
	wantErr(t, "CreateOwner beside an owner", err, flows.ErrConflict)
}

func testSessions(t *testing.T, open Opener) {
	c := &clock{start}
	s := open(t, store.Options{Now: c.Now})
	u, err := s.CreateUser(ctx, store.User{Email: "a@b.c"})
	must(t, err)
	first := store.Session{Hash: "h1", User: u, Created: start, Seen: start, Expires: start.Add(time.Hour), Address: "10.0.0.1", Agent: "Firefox"}
	must(t, s.CreateSession(ctx, first))
	must(t, s.CreateSession(ctx, store.Session{Hash: "h2", User: u, Seen: start.Add(time.Minute), Expires: start.Add(2 * time.Hour)}))
	before := u
	before.Password = "the hash of the one before"
	wantErr(t, "CreateSession with a password that was replaced meanwhile", s.CreateSession(ctx, store.Session{Hash: "h9", User: before, Expires: start.Add(time.Hour)}), flows.ErrNotFound)
	got, err := s.Session(ctx, "h1")
	must(t, err)
	want(t, "Session", got, first)
	_, err = s.Session(ctx, "h3")
	wantErr(t, "Session of an unknown hash", err, flows.ErrNotFound)

	list, err := s.Sessions(ctx, u.ID)
	must(t, err)
	want(t, "Sessions: number, first", []any{len(list), list[0].Hash}, []any{2, "h2"})
	c.now = start.Add(90 * time.Minute)
	_, err = s.Session(ctx, "h1")
	wantErr(t, "Session when expired", err, flows.ErrNotFound)
	must(t, s.TouchSession(ctx, "h2", c.now, c.now.Add(3*time.Hour)))
	p, err := s.Prune(ctx, c.now)
	must(t, err)
	want(t, "sessions pruned", p.Sessions, 1)
	got, err = s.Session(ctx, "h2")
	must(t, err)
	want(t, "touched session", []any{got.Seen, got.Expires}, []any{c.now, c.now.Add(3 * time.Hour)})
	wantErr(t, "TouchSession of an unknown hash", s.TouchSession(ctx, "h3", start, start), flows.ErrNotFound)

	must(t, s.DeleteSession(ctx, "h2"))
	must(t, s.DeleteSession(ctx, "h2"))
	must(t, s.CreateSession(ctx, store.Session{Hash: "h4", User: u, Expires: c.now.Add(time.Hour)}))
	must(t, s.CreateSession(ctx, store.Session{Hash: "h5", User: u, Expires: c.now.Add(time.Hour)}))
	must(t, s.DeleteSessions(ctx, u.ID))
	list, err = s.Sessions(ctx, u.ID)
	must(t, err)
	want(t, "sessions after signing out everywhere", len(list), 0)
}

func testSettings(t *testing.T, open Opener) {
	s := open(t, store.Options{})
	_, err := s.Setting(ctx, "a")
	wantErr(t, "Setting that was not set", err, flows.ErrNotFound)
	must(t, s.SetSetting(ctx, "a", "1"))
	must(t, s.SetSetting(ctx, "a", "2"))
	got, err := s.Setting(ctx, "a")
	must(t, err)
	want(t, "Setting", got, "2")
	must(t, s.DeleteSetting(ctx, "a"))
	must(t, s.DeleteSetting(ctx, "a"))
	_, err = s.Setting(ctx, "a")
	wantErr(t, "Setting that was deleted", err, flows.ErrNotFound)
}
