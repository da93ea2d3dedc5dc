package web

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"

	"flowdeck/flows"
	"flowdeck/flows/store"
	"flowdeck/oauth"
)

// testApp is a client app with what it proves itself with.
type testApp struct {
	oauth.App
	secret string
	key    *ecdsa.PrivateKey
}

// app stores a client app with a key, or with a secret.
func (w *world) app(id, auth string, scopes ...string) testApp {
	w.Helper()
	a := testApp{App: oauth.App{ID: id, Name: "App " + id, Active: true, Auth: auth, Scopes: scopes, Created: time.Now()}}
	if auth == oauth.AuthSecret {
		a.secret = "s e:c+r%t-" + id
		sum := sha256.Sum256([]byte(a.secret))
		a.Secrets = []oauth.Secret{{Hash: hex.EncodeToString(sum[:]), Hint: "…", Created: time.Now()}}
	} else {
		var err error
		a.key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		must(w.T, err)
		text, err := (&jose.JSONWebKey{Key: a.key.Public(), KeyID: "k1"}).MarshalJSON()
		must(w.T, err)
		key, err := oauth.ReadKey(string(text))
		must(w.T, err)
		a.Keys = []oauth.Key{key}
	}
	must(w.T, w.s.Store.CreateApp(context.Background(), a.App))
	return a
}

func (w *world) changeApp(id string, change func(*oauth.App)) {
	w.Helper()
	must(w.T, w.s.Store.UpdateApp(context.Background(), id, func(a *oauth.App) error { change(a); return nil }))
}

// assertion is a client assertion, good unless change spoils it.
func (w *world) assertion(a testApp, change map[string]any) string {
	w.Helper()
	body := map[string]any{"iss": a.ID, "sub": a.ID, "aud": w.url, "jti": rand.Text(), "exp": time.Now().Add(time.Minute).Unix()}
	for k, v := range change {
		body[k] = v
	}
	text, err := json.Marshal(body)
	must(w.T, err)
	s, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: a.key}, (&jose.SignerOptions{}).WithHeader("kid", "k1"))
	must(w.T, err)
	x, err := s.Sign(text)
	must(w.T, err)
	out, err := x.CompactSerialize()
	must(w.T, err)
	return out
}

func (w *world) ask(path string, form url.Values, header ...string) reply {
	w.Helper()
	return w.call("POST", path, form.Encode(), append(header, "Content-Type", "application/x-www-form-urlencoded")...)
}

func asserted(assertion string, more ...string) url.Values {
	v := url.Values{"grant_type": {"client_credentials"}, "client_assertion_type": {oauth.AssertionType}, "client_assertion": {assertion}}
	for i := 0; i+1 < len(more); i += 2 {
		v.Set(more[i], more[i+1])
	}
	return v
}

// accessToken gets an access token for an app that has a key.
func (w *world) accessToken(a testApp) string {
	w.Helper()
	got := w.ask(oauth.PathToken, asserted(w.assertion(a, nil)))
	var answer struct {
		Token string `json:"access_token"`
	}
	if err := json.Unmarshal([]byte(got.body), &answer); err != nil || answer.Token == "" {
		w.Fatalf("no token: %d %s", got.status, got.body)
	}
	return answer.Token
}

func basicAuth(id, secret string) string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(url.QueryEscape(id)+":"+url.QueryEscape(secret)))
}

func TestWhatWasIssuedIsListedThoughWhoeverAskedForThePageLeft(t *testing.T) {
	w := newWorld(t, echoUpstream)
	app := w.app("app_listed", oauth.AuthKey, "flows.invoke")
	w.accessToken(app)
	w.s.authority.ledger.flush(canceled())
	list, err := w.s.Store.AppTokens(context.Background(), app.ID)
	if err != nil || len(list) != 1 {
		t.Errorf("tokens of the app are %v (%v), want one", list, err)
	}
}

