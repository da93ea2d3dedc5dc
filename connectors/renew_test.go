package connectors

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"flowdeck/cards/trace"
)

// signedIn is a connection whose token ends in life.
func signedIn(b *bench, s *tokenServer, life time.Duration) string {
	s.access, s.refresh = "access-token-0", "refresh-token-0"
	t := Token{Access: s.access, Refresh: s.refresh, Type: "Bearer", Issued: b.clock().Add(-time.Hour), Expires: b.clock().Add(life)}
	return b.add("oauth_code", s.oauth(nil), t, strings.TrimPrefix(s.URL, "http://"))
}

func TestManyRequestsMakeOneRenewal(t *testing.T) {
	b, s := newBench(t), newTokenServer(t)
	id := signedIn(b, s, 10*time.Second)
	var wg sync.WaitGroup
	failures := make(chan error, 100)
	for range 100 {
		wg.Go(func() {
			res, body, err := b.get(id, s.URL+"/api")
			if err != nil || res.StatusCode != 200 || body != "hello" {
				failures <- fmt.Errorf("%v %v %q", res, err, body)
			}
		})
	}
	wg.Wait()
	close(failures)
	for err := range failures {
		t.Error(err)
	}
	if n := s.tokenCalls(); n != 1 {
		t.Errorf("%d calls of the token endpoint, want 1", n)
	}
	if got := b.token(id); got.Access != "access-token-1" || got.Refresh != "refresh-token-1" {
		t.Errorf("stored %+v, want the new tokens", got)
	}
}

func TestManyRefusalsMakeOneRenewal(t *testing.T) {
	b, s := newBench(t), newTokenServer(t)
	id := signedIn(b, s, time.Hour)
	s.access = "revoked early"
	var wg sync.WaitGroup
	failures := make(chan error, 100)
	for range 100 {
		wg.Go(func() {
			if res, _, err := b.get(id, s.URL+"/api"); err != nil || res.StatusCode != 200 {
				failures <- fmt.Errorf("%v %v", res, err)
			}
		})
	}
	wg.Wait()
	close(failures)
	for err := range failures {
		t.Error(err)
	}
	if n := s.tokenCalls(); n != 1 {
		t.Errorf("%d calls of the token endpoint, want 1", n)
	}
}

func TestTokensWithLifeLeftAreUsed(t *testing.T) {
	b, s := newBench(t), newTokenServer(t)
	id := signedIn(b, s, 61*time.Second)
	if _, body, err := b.get(id, s.URL+"/api"); err != nil || body != "hello" || s.tokenCalls() != 0 {
		t.Fatalf("got %q, %v after %d token calls, want none", body, err, s.tokenCalls())
	}
	b.sleep(2 * time.Second)
	if _, body, err := b.get(id, s.URL+"/api"); err != nil || body != "hello" || s.tokenCalls() != 1 {
		t.Fatalf("got %q, %v after %d token calls, want 1 when less than 60 s are left", body, err, s.tokenCalls())
	}
}

func TestTheNewTokenIsCommittedBeforeItIsUsed(t *testing.T) {
	b, s := newBench(t), newTokenServer(t)
	id := signedIn(b, s, 0)
	b.storage.onCommit = func(Connection) {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.calls != 0 {
			t.Error("the API was called before the commit")
		}
	}
	if _, body, err := b.get(id, s.URL+"/api"); err != nil || body != "hello" {
		t.Fatalf("got %q, %v", body, err)
	}
	c, _ := b.storage.Connection(context.Background(), id)
	if c.State != Ready || c.Revision != 3 {
		t.Errorf("state %s, revision %d, want ready, 3: the intent and the token", c.State, c.Revision)
	}
}

func TestAFailedCommitLosesNoGrant(t *testing.T) {
	b, s := newBench(t), newTokenServer(t)
	id := signedIn(b, s, 0)
	b.storage.broken = errDisk
	if _, _, err := b.get(id, s.URL+"/api"); !errors.Is(err, errDisk) {
		t.Fatalf("got %v, want the disk's error", err)
	}
	if s.calls != 0 {
		t.Error("a token that is not stored was used")
	}
	b.storage.broken = nil
	b.clients.Forget(id)
	if _, body, err := b.get(id, s.URL+"/api"); err != nil || body != "hello" {
		t.Fatalf("got %q, %v", body, err)
	}
	if n := s.tokenCalls(); n != 1 || b.token(id).Refresh != "refresh-token-1" {
		t.Errorf("%d token calls, stored %q: want the first answer to be stored", n, b.token(id).Refresh)
	}
}

