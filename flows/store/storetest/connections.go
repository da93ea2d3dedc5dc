package storetest

import (
	"errors"
	"testing"
	"time"

	"flowdeck/connectors"
	"flowdeck/flows"
	"flowdeck/flows/store"
)

func connection(id, name string) connectors.Connection {
	return connectors.Connection{ID: id, Name: name, Type: "basic", Hosts: []string{"a.example", "*.b.example"}, TestURL: "https://a.example/me",
		Settings: map[string]any{"user": "jo", "n": int64(3)}, Network: map[string]any{"rate": int64(5), "min_tls": "1.3"}, Sealed: []byte{0, 1, 255}, Key: []byte{9, 0}, State: connectors.Untested,
		Created: start, Updated: start, UpdatedBy: "Maya"}
}

func testConnections(t *testing.T, open Opener) {
	s := open(t, store.Options{})
	c := connection("c_1", "CRM")
	must(t, s.CreateConnection(ctx, c))
	c.Revision = 1
	got, err := s.Connection(ctx, "c_1")
	must(t, err)
	want(t, "Connection", got, c)
	_, err = s.Connection(ctx, "c_9")
	wantErr(t, "Connection of an unknown id", err, connectors.ErrNoConnection)
	wantErr(t, "Connection of an unknown id", err, flows.ErrNotFound)
	wantErr(t, "CreateConnection with a name that exists", s.CreateConnection(ctx, connection("c_2", "crm")), flows.ErrTaken)
	must(t, s.CreateConnection(ctx, connection("c_2", "Billing")))

	calls := 0
	must(t, s.UpdateConnection(ctx, "c_1", func(c *connectors.Connection) error {
		if calls++; calls == 1 {
			must(t, s.UpdateConnection(ctx, "c_1", func(c *connectors.Connection) error { c.Sealed = []byte("theirs"); return nil }))
		}
		c.State, c.StateDetail, c.Expires, c.TestResult = connectors.Failing, "revoked", start.Add(time.Hour), "401 in 3 ms"
		return nil
	}))
	must(t, s.TouchConnection(ctx, "c_1", start.Add(time.Minute)))
	c.Sealed, c.State, c.StateDetail, c.Expires, c.TestResult = []byte("theirs"), connectors.Failing, "revoked", start.Add(time.Hour), "401 in 3 ms"
	c.Revision, c.LastUsed = 3, start.Add(time.Minute)
	got, err = s.Connection(ctx, "c_1")
	must(t, err)
	want(t, "Connection after two updates at the same time", got, c)

	own := errors.New("no")
	wantErr(t, "UpdateConnection whose change fails", s.UpdateConnection(ctx, "c_1", func(*connectors.Connection) error { return own }), own)
	wantErr(t, "UpdateConnection to a name that exists",
		s.UpdateConnection(ctx, "c_1", func(c *connectors.Connection) error { c.Name = "BILLING"; return nil }), flows.ErrTaken)
	wantErr(t, "UpdateConnection of an unknown id",
		s.UpdateConnection(ctx, "c_9", func(*connectors.Connection) error { return nil }), connectors.ErrNoConnection)
	wantErr(t, "TouchConnection of an unknown id", s.TouchConnection(ctx, "c_9", start), connectors.ErrNoConnection)
	list, err := s.Connections(ctx)
	must(t, err)
	want(t, "Connections: number, first, second", []any{len(list), list[0].Name, list[1]}, []any{2, "Billing", c})
	must(t, s.DeleteConnection(ctx, "c_2"))
	wantErr(t, "DeleteConnection again", s.DeleteConnection(ctx, "c_2"), connectors.ErrNoConnection)
}