func TestTheTokenEndpointRefuses(t *testing.T) {
	w := newWorld(t, echoUpstream)
	key, secret := w.app("app_key", oauth.AuthKey, "flows.invoke", "extra"), w.app("app_secret", oauth.AuthSecret, "flows.invoke")
	bare := w.app("app_bare", oauth.AuthKey)
	w.changeApp(w.app("app_off", oauth.AuthSecret, "flows.invoke").ID, func(a *oauth.App) { a.Active = false })
	used := w.assertion(key, nil)
	w.want("the first use", w.ask(oauth.PathToken, asserted(used)), 200, `"token_type":"Bearer"`)
	good := func(more ...string) url.Values { return asserted(w.assertion(key, nil), more...) }
	post := url.Values{"grant_type": {"client_credentials"}, "client_id": {secret.ID}, "client_secret": {secret.secret}}
	with := func(v url.Values, name string, values ...string) url.Values {
		out := url.Values{}
		for k, x := range v {
			out[k] = x
		}
		out[name] = values
		return out
	}
	for _, x := range []struct {
		what   string
		form   url.Values
		auth   string
		status int
		code   string
	}{
		{"an assertion that was used", asserted(used), "", 401, "invalid_client"},
		{"a jti that was used, signed anew", asserted(w.assertion(key, map[string]any{"jti": "again"})), "", 200, ""},
		{"the same jti", asserted(w.assertion(key, map[string]any{"jti": "again"})), "", 401, "invalid_client"},
		{"the jti of somebody else", asserted(w.assertion(bare, map[string]any{"jti": "again"})), "", 400, "invalid_scope"},
		{"an assertion for another server", asserted(w.assertion(key, map[string]any{"aud": "https://login.example"})), "", 401, "invalid_client"},
		{"for the token endpoint", asserted(w.assertion(key, map[string]any{"aud": []string{w.url + oauth.PathToken}})), "", 200, ""},
		{"another client_id", good("client_id", "app_secret"), "", 401, "invalid_client"},
		{"the same client_id", good("client_id", key.ID), "", 200, ""},
		{"another kind of assertion", with(good(), "client_assertion_type", "urn:x"), "", 401, "invalid_client"},
		{"no kind of assertion", with(good(), "client_assertion_type", ""), "", 400, "invalid_request"},
		{"a kind and no assertion", with(good(), "client_assertion", ""), "", 400, "invalid_request"},
		{"no grant", with(good(), "grant_type"), "", 400, "invalid_request"},
		{"another grant", with(good(), "grant_type", "password"), "", 400, "unsupported_grant_type"},
		{"a scope that was granted", good("scope", "extra"), "", 200, ""},
		{"one that was not", good("scope", "extra admin"), "", 400, "invalid_scope"},
		{"one that cannot be", good("scope", `ex"tra`), "", 400, "invalid_scope"},
		{"an app without scopes", asserted(w.assertion(bare, nil)), "", 400, "invalid_scope"},
		{"another resource", good("resource", "https://other.example"), "", 400, "invalid_target"},
		{"our resource", good("resource", w.url+"/api"), "", 200, ""},
		{"a parameter twice", with(good(), "scope", "extra", "extra"), "", 400, "invalid_request"},
		{"two grants", with(good(), "grant_type", "client_credentials", "client_credentials"), "", 400, "invalid_request"},
		{"an assertion and a secret", good("client_secret", "x"), "", 400, "invalid_request"},
		{"an assertion and Basic", good(), basicAuth(secret.ID, secret.secret), 400, "invalid_request"},
		{"Basic and post", post, basicAuth(secret.ID, secret.secret), 400, "invalid_request"},
		{"Basic", url.Values{"grant_type": {"client_credentials"}}, basicAuth(secret.ID, secret.secret), 200, ""},
		{"Basic for another client_id", url.Values{"grant_type": {"client_credentials"}, "client_id": {"x"}}, basicAuth(secret.ID, secret.secret), 400, "invalid_request"},
		{"Basic with a wrong secret", url.Values{"grant_type": {"client_credentials"}}, basicAuth(secret.ID, "x"), 401, "invalid_client"},
		{"Basic that is not", url.Values{"grant_type": {"client_credentials"}}, "Basic x", 401, "invalid_client"},
		{"Bearer", url.Values{"grant_type": {"client_credentials"}}, "Bearer x", 401, "invalid_client"},
		{"post", post, "", 200, ""},
		{"a wrong secret", with(post, "client_secret", "wrong"), "", 401, "invalid_client"},
		{"an unknown client", with(post, "client_id", "app_none"), "", 401, "invalid_client"},
		{"an inactive client", with(with(post, "client_id", "app_off"), "client_secret", "s e:c+r%t-app_off"), "", 401, "invalid_client"},
		{"a secret where a key is needed", with(post, "client_id", key.ID), "", 401, "invalid_client"},
		{"no proof", url.Values{"grant_type": {"client_credentials"}, "client_id": {key.ID}}, "", 401, "invalid_client"},
		{"a secret and no client", with(post, "client_id"), "", 400, "invalid_request"},
	} {
		var header []string
		if x.auth != "" {
			header = []string{"Authorization", x.auth}
		}
		for name, v := range x.form {
			if len(v) == 0 {
				delete(x.form, name)
			}
		}
		got := w.ask(oauth.PathToken, x.form, header...)
		var no oauth.Error
		_ = json.Unmarshal([]byte(got.body), &no)
		if got.status != x.status || no.Code != x.code || got.header.Get("Cache-Control") != "no-store" || got.header.Get("Access-Control-Allow-Origin") != "" ||
			(got.status == 401 && x.auth != "") != (got.header.Get("WWW-Authenticate") != "") {
			t.Errorf("%s: got %d %s %v, want %d %s", x.what, got.status, got.body, got.header, x.status, x.code)
		}
	}
	w.want("GET", w.call("GET", oauth.PathToken, ""), 405, "invalid_request")
	w.want("JSON", w.call("POST", oauth.PathToken, "{}", "Content-Type", "application/json"), 400, "invalid_request")
	w.want("parameters in the address", w.ask(oauth.PathToken+"?client_id=x", good()), 400, "not in the address")
	w.want("a huge body", w.ask(oauth.PathToken, good("x", strings.Repeat("a", 70_000))), 400, "too long")
	for range guessBurst {
		w.ask(oauth.PathToken, with(post, "client_secret", "guess"))
	}
	if got := w.ask(oauth.PathToken, post); got.status != 429 || got.header.Get("Retry-After") == "" {
		t.Errorf("after many guesses: got %d %v, want 429 with Retry-After", got.status, got.header)
	}
}

