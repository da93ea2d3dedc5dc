package connectors_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"flowdeck/connectors"
	"flowdeck/flows/store"
)

// clock is a time that tests move.
type clock struct{ ahead atomic.Int64 }

func (c *clock) now() time.Time          { return time.Now().Add(time.Duration(c.ahead.Load())) }
func (c *clock) forward(d time.Duration) { c.ahead.Add(int64(d)) }

func read(t testing.TB, st *store.Store, id string) connectors.Connection {
	t.Helper()
	row, err := st.Connection(context.Background(), id)
	must(t, err)
	return row
}

// A sign-in that nobody uses is renewed once a day, by one node of two, for as long as it takes.
func TestIdleSignInsAreKeptAlive(t *testing.T) {
	databases(t, func(t *testing.T, open func() *store.Store) {
		s, v, at := newRotating(t), newVault(t), &clock{}
		one, two := open(), open()
		signIn(t, one, v, s, "c_1", func(row *connectors.Connection, _ *connectors.Token) { row.Life.Due = time.Now() })
		nodes := []*connectors.Clients{node(t, one, v, connectors.Options{Now: at.now}), node(t, two, v, connectors.Options{Now: at.now})}
		const days = 30
		for range days {
			at.forward(24 * time.Hour)
			var all sync.WaitGroup
			for _, c := range nodes {
				all.Go(func() {
					for range 3 { // every minute it is looked at again
						if _, err := c.RenewDue(context.Background()); err != nil {
							t.Error(err)
						}
					}
				})
			}
			all.Wait()
		}
		if asked, _, revoked := s.count(); asked != days || revoked {
			t.Errorf("asked %d times in %d days, revoked %v, want once a day", asked, days, revoked)
		}
		if status, err := call(nodes[0], "c_1", s.URL+"/api"); err != nil || status != 200 {
			t.Errorf("after %d days a call gets %d, %v", days, status, err)
		}
	})
}

// A refresh token that says when it ends is renewed before half of its life is over; one
// whose end does not move is told of.
func TestRefreshTokensThatEnd(t *testing.T) {
	s, v, at := newRotating(t), newVault(t), &clock{}
	st := opened(t, filepath.Join(t.TempDir(), "flowdeck.db"), "")
	signIn(t, st, v, s, "c_1", func(row *connectors.Connection, _ *connectors.Token) { row.Life.Due = time.Now() })
	c := node(t, st, v, connectors.Options{Now: at.now})
	ctx := context.Background()
	at.forward(24 * time.Hour)
	s.extra = map[string]any{"refresh_expires_in": "7200"}
	_, err := c.RenewDue(ctx)
	must(t, err)
	row := read(t, st, "c_1")
	if left := row.Life.Due.Sub(at.now()); left > time.Hour || left < 50*time.Minute {
		t.Errorf("due in %s, want within the hour that is half of two", left)
	}
	if _, ends := row.Forecast(at.now()); ends {
		t.Error("a sign-in that renewing prolongs is forecast to end")
	}
	at.forward(time.Hour)
	s.extra = map[string]any{"refresh_expires_in": 3600} // it is the same end
	_, err = c.RenewDue(ctx)
	must(t, err)
	row = read(t, st, "c_1")
	f, ends := row.Forecast(at.now())
	if left := f.At.Sub(at.now()); !ends || f.Stopped || left < 59*time.Minute || left > time.Hour || !strings.Contains(f.Why, "does not prolong") {
		t.Errorf("forecast %+v, %v, want the end in an hour", f, ends)
	}
}

