package web

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestAServiceFillsTheFormIn(t *testing.T) {
	w := newWorld(t, func(http.ResponseWriter, *http.Request) {})
	w.signIn()
	w.want("the list", w.part("/connections/new"), 200, `name="pick" value="google"`)
	google := w.form(true, "/connections/form", "type", "header", "shown", "header", "pick", "google", "auth.client_id", "not of this type")
	for _, words := range []string{`value="https://accounts.google.com/o/oauth2/v2/auth"`, `value="access_type"`, `value="offline"`, `value="*.googleapis.com"`, `name="preset" value="google"`,
		`id="conn-name" name="name" type="text" value="Google"`, `id="conn-pkce" name="auth.pkce" value="true" checked`, w.url + "/oauth/callback", "Make the client there"} {
		w.want("Google", google, 200, words)
	}
	slack := w.form(true, "/connections/form", "type", "oauth_code", "shown", "oauth_code", "preset", "google", "name", "Google", "pick", "slack_user", "auth.client_id", "kept")
	for _, words := range []string{`value="authed_user.access_token"`, `<option value="comma" selected>`, `<option value="post" selected>`, `value="kept"`, `name="name" type="text" value="Slack (as a person)"`} {
		w.want("Slack after Google", slack, 200, words)
	}
	if strings.Contains(slack.body, `name="auth.pkce" value="true" checked`) || strings.Contains(slack.body, `value="access_type"`) {
		t.Error("PKCE is on for Slack, or something of Google stayed")
	}
	another := w.form(true, "/connections/form", "type", "basic", "shown", "oauth_code", "preset", "slack", "name", "Mine")
	if strings.Contains(another.body, `name="preset"`) {
		t.Error("a type that was chosen since did not end the service's form")
	}
	w.want("a bearer token", w.form(true, "/connections/form", "type", "oauth_code", "pick", "bearer"), 200, `name="auth.headers.0.name" type="text" value="Authorization"`)
	w.want("without a script", w.form(false, "/connections/form", "type", "oauth_code", "pick", "github"), 200, "https://github.com/login/oauth/access_token")
}

func TestBlanksOfAServiceAreFilledInWhenItIsSaved(t *testing.T) {
	w := newWorld(t, func(http.ResponseWriter, *http.Request) {})
	w.signIn()
	form := func(domain string) []string {
		return []string{"type", "oauth_code", "shown", "oauth_code", "preset", "okta", "name", "Okta", "ask.domain", domain, "hosts", "{domain}", "test_url", "https://{domain}/api/v1/users/me",
			"auth.authorize_url", "https://{domain}/oauth2/v1/authorize", "auth.token_url", "https://{domain}/oauth2/v1/token", "auth.issuer", "https://{domain}", "auth.client_id", "{domain}", "auth.pkce", "true"}
	}
	for _, x := range []struct{ domain, words string }{{"", "Is required"}, {"acme.okta.com/evil", "Must be like acme.okta.com"}} {
		got := w.form(true, "/connections", form(x.domain)...)
		w.want("a blank", got, http.StatusUnprocessableEntity, x.words)
		if n := strings.Count(got.body, `role="alert"`); n != 1 || !strings.Contains(got.body, `id="conn-ask-domain-m"`) {
			t.Errorf("%q: %d problems, want the blank's own alone", x.domain, n)
		}
		w.want("what was filled in", got, http.StatusUnprocessableEntity, `value="https://{domain}/oauth2/v1/token"`)
	}
	w.form(true, "/connections", form("https://acme.okta.com/")...)
	row := w.only()
	if got := fmt.Sprint(row.Settings["token_url"], row.Settings["issuer"], row.Hosts, row.TestURL, row.Settings["client_id"]); got != "https://acme.okta.com/oauth2/v1/tokenhttps://acme.okta.com[acme.okta.com]https://acme.okta.com/api/v1/users/me{domain}" {
		t.Errorf("stored %s", got)
	}
}

func TestAnIssuerFillsTheFormIn(t *testing.T) {
	w := newWorld(t, func(http.ResponseWriter, *http.Request) {})
	w.signIn()
	var meta string
	var issuer *httptest.Server
	issuer = httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/.well-known/oauth-authorization-server" {
			http.NotFound(rw, r)
			return
		}
		fmt.Fprint(rw, strings.ReplaceAll(meta, "%s", issuer.URL))
	}))
	t.Cleanup(issuer.Close)
	typed := []string{"type", "oauth_code", "shown", "oauth_code", "name", "Typed", "auth.client_id", "typed-id", "auth.client_secret", "typed-secret", "hosts", "typed.example", "discover", issuer.URL}
	for _, x := range []struct {
		name, meta string
		status     int
		words      []string
	}{
		{"found", `{"issuer":"%s","authorization_endpoint":"%s/a","token_endpoint":"%s/t","scopes_supported":["read","write"],"token_endpoint_auth_methods_supported":["client_secret_post"],"code_challenge_methods_supported":["plain"]}`, 200,
			[]string{`value="` + issuer.URL + `/a"`, `value="` + issuer.URL + `/t"`, `value="typed-id"`, `value="Typed"`, `value="typed.example"`, "The server offers read, write.", `<option value="post" selected>`, "PKCE only as “plain”", "Filled in from " + issuer.URL, `<option value="named" selected>`}},
		{"another issuer", `{"issuer":"https://evil.example"}`, http.StatusUnprocessableEntity, []string{`id="conn-discover-m"`, "https://evil.example", `value="typed-id"`}},
	} {
		meta = x.meta
		for _, htmx := range []bool{true, false} {
			got := w.form(htmx, "/connections/discover", typed...)
			for _, words := range x.words {
				w.want(x.name, got, x.status, words)
			}
			if strings.Contains(got.body, "typed-secret") {
				t.Errorf("%s: the secret came back", x.name)
			}
		}
	}
	w.want("nothing given", w.form(true, "/connections/discover", "type", "client_credentials", "shown", "client_credentials"), http.StatusUnprocessableEntity, "Is required")
	list, err := w.s.Store.Connections(context.Background())
	must(t, err)
	if len(list) != 0 {
		t.Errorf("%d connections were saved, want none", len(list))
	}
}

func TestAPrivateKeyIsWriteOnly(t *testing.T) {
	w := newWorld(t, func(http.ResponseWriter, *http.Request) {})
	w.signIn()
	got := w.form(true, "/connections", "type", "oauth_code", "shown", "oauth_code", "name", "Signed", "hosts", "api.acme.io", "auth.authorize_url", "https://a.io/", "auth.token_url", "https://a.io/",
		"auth.client_id", "x", "auth.client_auth", "private_key_jwt", "auth.private_key", "-----BEGIN PRIVATE KEY-----\nnobody-knows\n-----END PRIVATE KEY-----", "auth.pkce", "true")
	w.want("a key that is none", got, http.StatusUnprocessableEntity, `id="conn-private_key-m"`)
	w.want("a key that is none", got, http.StatusUnprocessableEntity, `<textarea class="inp mono veiled" id="conn-private_key"`)
	if strings.Contains(got.body, "nobody-knows") {
		t.Error("the key came back")
	}
}
