package connectors_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"flowdeck/connectors"
	"flowdeck/flows/store"
	"flowdeck/flows/store/storetest"
)

// rotating is an OAuth server whose refresh tokens are good once: using one again ends
// the grant and everything that came of it. Its API takes the newest access token.
type rotating struct {
	*httptest.Server
	mu      sync.Mutex
	issued  int
	asked   int
	revoked bool
	grace   bool             // the token before the newest is good, too, until the newest is used
	before  func(asked int)  // a question came, nothing is decided
	after   func(issued int) // the new token is decided, its answer is not yet on its way
	answer  http.HandlerFunc // when not nil, instead of all that
	extra   map[string]any   // of the answer
}

func newRotating(t testing.TB) *rotating {
	t.Helper()
	s := &rotating{}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /token", s.token)
	mux.HandleFunc("/api", s.api)
	s.Server = httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s
}

func (s *rotating) token(w http.ResponseWriter, r *http.Request) {
	_ = r.ParseForm()
	s.mu.Lock()
	s.asked++
	asked, before, answer := s.asked, s.before, s.answer
	s.mu.Unlock()
	if answer != nil {
		answer(w, r)
		return
	}
	if before != nil {
		before(asked)
	}
	s.mu.Lock()
	given := r.PostForm.Get("refresh_token")
	old := given == refreshToken(s.issued-1) && s.grace
	if given != refreshToken(s.issued) && !old || s.revoked {
		s.revoked = s.revoked || given != refreshToken(s.issued)
		s.mu.Unlock()
		w.WriteHeader(http.StatusBadRequest)
		fmt.Fprint(w, `{"error":"invalid_grant","error_description":"Token was used before; all tokens are revoked"}`)
		return
	}
	s.issued++
	issued, after := s.issued, s.after
	body := map[string]any{"access_token": accessToken(issued), "refresh_token": refreshToken(issued), "expires_in": 3600}
	for k, v := range s.extra {
		body[k] = v
	}
	s.mu.Unlock()
	if after != nil {
		after(issued)
	}
	_ = json.NewEncoder(w).Encode(body)
}

func (s *rotating) api(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.revoked || r.Header.Get("Authorization") != "Bearer "+accessToken(s.issued) {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	fmt.Fprint(w, "hello")
}

func (s *rotating) count() (asked, issued int, revoked bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.asked, s.issued, s.revoked
}

func accessToken(n int) string  { return fmt.Sprintf("access-token-%d", n) }
func refreshToken(n int) string { return fmt.Sprintf("refresh-token-%d", n) }

// databases are the two kinds of storage, each with a way to open it again.
func databases(t *testing.T, test func(t *testing.T, open func() *store.Store)) {
	t.Run("SQLite", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "flowdeck.db")
		test(t, func() *store.Store { return opened(t, path, "") })
	})
	t.Run("PostgreSQL", func(t *testing.T) {
		dsn, blobs := storetest.StartPostgres(t).Database(t), t.TempDir()
		test(t, func() *store.Store { return opened(t, dsn, blobs) })
	})
}