func TestACallerWhoLeavesLosesNoGrant(t *testing.T) {
	b, s := newBench(t), newTokenServer(t)
	id := signedIn(b, s, 0)
	ctx, cancel := context.WithCancel(context.Background())
	s.answer = func(w http.ResponseWriter, _ *http.Request) {
		cancel()
		fmt.Fprint(w, `{"access_token":"access-token-7","refresh_token":"refresh-token-7"}`)
		s.access = "access-token-7"
	}
	if _, _, err := b.getIn(ctx, id, s.URL+"/api"); err != nil && !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v", err)
	}
	b.clients.Close() // waits for what was under way
	if got := b.token(id).Refresh; got != "refresh-token-7" {
		t.Errorf("stored %q, want the rotated token", got)
	}
}

func TestARefusedRenewalSaysWhatTheServerSaid(t *testing.T) {
	b, s := newBench(t), newTokenServer(t)
	id := signedIn(b, s, 0)
	s.refresh = "another"
	_, _, err := b.get(id, s.URL+"/api")
	var refused *SignInError
	if !errors.As(err, &refused) || !strings.Contains(err.Error(), "Refresh token expired or revoked") || !strings.Contains(err.Error(), "sign in again") {
		t.Errorf("got %v, want the server's words", err)
	}
	c, _ := b.storage.Connection(context.Background(), id)
	if c.State != NeedsSignIn || !strings.Contains(c.StateDetail, "Refresh token expired or revoked") {
		t.Errorf("state %s %q, want needs_sign_in with the server's words", c.State, c.StateDetail)
	}
	for range 5 {
		if _, _, err := b.get(id, s.URL+"/api"); err == nil {
			t.Error("a request went out without a token")
		}
	}
	if n := s.tokenCalls(); n != 1 {
		t.Errorf("%d token calls within a second, want 1", n)
	}
	if s.calls != 0 {
		t.Errorf("the API was called %d times", s.calls)
	}
}

func TestAGrantThatWasTakenBackAsksForAPersonAtOnce(t *testing.T) {
	b, s := newBench(t), newTokenServer(t)
	id := signedIn(b, s, time.Hour)
	s.access, s.refresh = "", "another" // revoked, though by its time the token would be good for an hour
	if _, _, err := b.get(id, s.URL+"/api"); err == nil || !strings.Contains(err.Error(), "sign in again") {
		t.Errorf("got %v, want that someone has to sign in again", err)
	}
	if c, _ := b.storage.Connection(context.Background(), id); c.State != NeedsSignIn || !strings.Contains(c.StateDetail, "Refresh token expired or revoked") {
		t.Errorf("state %s %q, want needs_sign_in with the server's words", c.State, c.StateDetail)
	}
}

func TestAServerInTroubleDoesNotEndASignIn(t *testing.T) {
	b, s := newBench(t), newTokenServer(t)
	id := signedIn(b, s, 30*time.Second)
	s.answer = func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "database on fire", http.StatusInternalServerError)
	}
	tr := &trace.Trace{}
	if _, body, err := b.getIn(trace.With(context.Background(), tr), id, s.URL+"/api"); err != nil || body != "hello" {
		t.Fatalf("got %q, %v, want the old token to be used while it lasts", body, err)
	}
	if len(tr.Exchanges) != 2 || tr.Exchanges[0].Purpose != "token" || tr.Exchanges[0].Status != 500 || len(tr.Log) != 1 || !tr.Log[0].Bad {
		t.Errorf("trace = %+v, %+v", tr.Exchanges, tr.Log)
	}
	b.sleep(31 * time.Second)
	_, _, err := b.get(id, s.URL+"/api")
	if err == nil || !strings.Contains(err.Error(), "database on fire") || !strings.Contains(err.Error(), "500") {
		t.Errorf("got %v, want the server's words", err)
	}
	if c, _ := b.storage.Connection(context.Background(), id); c.State != Failing {
		t.Errorf("state %s, want failing", c.State)
	}
	s.mu.Lock()
	s.answer = nil
	s.mu.Unlock()
	b.sleep(2 * time.Minute)
	if _, body, err := b.get(id, s.URL+"/api"); err != nil || body != "hello" {
		t.Fatalf("got %q, %v after the server recovered", body, err)
	}
	if c, _ := b.storage.Connection(context.Background(), id); c.State != Ready || c.StateDetail != "" {
		t.Errorf("state %s %q, want ready", c.State, c.StateDetail)
	}
}