// A renewal that fails in the background says so while the token still works, tries again
// later and later, and is forgotten at the first success.
func TestABackgroundRenewalThatFails(t *testing.T) {
	s, v, at := newRotating(t), newVault(t), &clock{}
	st := opened(t, filepath.Join(t.TempDir(), "flowdeck.db"), "")
	signIn(t, st, v, s, "c_1", func(row *connectors.Connection, token *connectors.Token) {
		row.Life.Due, token.Issued, token.Expires = time.Now(), time.Now().Add(-48*time.Hour), time.Now().Add(72*time.Hour)
		token.RefreshEnds = time.Now().Add(time.Hour)
	})
	c := node(t, st, v, connectors.Options{Now: at.now})
	ctx := context.Background()
	s.answer = func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusUnauthorized)
		fmt.Fprint(w, `{"error":"invalid_client","error_description":"Secret expired on Friday","error_uri":"https://help.example/secret"}`)
	}
	for range 3 {
		_, err := c.RenewDue(ctx)
		must(t, err)
		_, err = c.RenewDue(ctx) // not yet due again
		must(t, err)
		at.forward(7 * time.Hour)
	}
	row := read(t, st, "c_1")
	asked, _, _ := s.count()
	f, ends := row.Forecast(at.now())
	if asked != 3 || row.State != connectors.Ready || row.Life.Failures != 3 || !ends || f.Stopped || !f.At.Equal(row.Expires) ||
		!strings.Contains(f.Why, "failed 3 times, first on") || !strings.Contains(f.Why, "Secret expired on Friday") || !strings.Contains(f.Why, "invalid_client") {
		t.Errorf("asked %d times, row %s %+v, forecast %+v %v", asked, row.State, row.Life, f, ends)
	}
	s.answer = nil
	at.forward(7 * time.Hour)
	_, err := c.RenewDue(ctx)
	must(t, err)
	row = read(t, st, "c_1")
	if _, ends := row.Forecast(at.now()); ends || row.Life.Failures != 0 || row.State != connectors.Ready || !row.Expires.IsZero() {
		t.Errorf("after a success: row %s %+v, forecast to end: %v", row.State, row.Life, ends)
	}
}

func TestRehearsals(t *testing.T) {
	s, v := newRotating(t), newVault(t)
	st := opened(t, filepath.Join(t.TempDir(), "flowdeck.db"), "")
	signIn(t, st, v, s, "c_1", func(_ *connectors.Connection, token *connectors.Token) { token.Expires = time.Now().Add(time.Hour) })
	c := node(t, st, v, connectors.Options{})
	ctx := context.Background()
	r, err := c.Rehearse(ctx, "c_1")
	must(t, err)
	if !r.OK || !r.Rotated || r.Ends.Before(time.Now().Add(59*time.Minute)) || len(r.Trace.Exchanges) != 1 || r.Trace.Exchanges[0].Status != 200 {
		t.Errorf("got %+v, want a renewal and its exchange", r)
	}
	if text := fmt.Sprintf("%+v", r.Trace.Exchanges); strings.Contains(text, "-token-") || strings.Contains(text, "client-secret") {
		t.Errorf("the exchange shows a secret: %s", text)
	}
	s.answer = func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "maintenance until noon", http.StatusServiceUnavailable)
	}
	r, err = c.Rehearse(ctx, "c_1")
	must(t, err)
	if r.OK || !strings.Contains(r.Message, "maintenance until noon") || !strings.Contains(r.Message, "503") || r.Ends.IsZero() {
		t.Errorf("got %+v, want the service's words", r)
	}
	if status, err := call(c, "c_1", s.URL+"/api"); err != nil || status != 200 {
		t.Errorf("after a rehearsal that failed a call gets %d, %v, want the token that still works", status, err)
	}
	if row := read(t, st, "c_1"); row.State != connectors.Ready || row.Life.Failures != 1 {
		t.Errorf("row %s %+v, want ready, one failure", row.State, row.Life)
	}
}