func opened(t testing.TB, dsn, blobs string) *store.Store {
	t.Helper()
	s, err := store.Open(context.Background(), dsn, store.Options{Blobs: blobs})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func newVault(t testing.TB) *connectors.Vault {
	t.Helper()
	v, err := connectors.NewVault(make([]byte, connectors.KeySize))
	must(t, err)
	return v
}

// node is one process of several that share a database.
func node(t testing.TB, st connectors.Storage, v *connectors.Vault, o connectors.Options) *connectors.Clients {
	t.Helper()
	guard, err := connectors.NewGuard([]string{"127.0.0.0/8"})
	must(t, err)
	c := connectors.NewClients(st, v, connectors.AllTypes(), guard, o)
	t.Cleanup(c.Close)
	return c
}

// signIn stores a connection whose access token ended a minute ago.
func signIn(t testing.TB, st *store.Store, v *connectors.Vault, s *rotating, id string, change func(*connectors.Connection, *connectors.Token)) {
	t.Helper()
	now := time.Now()
	token := connectors.Token{Access: accessToken(s.issued), Refresh: refreshToken(s.issued), Type: "Bearer", Issued: now.Add(-time.Hour), Expires: now.Add(-time.Minute)}
	row := connectors.Connection{ID: id, Name: "Acme " + id, Type: "oauth_code", Hosts: []string{strings.TrimPrefix(s.URL, "http://")}, State: connectors.Ready}
	settings := map[string]any{"authorize_url": s.URL + "/authorize", "token_url": s.URL + "/token", "client_id": "client", "client_secret": "client-secret", "renew_on": "401, 407"}
	if change != nil {
		change(&row, &token)
	}
	row.Settings = settings
	must(t, v.Seal(&row, connectors.Secrets{Settings: settings, Token: token}))
	must(t, st.CreateConnection(context.Background(), row))
}

// watched tells of every read of a connection.
type watched struct {
	connectors.Storage
	reads chan struct{}
}

func (w *watched) Connection(ctx context.Context, id string) (connectors.Connection, error) {
	w.reads <- struct{}{}
	return w.Storage.Connection(ctx, id)
}

// call asks the API as a card does.
func call(c *connectors.Clients, id, at string) (int, error) {
	client, err := c.Client(context.Background(), id)
	if err != nil {
		return 0, err
	}
	res, err := client.Get(at)
	if err != nil {
		return 0, err
	}
	defer res.Body.Close()
	_, err = io.Copy(io.Discard, res.Body)
	return res.StatusCode, err
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// Each of two nodes gets fifty calls at once after the token has ended: the service is
// asked once, every call is answered, and the grant is alive.
func TestTwoNodesRenewOnce(t *testing.T) {
	databases(t, func(t *testing.T, open func() *store.Store) {
		s, v := newRotating(t), newVault(t)
		one, two := open(), open()
		signIn(t, one, v, s, "c_1", nil)
		nodes := []*connectors.Clients{node(t, one, v, connectors.Options{}), node(t, two, v, connectors.Options{})}
		var all sync.WaitGroup
		failed := make(chan string, 100)
		for i := range 100 {
			all.Go(func() {
				if status, err := call(nodes[i%2], "c_1", s.URL+"/api"); err != nil || status != 200 {
					failed <- fmt.Sprint(status, err)
				}
			})
		}
		all.Wait()
		close(failed)
		for f := range failed {
			t.Error("a call failed:", f)
		}
		if asked, issued, revoked := s.count(); asked != 1 || issued != 1 || revoked {
			t.Errorf("asked %d times, issued %d, revoked %v, want 1, 1, false", asked, issued, revoked)
		}
		row, err := one.Connection(context.Background(), "c_1")
		must(t, err)
		if row.State != connectors.Ready || row.Life.Holder != "" || !row.Life.Asked.IsZero() || row.Life.Due.IsZero() {
			t.Errorf("row = %s %+v, want ready, no lease, due one day", row.State, row.Life)
		}
	})
}

// A node whose clock is two minutes wrong renews neither twice nor too late.
func TestClocksTwoMinutesApart(t *testing.T) {
	for _, skew := range []time.Duration{-2 * time.Minute, 2 * time.Minute} {
		t.Run(skew.String(), func(t *testing.T) {
			s, v := newRotating(t), newVault(t)
			path := filepath.Join(t.TempDir(), "flowdeck.db")
			one, two := opened(t, path, ""), opened(t, path, "")
			signIn(t, one, v, s, "c_1", func(_ *connectors.Connection, token *connectors.Token) { token.Expires = time.Now().Add(-time.Hour) })
			right := node(t, one, v, connectors.Options{})
			polled := &watched{Storage: two, reads: make(chan struct{}, 1000)}
			wrong := node(t, polled, v, connectors.Options{Now: func() time.Time { return time.Now().Add(skew) }})
			asking, answer := make(chan struct{}), make(chan struct{})
			s.before = func(int) { close(asking); <-answer }
			var all sync.WaitGroup
			for i, c := range []*connectors.Clients{right, wrong} {
				all.Go(func() {
					if status, err := call(c, "c_1", s.URL+"/api"); err != nil || status != 200 {
						t.Errorf("node %d got %d, %v", i, status, err)
					}
				})
				if i == 0 {
					<-asking
				}
			}
			for range 4 { // one opens the connection, the others wait for the lease to be given back
				<-polled.reads
			}
			close(answer)
			all.Wait()
			if asked, _, revoked := s.count(); asked != 1 || revoked {
				t.Errorf("asked %d times, revoked %v, want 1, false", asked, revoked)
			}
			// expires_in is relative: the token lasts an hour by either clock.
			for range 5 {
				if status, err := call(wrong, "c_1", s.URL+"/api"); err != nil || status != 200 {
					t.Errorf("got %d, %v", status, err)
				}
			}
			if asked, _, _ := s.count(); asked != 1 {
				t.Errorf("asked %d times after five more calls, want 1", asked)
			}
		})
	}
}
