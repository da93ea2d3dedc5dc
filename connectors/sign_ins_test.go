package connectors

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/oauth2"
)

const redirect = "https://flows.example.com/oauth/callback"

// consent begins a sign-in, opens its link and returns what the service is asked.
func (b *bench) consent(id string) (Attempt, url.Values) {
	b.t.Helper()
	ctx := context.Background()
	a, err := b.clients.Begin(ctx, id, redirect, "maya", "flow/step")
	if err != nil {
		b.t.Fatal(err)
	}
	at, err := b.clients.Open(ctx, a.ID, "maya")
	if err != nil {
		b.t.Fatal(err)
	}
	u, err := url.Parse(at)
	if err != nil {
		b.t.Fatal(err)
	}
	return a, u.Query()
}

func (b *bench) oauth(s *tokenServer, change map[string]any) string {
	return b.add("oauth_code", s.oauth(change), Token{}, strings.TrimPrefix(s.URL, "http://"))
}

func (b *bench) state(id string) State {
	c, err := b.storage.Connection(context.Background(), id)
	if err != nil {
		b.t.Fatal(err)
	}
	return c.State
}

func TestAPersonSignsIn(t *testing.T) {
	b, s := newBench(t), newTokenServer(t)
	id := b.oauth(s, map[string]any{"authorize_url": s.URL + "/authorize?tenant=7", "audience": "api",
		"authorize_params": map[string]any{"access_type": "offline"}, "token_params": map[string]any{"extra": "1"}})
	if err := b.storage.UpdateConnection(context.Background(), id, func(c *Connection) error { c.TestURL = s.URL + "/api"; return nil }); err != nil {
		t.Fatal(err)
	}
	a, asked := b.consent(id)
	if b.state(id) != SigningIn {
		t.Errorf("state %s, want signing_in", b.state(id))
	}
	for k, want := range map[string]string{"tenant": "7", "response_type": "code", "client_id": "client", "redirect_uri": redirect,
		"scope": "read offline_access", "audience": "api", "access_type": "offline", "code_challenge_method": "S256"} {
		if asked.Get(k) != want {
			t.Errorf("authorize %s = %q, want %q", k, asked.Get(k), want)
		}
	}
	if strings.Contains(string(a.Sealed), asked.Get("state")) || a.StateHash == asked.Get("state") {
		t.Error("the state is stored in the clear")
	}
	done, err := b.clients.Answered(context.Background(), url.Values{"state": {asked.Get("state")}, "code": {"code-1"}}, "maya")
	if err != nil || done.Status != AttemptDone || done.For != "flow/step" {
		t.Fatalf("got %+v, %v", done, err)
	}
	form := s.asked[0]
	if form.Get("code") != "code-1" || form.Get("redirect_uri") != redirect || form.Get("grant_type") != "authorization_code" || form.Get("extra") != "1" {
		t.Errorf("the token endpoint was asked %v", form)
	}
	if got := oauth2.S256ChallengeFromVerifier(form.Get("code_verifier")); got != asked.Get("code_challenge") {
		t.Errorf("challenge %q, verifier gives %q", asked.Get("code_challenge"), got)
	}
	c, _ := b.storage.Connection(context.Background(), id)
	if c.State != Ready || !strings.HasPrefix(c.TestResult, "200 in ") || !c.Expires.IsZero() || b.token(id).Refresh != "refresh-token-1" {
		t.Errorf("connection = %+v", c)
	}
	if _, err := b.clients.Answered(context.Background(), url.Values{"state": {asked.Get("state")}, "code": {"code-1"}}, "maya"); !errors.Is(err, ErrUsed) {
		t.Errorf("the second time: %v, want ErrUsed", err)
	}
	if _, err := b.clients.Open(context.Background(), a.ID, "maya"); !errors.Is(err, ErrUsed) {
		t.Errorf("the link again: %v, want ErrUsed", err)
	}
}

func TestPKCECanBeSwitchedOff(t *testing.T) {
	b, s := newBench(t), newTokenServer(t)
	_, asked := b.consent(b.oauth(s, map[string]any{"pkce": "false"}))
	if asked.Has("code_challenge") || asked.Has("code_challenge_method") {
		t.Errorf("asked %v", asked)
	}
	if _, err := b.clients.Answered(context.Background(), url.Values{"state": {asked.Get("state")}, "code": {"c"}}, "maya"); err != nil || s.asked[0].Has("code_verifier") {
		t.Errorf("got %v, asked %v", err, s.asked)
	}
}