func TestA401IsRenewedAndReplayedOnce(t *testing.T) {
	b, s := newBench(t), newTokenServer(t)
	id := signedIn(b, s, time.Hour)
	s.access = "revoked early"
	tr := &trace.Trace{}
	client, err := b.clients.Client(context.Background(), id)
	if err != nil {
		t.Fatal(err)
	}
	r, _ := http.NewRequestWithContext(trace.With(context.Background(), tr), http.MethodPost, s.URL+"/api", strings.NewReader(`{"a":1}`))
	res, err := client.Do(r)
	if err != nil || res.StatusCode != 200 {
		t.Fatalf("got %v, %v", res, err)
	}
	res.Body.Close()
	var purposes []string
	for _, x := range tr.Exchanges {
		purposes = append(purposes, fmt.Sprintf("%s %d", x.Purpose, x.Status))
		if text := flat(x.RequestHeaders) + x.RequestBody; strings.Contains(text, "access-token") || strings.Contains(text, "refresh-token") || strings.Contains(text, "client-secret") {
			t.Errorf("the trace holds a secret: %s", text)
		}
	}
	if got := strings.Join(purposes, ", "); got != " 401, token 200, replay after sign-in 200" {
		t.Errorf("exchanges = %s", got)
	}
	s.mu.Lock()
	s.access = "never"
	s.answer = func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `{"access_token":"useless","refresh_token":"refresh-token-9"}`)
	}
	s.calls = 0
	s.mu.Unlock()
	if res, body, err := b.get(id, s.URL+"/api"); err != nil || res.StatusCode != 401 || body != "who are you?" || s.calls != 2 {
		t.Errorf("got %v %q %v after %d calls, want the second 401 as it is", res, body, err, s.calls)
	}
}

func TestABodyThatCannotBeReadAgainIsNotReplayed(t *testing.T) {
	b, s := newBench(t), newTokenServer(t)
	id := signedIn(b, s, time.Hour)
	s.access = "revoked early"
	client, err := b.clients.Client(context.Background(), id)
	if err != nil {
		t.Fatal(err)
	}
	r, _ := http.NewRequest(http.MethodPost, s.URL+"/api", io.MultiReader(strings.NewReader("stream")))
	res, err := client.Do(r)
	if err != nil || res.StatusCode != 401 || s.calls != 1 || s.tokenCalls() != 0 {
		t.Errorf("got %v, %v after %d calls", res, err, s.calls)
	}
	res.Body.Close()
}

func TestAnotherProcessMayHaveRenewed(t *testing.T) {
	b, s := newBench(t), newTokenServer(t)
	id := signedIn(b, s, 61*time.Second)
	if _, _, err := b.get(id, s.URL+"/api"); err != nil {
		t.Fatal(err)
	}
	err := b.storage.UpdateConnection(context.Background(), id, func(c *Connection) error {
		s.access, s.refresh = "access-of-the-other", "refresh-of-the-other"
		return b.vault.Seal(c, Secrets{Settings: s.oauth(nil), Token: Token{Access: s.access, Refresh: s.refresh, Type: "Bearer", Issued: b.clock(), Expires: b.clock().Add(time.Hour)}})
	})
	if err != nil {
		t.Fatal(err)
	}
	b.sleep(time.Second + 900*time.Millisecond)
	if _, body, err := b.get(id, s.URL+"/api"); err != nil || body != "hello" || s.tokenCalls() != 0 {
		t.Errorf("got %q, %v after %d token calls, want the other's token", body, err, s.tokenCalls())
	}
}

func TestSignInWithoutRefreshTokenAsksForAPerson(t *testing.T) {
	b, s := newBench(t), newTokenServer(t)
	id := b.add("oauth_code", s.oauth(nil), Token{}, strings.TrimPrefix(s.URL, "http://"))
	_, _, err := b.get(id, s.URL+"/api")
	if err == nil || !strings.Contains(err.Error(), "sign in again") || s.tokenCalls() != 0 {
		t.Errorf("got %v after %d token calls", err, s.tokenCalls())
	}
}