func TestAccessTokensOpenEndpoints(t *testing.T) {
	w := newWorld(t, echoUpstream)
	app, other := w.app("app_one", oauth.AuthKey, "flows.invoke"), w.app("app_two", oauth.AuthKey, "flows.invoke", "special")
	f := w.publish("guarded", flows.Settings{Security: "oauth"}, endpointDoc(nil))
	const path = "/api/flows/guarded/invoke"
	token := w.accessToken(app)
	call := func(auth ...string) reply {
		var header []string
		for _, a := range auth {
			header = append(header, "Authorization", a)
		}
		return w.call("POST", path, "", header...)
	}
	refused := func(what string, got reply, status int, code, challenge string) {
		t.Helper()
		if got.status != status || !strings.Contains(got.body, code) || !strings.Contains(got.header.Get("WWW-Authenticate"), challenge) ||
			!strings.HasPrefix(got.header.Get("WWW-Authenticate"), "Bearer ") {
			t.Errorf("%s: got %d %s %q, want %d %s %q", what, got.status, got.body, got.header.Get("WWW-Authenticate"), status, code, challenge)
		}
	}
	got := call("bearer " + token)
	w.want("with a token", got, 200, "run")
	run := w.run(got)
	by, _ := run.Event["caller"].(map[string]any)
	if by["client_id"] != app.ID || by["name"] != app.Name || by["subject"] != app.ID || by["level"] != "oauth" || !strings.HasPrefix(run.Source, app.Name) {
		t.Errorf("caller %v, source %q", by, run.Source)
	}
	if text, err := json.Marshal(run); err != nil || strings.Contains(string(text), token[:40]) {
		t.Errorf("the token is in the run, or: %v", err)
	}
	for _, query := range []string{"app_one", "App app_one"} {
		if found, _, err := w.s.Store.Runs(context.Background(), store.RunFilter{Query: query}); err != nil || len(found) != 1 {
			t.Errorf("runs of %q: %v, %v", query, found, err)
		}
	}
	if got := w.call("GET", "/api/runs/"+run.ID, "", "Authorization", "Bearer "+token); got.status != 200 {
		t.Errorf("its own run: %d %s", got.status, got.body)
	}
	theirs := w.accessToken(other)
	if got := w.call("GET", "/api/runs/"+run.ID, "", "Authorization", "Bearer "+theirs); got.status != 404 {
		t.Errorf("somebody else's run: %d, want 404", got.status)
	}

	refused("nothing", call(), 401, "unauthorized", `Bearer realm="Flowdeck"`)
	if c := call().header.Get("WWW-Authenticate"); strings.Contains(c, "error") {
		t.Errorf("the challenge without a token says %q, want no error", c)
	}
	refused("Basic", call("Basic x"), 401, "unauthorized", `realm`)
	refused("two tokens", call("Bearer "+token, "Bearer "+token), 400, "invalid_request", `error="invalid_request"`)
	refused("two in one", call("Bearer "+token+" "+token), 400, "invalid_request", `error="invalid_request"`)
	refused("in the address", w.call("POST", path+"?access_token="+token, ""), 400, "invalid_request", `error="invalid_request"`)
	refused("in the body", w.ask(path, url.Values{"access_token": {token}}), 401, "unauthorized", "realm")
	refused("a client token", w.call("POST", path, "", "x-api-client-token", "fdt_x"), 401, "unauthorized", "realm")
	refused("rubbish", call("Bearer rubbish"), 401, "invalid_token", `error="invalid_token"`)
	refused("a changed one", call("Bearer "+token[:len(token)-4]+"AAAA"), 401, "invalid_token", `error="invalid_token"`)
	refused("an assertion", call("Bearer "+w.assertion(app, nil)), 401, "invalid_token", `error="invalid_token"`)

	w.set(f.ID, func(s *flows.Settings) { s.Scope = "special" })
	refused("a scope that it lacks", call("Bearer "+token), 403, "insufficient_scope", `scope="special"`)
	w.want("a token with the scope", call("Bearer "+theirs), 200, "run")
	w.set(f.ID, func(s *flows.Settings) { s.Scope, s.ListedApps, s.Apps = "", true, []string{app.ID} })
	refused("an app that is not listed", call("Bearer "+theirs), 403, "insufficient_scope", "not one of those")
	w.want("one that is", call("Bearer "+token), 200, "run")

	revoke := func(by testApp, token string) reply {
		return w.ask(oauth.PathRevoke, url.Values{"token": {token}, "client_assertion_type": {oauth.AssertionType}, "client_assertion": {w.assertion(by, nil)}})
	}
	introspect := func(by testApp, token string) reply {
		return w.ask(oauth.PathIntrospect, url.Values{"token": {token}, "client_assertion_type": {oauth.AssertionType}, "client_assertion": {w.assertion(by, nil)}})
	}
	w.want("introspection", introspect(app, token), 200, `"client_id":"app_one"`)
	w.want("introspection of another's", introspect(other, token), 200, `{"active":false}`)
	w.changeApp(other.ID, func(a *oauth.App) { a.Scopes = append(a.Scopes, scopeIntrospect) })
	w.want("with the scope for it", introspect(other, token), 200, `"active":true`)
	w.want("introspection of nothing", introspect(app, ""), 400, "invalid_request")
	w.want("introspection by nobody", w.ask(oauth.PathIntrospect, url.Values{"token": {token}}), 401, "invalid_client")
	w.want("revoking another's", revoke(other, token), 400, "unauthorized_client")
	w.want("revoking rubbish", revoke(app, "rubbish"), 200, "{}")
	w.want("still good", call("Bearer "+token), 200, "run")
	w.want("revoking", revoke(app, token), 200, "{}")
	refused("a revoked one", call("Bearer "+token), 401, "invalid_token", "revoked")
	w.want("introspection of a revoked one", introspect(app, token), 200, `{"active":false}`)

	again := w.accessToken(app)
	w.want("a new one", call("Bearer "+again), 200, "run")
	w.changeApp(app.ID, func(a *oauth.App) { a.Keys[0].Active = false })
	refused("after its key was deactivated", call("Bearer "+again), 401, "invalid_token", "not active")
	w.want("a request with that key", w.ask(oauth.PathToken, asserted(w.assertion(app, nil))), 401, "not an active key")
	w.changeApp(app.ID, func(a *oauth.App) { a.Keys[0].Active = true })
	w.want("and activated again", call("Bearer "+again), 200, "run")
	w.changeApp(app.ID, func(a *oauth.App) { a.Active = false })
	refused("after its app was deactivated", call("Bearer "+again), 401, "invalid_token", "not active")

	w.set(f.ID, func(s *flows.Settings) { s.Security, s.Rate = "public", 6 })
	for range 6 {
		w.want("within the rate", call(), 200, "run")
	}
	if got := call(); got.status != 429 || got.header.Get("Retry-After") != "10" {
		t.Errorf("beyond the rate: %d %v, want 429 with Retry-After: 10", got.status, got.header)
	}
}