func TestRefusedSignInsSayWhatTheServiceSaid(t *testing.T) {
	for _, x := range []struct {
		name     string
		settings map[string]any
		answer   url.Values
		token    http.HandlerFunc
		code     string
		words    string
	}{
		{"denied", nil, url.Values{"error": {"access_denied"}, "error_description": {"The user said no"}}, nil, "access_denied", "The user said no"},
		{"no code", nil, url.Values{}, nil, "no_code", "without a code"},
		{"wrong issuer", map[string]any{"issuer": "https://good.example"}, url.Values{"code": {"c"}, "iss": {"https://evil.example"}}, nil, "wrong_issuer", "https://evil.example"},
		{"no issuer", map[string]any{"issuer": "https://good.example"}, url.Values{"code": {"c"}}, nil, "wrong_issuer", "https://good.example"},
		{"token endpoint", nil, url.Values{"code": {"c"}}, func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(400)
			fmt.Fprint(w, `{"error":"redirect_uri_mismatch","error_description":"not registered, client-secret"}`)
		}, "redirect_uri_mismatch", "not registered, " + Mask},
		{"a server that repeats everything", nil, url.Values{"code": {"code/one-time"}}, func(w http.ResponseWriter, r *http.Request) {
			_ = r.ParseForm()
			w.WriteHeader(400)
			fmt.Fprint(w, r.Form.Get("code_verifier")+" "+r.Form.Encode())
		}, "", Mask + " code=" + Mask + "&code_verifier=" + Mask},
		{"not an OAuth server", nil, url.Values{"code": {"c"}}, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<html>hello") }, "", "no access_token: <html>hello"},
		{"unreachable", map[string]any{"token_url": "http://10.1.2.3/token"}, url.Values{"code": {"c"}}, nil, "unreachable", "FLOWDECK_EGRESS_ALLOW"},
	} {
		t.Run(x.name, func(t *testing.T) {
			b, s := newBench(t), newTokenServer(t)
			s.answer = x.token
			id := b.oauth(s, x.settings)
			_, asked := b.consent(id)
			x.answer.Set("state", asked.Get("state"))
			a, err := b.clients.Answered(context.Background(), x.answer, "maya")
			if err != nil || a.Status != AttemptFailed || a.Code != x.code || !strings.Contains(a.Detail, x.words) {
				t.Errorf("got %+v, %v, want %s: %s", a, err, x.code, x.words)
			}
			c, _ := b.storage.Connection(context.Background(), id)
			if c.State != NeedsSignIn || c.StateDetail != a.Detail || len(a.Sealed) != 0 {
				t.Errorf("state %s %q", c.State, c.StateDetail)
			}
		})
	}
}

func TestAnswersThatAreNotOursAreRefused(t *testing.T) {
	b, s := newBench(t), newTokenServer(t)
	id := b.oauth(s, nil)
	ctx := context.Background()
	a, asked := b.consent(id)
	good := url.Values{"state": {asked.Get("state")}, "code": {"c"}}
	if _, err := b.clients.Answered(ctx, url.Values{"state": {"made up"}, "code": {"c"}}, "maya"); !errors.Is(err, ErrNoAttempt) {
		t.Errorf("an unknown state: %v", err)
	}
	if _, err := b.clients.Answered(ctx, url.Values{"code": {"c"}}, "maya"); !errors.Is(err, ErrNoAttempt) {
		t.Errorf("no state: %v", err)
	}
	if _, err := b.clients.Answered(ctx, good, "eve"); !errors.Is(err, ErrNotYours) {
		t.Errorf("another user: %v", err)
	}
	b.sleep(AttemptLife)
	if _, err := b.clients.Answered(ctx, good, "maya"); !errors.Is(err, ErrExpired) {
		t.Errorf("too late: %v", err)
	}
	if _, err := b.clients.Open(ctx, a.ID, "maya"); !errors.Is(err, ErrExpired) {
		t.Errorf("an old link: %v", err)
	}
	if s.tokenCalls() != 0 {
		t.Errorf("the token endpoint was asked %d times", s.tokenCalls())
	}
}

func TestCancelledSignInsLeaveWorkingConnectionsAlone(t *testing.T) {
	b, s := newBench(t), newTokenServer(t)
	ctx := context.Background()
	id := b.oauth(s, nil)
	a, asked := b.consent(id)
	if err := b.clients.Cancel(ctx, a.ID); err != nil || b.state(id) != NeedsSignIn {
		t.Fatalf("%v, state %s", err, b.state(id))
	}
	if _, err := b.clients.Answered(ctx, url.Values{"state": {asked.Get("state")}, "code": {"c"}}, "maya"); !errors.Is(err, ErrUsed) {
		t.Errorf("after cancel: %v, want ErrUsed", err)
	}
	if err := b.storage.UpdateConnection(ctx, id, func(c *Connection) error { c.State = Ready; return nil }); err != nil {
		t.Fatal(err)
	}
	a, asked = b.consent(id)
	if b.state(id) != Ready {
		t.Errorf("state %s while signing in again, want ready", b.state(id))
	}
	if _, err := b.clients.Answered(ctx, url.Values{"state": {asked.Get("state")}, "error": {"access_denied"}}, "maya"); err != nil || b.state(id) != Ready {
		t.Errorf("%v, state %s after a refusal, want ready", err, b.state(id))
	}
	if err := b.clients.Cancel(ctx, a.ID); err != nil {
		t.Errorf("cancel after the end: %v", err)
	}
}

func TestOnlyTypesWithAPersonAreSignedInTo(t *testing.T) {
	b := newBench(t)
	id := b.add("basic", map[string]any{"username": "u"}, Token{})
	if _, err := b.clients.Begin(context.Background(), id, redirect, "maya", ""); err == nil {
		t.Error("a Basic connection began a sign-in")
	}
}
