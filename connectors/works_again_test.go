package connectors

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

func (b *bench) row(id string) Connection {
	b.t.Helper()
	b.clients.late.Wait() // what is being written
	c, err := b.storage.Connection(context.Background(), id)
	if err != nil {
		b.t.Fatal(err)
	}
	return c
}

// Of a token that does not say when it ends nobody knows that it has ended because the
// token endpoint is out of order.
func TestARenewalThatGetsNoAnswerSaysNothingOfATokenWithoutAnEnd(t *testing.T) {
	b, s := newBench(t), newTokenServer(t)
	s.access, s.refresh = "access-token-0", "refresh-token-0"
	id := b.add("oauth_code", s.oauth(nil), Token{Access: s.access, Refresh: s.refresh, Type: "Bearer", Issued: b.clock().Add(-48 * time.Hour)}, strings.TrimPrefix(s.URL, "http://"))
	s.answer = func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "maintenance", http.StatusServiceUnavailable)
	}
	if err := b.storage.UpdateConnection(t.Context(), id, func(c *Connection) error { c.State, c.Life.Due = Ready, b.clock(); return nil }); err != nil {
		t.Fatal(err)
	}
	for range 4 {
		if _, err := b.clients.RenewDue(t.Context()); err != nil {
			t.Fatal(err)
		}
		b.sleep(time.Hour)
	}
	if c := b.row(id); c.State != Ready || c.Life.Failures < 2 {
		t.Errorf("state %s %q after %d failures, want ready: its token works", c.State, c.StateDetail, c.Life.Failures)
	}
	if _, body, err := b.get(id, s.URL+"/api"); err != nil || body != "hello" {
		t.Errorf("got %q, %v", body, err)
	}
}

// One call that is turned down may be about the call. A connection that works after that
// is not called signed out for good.
func TestAConnectionThatWorksIsNotSignedOut(t *testing.T) {
	for _, life := range []time.Duration{0, time.Hour} {
		b := newBench(t)
		g := watch(t, func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/of-others" {
				w.WriteHeader(http.StatusUnauthorized)
				return
			}
			fmt.Fprint(w, "hello")
		})
		token := Token{Access: "access-token-0", Type: "Bearer", Issued: b.clock()}
		if life > 0 {
			token.Expires = b.clock().Add(life)
		}
		settings := map[string]any{"authorize_url": g.URL + "/authorize", "token_url": g.URL + "/token", "client_id": "client", "client_secret": "client-secret"}
		id := b.add("oauth_code", settings, token, g.host())
		if _, _, err := b.get(id, g.URL+"/of-others"); err == nil {
			t.Fatal("a call that was turned down went well")
		}
		if c := b.row(id); c.State != NeedsSignIn {
			t.Errorf("state %s after a 401, want needs_sign_in", c.State)
		}
		if _, body, err := b.get(id, g.URL+"/mine"); err != nil || body != "hello" {
			t.Fatalf("got %q, %v, want the token to be used", body, err)
		}
		c := b.row(id)
		if c.State != Ready || c.StateDetail != "" || !c.Expires.Equal(token.Expires) {
			t.Errorf("state %s %q until %s after a call that worked, want ready until %s", c.State, c.StateDetail, c.Expires, token.Expires)
		}
	}
}

// A refusal of the refresh token stands, whatever the access token is still good for.
func TestACallThatWorksDoesNotHideThatTheGrantIsGone(t *testing.T) {
	b, s := newBench(t), newTokenServer(t)
	s.access = "access-token-0"
	id := b.add("oauth_code", s.oauth(nil), Token{Access: s.access, Refresh: "taken-back", Type: "Bearer", Issued: b.clock().Add(-48 * time.Hour)}, strings.TrimPrefix(s.URL, "http://"))
	s.refresh = "another"
	if err := b.storage.UpdateConnection(t.Context(), id, func(c *Connection) error { c.State, c.Life.Due = Ready, b.clock(); return nil }); err != nil {
		t.Fatal(err)
	}
	if _, err := b.clients.RenewDue(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, body, err := b.get(id, s.URL+"/api"); err != nil || body != "hello" {
		t.Fatalf("got %q, %v", body, err)
	}
	if c := b.row(id); c.State != NeedsSignIn {
		t.Errorf("state %s, want needs_sign_in: its refresh token was taken back", c.State)
	}
}
