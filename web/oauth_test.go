package web

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"flowdeck/connectors"
	"flowdeck/flows"
)

// connect makes an OAuth connection for a card and returns the waiting dialog and the sign-in's id.
func (w *world) connect(tokenURL string, pairs ...string) (reply, string) {
	w.Helper()
	form := append([]string{"type", "oauth_code", "name", "Acme", "auth.authorize_url", "https://login.acme.io/authorize?tenant=7", "auth.token_url", tokenURL,
		"auth.client_id", "client", "auth.client_secret", "client-secret-nobody-knows", "auth.scopes", "read offline_access", "auth.pkce", "true", "hosts", "api.acme.io"}, pairs...)
	got := w.form(true, "/connections", form...)
	id := regexp.MustCompile(`/oauth/start/(\w+)`).FindStringSubmatch(got.body)
	if got.status != 200 || id == nil {
		w.Fatalf("connect: %d %s", got.status, got.body)
	}
	return got, id[1]
}

// start opens the link and returns what the service is asked.
func (w *world) start(attempt string) url.Values {
	w.Helper()
	got := w.visit("/oauth/start/" + attempt)
	at, err := url.Parse(got.header.Get("Location"))
	must(w.T, err)
	if got.status != http.StatusFound || at.Host != "login.acme.io" || at.Query().Get("tenant") != "7" {
		w.Fatalf("start: %d to %s", got.status, at)
	}
	return at.Query()
}

func TestAConnectionSignsInInAnotherWindow(t *testing.T) {
	w, say := newWorld(t, func(http.ResponseWriter, *http.Request) {}), ""
	w.signIn()
	server := oauthServer(t, &say)
	f := w.publish("crm", public, endpointDoc(nil, flows.Step{ID: "get", Title: "Get customer", Card: "http.get", Inputs: map[string]any{"url": "https://api.acme.io/"}}))
	waiting, attempt := w.connect(server.URL, "flow", f.ID, "step", "get")
	w.want("waiting", waiting, 200, "Finish signing in at login.acme.io")
	w.want("waiting", waiting, 200, "offline_access")
	w.want("nothing new", w.part("/oauth/attempts/"+attempt+"?seen=waiting"), http.StatusNoContent, "")
	asked := w.start(attempt)
	if asked.Get("redirect_uri") != w.url+"/oauth/callback" || asked.Get("code_challenge_method") != "S256" {
		t.Errorf("asked %v", asked)
	}
	back := w.visit("/oauth/callback?code=c&state=" + asked.Get("state"))
	w.want("callback", back, 200, "You can close this window")
	if back.header.Get("Cross-Origin-Opener-Policy") != "unsafe-none" || back.header.Get("Referrer-Policy") != "no-referrer" {
		t.Errorf("headers of the callback: %v", back.header)
	}
	done := w.part("/oauth/attempts/" + attempt + "?seen=waiting")
	for _, words := range []string{"Connected", "read", "with a refresh token", "Use in “Get customer”"} {
		w.want("done", done, 200, words)
	}
	w.triggers("use", w.form(true, "/oauth/attempts/"+attempt+"/use"), `"fd:connect":{"connection":"`+w.only().ID+`","step":"get"}`)
	if w.only().State != connectors.Ready {
		t.Errorf("state %s", w.only().State)
	}
	for _, path := range []string{"/connections", "/connections/" + w.only().ID, "/connections/" + w.only().ID + "/edit", "/oauth/attempts/" + attempt} {
		if strings.Contains(w.visit(path).body, "nobody-knows") {
			t.Errorf("%s shows a secret", path)
		}
	}
	w.want("the link again", w.visit("/oauth/start/"+attempt), http.StatusGone, "This sign-in is over")
	w.want("the answer again", w.visit("/oauth/callback?code=c&state="+asked.Get("state")), 400, "This sign-in is over")
}