// Services that say so with another status get a new token as well, and the whole request again.
func TestALargeBodyIsSentAgainAfter407(t *testing.T) {
	s, v := newRotating(t), newVault(t)
	st := opened(t, filepath.Join(t.TempDir(), "flowdeck.db"), "")
	body := bytes.Repeat([]byte("0123456789abcdef"), 1<<20)
	var whole atomic.Int64
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer "+accessToken(1) {
			w.WriteHeader(http.StatusProxyAuthRequired)
			return
		}
		got, _ := io.ReadAll(r.Body)
		if bytes.Equal(got, body) {
			whole.Add(1)
		}
	}))
	t.Cleanup(api.Close)
	signIn(t, st, v, s, "c_1", func(row *connectors.Connection, token *connectors.Token) {
		row.Hosts, token.Expires = []string{strings.TrimPrefix(api.URL, "http://")}, time.Now().Add(time.Hour)
	})
	client, err := node(t, st, v, connectors.Options{}).Client(context.Background(), "c_1")
	must(t, err)
	res, err := client.Post(api.URL, "application/octet-stream", bytes.NewReader(body))
	must(t, err)
	res.Body.Close()
	if asked, _, _ := s.count(); res.StatusCode != 200 || whole.Load() != 1 || asked != 1 {
		t.Errorf("got %d, the whole body %d times, %d renewals, want 200, 1, 1", res.StatusCode, whole.Load(), asked)
	}
}

// A service that turns down a token that is new is not asked for another one at each
// call; it is counted and said, and the connection stays as it is.
func TestAServiceThatTurnsDownFreshTokens(t *testing.T) {
	s, v, at := newRotating(t), newVault(t), &clock{}
	st := opened(t, filepath.Join(t.TempDir(), "flowdeck.db"), "")
	var friendly atomic.Bool
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if !friendly.Load() {
			w.WriteHeader(http.StatusUnauthorized)
		}
	}))
	t.Cleanup(api.Close)
	signIn(t, st, v, s, "c_1", func(row *connectors.Connection, _ *connectors.Token) {
		row.Hosts = []string{strings.TrimPrefix(api.URL, "http://")}
	})
	c := node(t, st, v, connectors.Options{Now: at.now})
	for range 20 {
		if status, err := call(c, "c_1", api.URL); err != nil || status != 401 {
			t.Fatalf("got %d, %v, want the service's 401", status, err)
		}
	}
	at.forward(time.Minute + time.Second)
	_, err := call(c, "c_1", api.URL)
	must(t, err)
	c.Close() // what is being written
	row := read(t, st, "c_1")
	if asked, _, _ := s.count(); asked > 4 || row.State != connectors.Ready || row.Life.Rejected != 21 || row.Life.RejectedSince.IsZero() || row.Life.RejectedWith != 401 {
		t.Errorf("%d renewals, row %s %+v, want a few, ready, 21 rejections", asked, row.State, row.Life)
	}
	friendly.Store(true)
	_, err = call(c, "c_1", api.URL)
	must(t, err)
	c.Close()
	if row := read(t, st, "c_1"); row.Life.Rejected != 0 {
		t.Errorf("after a success %d rejections are left", row.Life.Rejected)
	}
}

// A connection of many flows whose secret is wrong for a while comes back by itself.
func TestAWrongSecretIsNotForGood(t *testing.T) {
	v, at := newVault(t), &clock{}
	st := opened(t, filepath.Join(t.TempDir(), "flowdeck.db"), "")
	var wrong atomic.Bool
	wrong.Store(true)
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if wrong.Load() {
			w.WriteHeader(http.StatusUnauthorized)
		}
	}))
	t.Cleanup(api.Close)
	row := connectors.Connection{ID: "c_1", Name: "Shared", Type: "basic", TestURL: api.URL + "/me"}
	must(t, v.Change(connectors.Basic, &row, map[string]any{"username": "maya", "password": "p"}, nil))
	must(t, st.CreateConnection(context.Background(), row))
	c := node(t, st, v, connectors.Options{Now: at.now})
	result, err := c.Test(context.Background(), "c_1")
	must(t, err)
	c.Close()
	if row := read(t, st, "c_1"); result.OK || row.State != connectors.Failing || !strings.Contains(row.StateDetail, "401") {
		t.Errorf("after a test that failed: %s %q", row.State, row.StateDetail)
	}
	wrong.Store(false)
	status, err := call(c, "c_1", api.URL+"/x")
	must(t, err)
	c.Close()
	if row := read(t, st, "c_1"); status != 200 || row.State != connectors.Ready || row.StateDetail != "" || row.Life.Rejected != 0 {
		t.Errorf("after a call that worked: %s %q %+v, want ready", row.State, row.StateDetail, row.Life)
	}
}