func testUses(t *testing.T, open Opener) {
	s := open(t, store.Options{})
	must(t, s.CreateConnection(ctx, connection("c_1", "CRM")))
	must(t, s.CreateConnection(ctx, connection("c_2", "Billing")))
	must(t, s.CreateFlow(ctx, flows.Flow{ID: "f_1", Name: "One", Alias: "one", Draft: document("u", "c_1")}))
	must(t, s.CreateFlow(ctx, flows.Flow{ID: "f_2", Name: "Two", Alias: "two", Draft: document("u", "c_1")}))
	_, err := s.Publish(ctx, "f_1", 1, document("u", "c_1"), "", "Maya")
	must(t, err)
	_, err = s.SaveDraft(ctx, "f_1", 1, document("u", "c_2"), store.Change{})
	must(t, err)

	uses := func(id string) []store.Use {
		t.Helper()
		list, err := s.ConnectionUses(ctx, id)
		must(t, err)
		return list
	}
	want(t, "uses of c_1", uses("c_1"), []store.Use{
		{FlowID: "f_1", FlowName: "One", Steps: []string{"get"}, Live: true}, {FlowID: "f_2", FlowName: "Two", Steps: []string{"get"}, Draft: true}})
	want(t, "uses of c_2", uses("c_2"), []store.Use{{FlowID: "f_1", FlowName: "One", Steps: []string{"get"}, Draft: true}})
	c, err := s.Connection(ctx, "c_1")
	must(t, err)
	want(t, "Uses", c.Uses, 2)
	wantErr(t, "DeleteConnection in use", s.DeleteConnection(ctx, "c_1"), flows.ErrInUse)
	_, err = s.Publish(ctx, "f_1", 2, document("u", "c_2"), "", "Maya")
	must(t, err)
	must(t, s.DeleteFlow(ctx, "f_2"))
	want(t, "uses of c_1 when nobody is left", uses("c_1"), []store.Use(nil))
	must(t, s.DeleteConnection(ctx, "c_1"))
	want(t, "uses of c_2", uses("c_2"), []store.Use{{FlowID: "f_1", FlowName: "One", Steps: []string{"get"}, Live: true, Draft: true}})
}

func testSignIns(t *testing.T, open Opener) {
	s := open(t, store.Options{})
	must(t, s.CreateConnection(ctx, connection("c_1", "CRM")))
	a := connectors.Attempt{ID: "a_1", ConnectionID: "c_1", StateHash: "hash", Sealed: []byte{1, 0}, Redirect: "https://d/oauth/callback", For: "f_1/get",
		Status: connectors.AttemptWaiting, By: "u_1", Created: start, Expires: start.Add(connectors.AttemptLife)}
	must(t, s.CreateAttempt(ctx, a))
	got, err := s.Attempt(ctx, "a_1")
	must(t, err)
	want(t, "Attempt", got, a)
	must(t, s.UpdateAttempt(ctx, "a_1", func(a *connectors.Attempt) error {
		a.Status, a.Code, a.Detail, a.OpenedBy = connectors.AttemptFailed, "access_denied", "No", "u_2"
		return nil
	}))
	a.Status, a.Code, a.Detail, a.OpenedBy = connectors.AttemptFailed, "access_denied", "No", "u_2"
	got, err = s.AttemptByState(ctx, "hash")
	must(t, err)
	want(t, "AttemptByState", got, a)
	_, err = s.Attempt(ctx, "a_9")
	wantErr(t, "Attempt of an unknown id", err, connectors.ErrNoAttempt)
	_, err = s.AttemptByState(ctx, "other")
	wantErr(t, "AttemptByState of an unknown state", err, connectors.ErrNoAttempt)
	own := errors.New("no")
	wantErr(t, "UpdateAttempt whose change fails", s.UpdateAttempt(ctx, "a_1", func(*connectors.Attempt) error { return own }), own)
	wantErr(t, "UpdateAttempt of an unknown id", s.UpdateAttempt(ctx, "a_9", func(*connectors.Attempt) error { return nil }), connectors.ErrNoAttempt)

	p, err := s.Prune(ctx, start.Add(25*time.Hour))
	must(t, err)
	want(t, "sign-ins pruned", p.SignIns, 1)
}