func TestGosOwnClientGetsIn(t *testing.T) {
	w := newWorld(t, echoUpstream)
	app := w.app("app_go", oauth.AuthSecret, "flows.invoke")
	w.publish("guarded", flows.Settings{Security: "oauth"}, endpointDoc(nil))
	for name, style := range map[string]oauth2.AuthStyle{"basic": oauth2.AuthStyleInHeader, "post": oauth2.AuthStyleInParams} {
		c := clientcredentials.Config{ClientID: app.ID, ClientSecret: app.secret, TokenURL: w.url + oauth.PathToken, Scopes: []string{"flows.invoke"}, AuthStyle: style}
		res, err := c.Client(context.Background()).Post(w.url+"/api/flows/guarded/invoke", "application/json", nil)
		must(t, err)
		_ = res.Body.Close()
		if res.StatusCode != http.StatusOK {
			t.Errorf("%s: status %d, want 200", name, res.StatusCode)
		}
	}
	key := w.app("app_gokey", oauth.AuthKey, "flows.invoke")
	c := clientcredentials.Config{ClientID: key.ID, TokenURL: w.url + oauth.PathToken, AuthStyle: oauth2.AuthStyleInParams,
		EndpointParams: url.Values{"client_assertion_type": {oauth.AssertionType}, "client_assertion": {w.assertion(key, nil)}}}
	if _, err := c.Token(context.Background()); err != nil {
		t.Errorf("private_key_jwt: %v", err)
	}
	c.ClientSecret = "x"
	_, err := c.Token(context.Background())
	if e, ok := err.(*oauth2.RetrieveError); !ok || e.ErrorCode != oauth.InvalidRequest {
		t.Errorf("two proofs: %v, want invalid_request", err)
	}
}