func TestASignInThatFailsShowsTheServicesWords(t *testing.T) {
	for _, x := range []struct{ answer, say, words, field string }{
		{"error=access_denied&error_description=The+user+said+no", "", "login.acme.io answered “access_denied”: The user said no.", ""},
		{"code=c", `{"error":"redirect_uri_mismatch","error_description":"Not registered"}`, "“redirect_uri_mismatch” (400): Not registered.", "callout look"},
		{"code=c", `{"error":"invalid_scope"}`, "“invalid_scope”", `id="conn-scopes-m"`},
		{"code=c", `{"error":"invalid_client"}`, "“invalid_client”", `id="conn-client_secret-m"`},
		{"code=c", "<h1>Down for maintenance</h1>", "Down for maintenance", ""},
	} {
		w, say := newWorld(t, func(http.ResponseWriter, *http.Request) {}), x.say
		w.signIn()
		server := oauthServer(t, &say).URL
		_, attempt := w.connect(server)
		asked := w.start(attempt)
		back := w.visit("/oauth/callback?" + x.answer + "&state=" + asked.Get("state"))
		w.want("callback", back, 200, "Sign-in did not finish")
		again := w.part("/oauth/attempts/" + attempt + "?seen=waiting")
		for _, words := range []string{"Connect again", "Nothing you typed was lost", `value="https://login.acme.io/authorize?tenant=7"`, x.field} {
			w.want(x.words, again, 200, words)
		}
		if text := strings.NewReplacer("&lt;", "<", "&gt;", ">").Replace(again.body); !strings.Contains(text, x.words) {
			t.Errorf("%s: the form does not say so", x.words)
		}
		if c := w.only(); c.State != connectors.NeedsSignIn {
			t.Errorf("%s: state %s", x.words, c.State)
		}
		say = ""
		got := w.form(true, "/connections/"+w.only().ID, "name", "Acme", "auth.authorize_url", "https://login.acme.io/authorize?tenant=7", "auth.token_url", server,
			"auth.client_id", "client", "auth.pkce", "true", "hosts", "api.acme.io", "connect", "true")
		w.want("connect again", got, 200, "Finish signing in")
	}
}

func TestAnswersThatBelongToNoSignIn(t *testing.T) {
	w, say := newWorld(t, func(http.ResponseWriter, *http.Request) {}), ""
	w.signIn()
	_, attempt := w.connect(oauthServer(t, &say).URL)
	w.want("wrong state", w.visit("/oauth/callback?code=c&state=made-up"), 400, "does not belong to a sign-in")
	w.want("no state, with words", w.visit("/oauth/callback?error=server_error&error_description=<b>Oops"), 400, "server_error &lt;b&gt;Oops")
	w.want("unknown link", w.visit("/oauth/start/nothing"), http.StatusGone, "does not belong to a sign-in")
	w.want("unknown attempt", w.part("/oauth/attempts/nothing"), 404, "")
	stranger := w.send(http.DefaultClient, http.MethodGet, "/oauth/start/"+attempt, "")
	if stranger.status != http.StatusSeeOther || !strings.HasPrefix(stranger.header.Get("Location"), "/login") {
		t.Errorf("somebody who is not signed in gets %d to %s", stranger.status, stranger.header.Get("Location"))
	}
	got := w.form(true, "/oauth/attempts/"+attempt+"/cancel")
	w.triggers("cancel", got, "fd:close", "cancelled")
	w.want("after cancel", w.part("/oauth/attempts/"+attempt+"?seen=waiting"), 200, "This sign-in has ended")
}

func TestSignInsWorkWithoutAScript(t *testing.T) {
	w, say := newWorld(t, func(http.ResponseWriter, *http.Request) {}), ""
	w.signIn()
	server := oauthServer(t, &say)
	got := w.form(false, "/connections", "type", "oauth_code", "name", "Acme", "auth.authorize_url", "https://login.acme.io/authorize?tenant=7", "auth.token_url", server.URL,
		"auth.client_id", "client", "auth.pkce", "true", "hosts", "api.acme.io")
	at := got.header.Get("Location")
	if got.status != http.StatusSeeOther || !strings.HasPrefix(at, "/oauth/start/") {
		t.Fatalf("got %d to %s", got.status, at)
	}
	attempt := strings.TrimPrefix(at, "/oauth/start/")
	w.want("the page of the sign-in", w.visit("/oauth/attempts/"+attempt), 200, "Finish signing in at login.acme.io")
	asked := w.start(attempt)
	w.want("callback", w.visit("/oauth/callback?code=c&state="+asked.Get("state")), 200, "/oauth/attempts/"+attempt)
	w.want("done", w.visit("/oauth/attempts/"+attempt), 200, "Connected")
	got = w.form(false, "/connections/"+w.only().ID+"/authorize")
	w.want("reauthorize", got, http.StatusSeeOther, "")
}
