package connectors

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"flowdeck/cards/schema"
)

func TestConnectionsAreTestedByTheirURL(t *testing.T) {
	for _, x := range []struct {
		answer http.HandlerFunc
		ok     bool
		status int
		words  string
		state  State
	}{
		{ok, true, 200, "200 in ", Ready},
		{func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(204) }, true, 204, "204 in ", Ready},
		{func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(401) }, false, 401, "answered 401 Unauthorized", Failing},
		{func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, false, 0, "the server broke off", Failing},
	} {
		b, s := newBench(t), watch(t, x.answer)
		id := b.add("basic", schema.Values{"username": "u", "password": "p"}, Token{}, s.host())
		row := b.storage.rows[id]
		row.TestURL = s.URL + "/me"
		b.storage.rows[id] = row
		got, err := b.clients.Test(context.Background(), id)
		if err != nil || got.OK != x.ok || got.Status != x.status || !strings.Contains(got.Message, x.words) || len(got.Trace.Exchanges) != 1 {
			t.Errorf("got %+v, %v, want %d %q", got, err, x.status, x.words)
		}
		c, _ := b.storage.Connection(context.Background(), id)
		if c.State != x.state || c.TestResult != got.Message || !c.LastTested.Equal(b.clock()) {
			t.Errorf("row = %+v, want %s", c, x.state)
		}
	}
}

func TestConnectionsWithoutTestURLShowTheirToken(t *testing.T) {
	b, s := newBench(t), newTokenServer(t)
	id := b.add("client_credentials", schema.Values{"token_url": s.URL + "/token", "client_id": "c", "client_secret": "client-secret"}, Token{})
	if got, err := b.clients.Test(context.Background(), id); err != nil || !got.OK || b.state(id) != Ready {
		t.Errorf("got %+v, %v, state %s", got, err, b.state(id))
	}
	id = b.oauth(s, nil)
	if got, err := b.clients.Test(context.Background(), id); err != nil || got.OK || b.state(id) != NeedsSignIn || !strings.Contains(got.Message, "sign in again") {
		t.Errorf("got %+v, %v, state %s", got, err, b.state(id))
	}
	id = b.add("basic", schema.Values{"username": "u"}, Token{})
	_, err := b.clients.Test(context.Background(), id)
	var p schema.Problems
	if !errors.As(err, &p) || p[0].Field != "test_url" {
		t.Errorf("got %v, want a problem of test_url", err)
	}
}

func TestATestOutsideTheHostsIsRefused(t *testing.T) {
	b, s := newBench(t), watch(t, ok)
	id := b.add("basic", schema.Values{"username": "u", "password": "p"}, Token{}, "api.acme.io")
	row := b.storage.rows[id]
	row.TestURL = s.URL
	b.storage.rows[id] = row
	got, err := b.clients.Test(context.Background(), id)
	if err != nil || got.OK || !strings.Contains(got.Message, "may only be sent to api.acme.io") || len(s.requests) != 0 {
		t.Errorf("got %+v, %v", got, err)
	}
}
