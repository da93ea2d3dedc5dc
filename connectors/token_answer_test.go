package connectors

import (
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestTokenAnswersAreReadAsServersWriteThem(t *testing.T) {
	id := "e30." + base64.RawURLEncoding.EncodeToString([]byte(`{"sub":"1","email":"bot@acme.io"}`)) + ".x"
	for _, x := range []struct {
		name, kind, body string
		want             Token
	}{
		{"plain", "application/json", `{"access_token":"a","token_type":"Bearer","expires_in":3600,"refresh_token":"r","scope":"x y"}`,
			Token{Access: "a", Type: "Bearer", Refresh: "r", Scopes: "x y", life: time.Hour}},
		{"life as text", "application/json", `{"access_token":"a","expires_in":"3600"}`, Token{Access: "a", Type: "Bearer", life: time.Hour}},
		{"life with a fraction", "application/json", `{"access_token":"a","expires_in":1.5}`, Token{Access: "a", Type: "Bearer", life: 1500 * time.Millisecond}},
		{"no life", "application/json", `{"access_token":"a"}`, Token{Access: "a", Type: "Bearer"}},
		{"life that is none", "application/json", `{"access_token":"a","expires_in":"soon"}`, Token{Access: "a", Type: "Bearer"}},
		{"life in the past", "application/json", `{"access_token":"a","expires_in":-1}`, Token{Access: "a", Type: "Bearer"}},
		{"null members", "application/json", `{"access_token":"a","refresh_token":null,"scope":null,"error":null}`, Token{Access: "a", Type: "Bearer"}},
		{"type in lower case", "application/json", `{"access_token":"a","token_type":"bearer"}`, Token{Access: "a", Type: "Bearer"}},
		{"another type", "application/json", `{"access_token":"a","token_type":"token"}`, Token{Access: "a", Type: "token"}},
		{"type in capitals", "application/json", `{"access_token":"a","token_type":"BEARER"}`, Token{Access: "a", Type: "Bearer"}},
		{"type null", "application/json", `{"access_token":"a","token_type":null}`, Token{Access: "a", Type: "Bearer"}},
		{"life as a float in text", "application/json", `{"access_token":"a","expires_in":"59.5"}`, Token{Access: "a", Type: "Bearer", life: 59500 * time.Millisecond}},
		{"life with an exponent", "application/json", `{"access_token":"a","expires_in":3.6e3}`, Token{Access: "a", Type: "Bearer", life: time.Hour}},
		{"life of no time", "application/json", `{"access_token":"a","expires_in":0}`, Token{Access: "a", Type: "Bearer"}},
		{"life beyond any number", "application/json", `{"access_token":"a","expires_in":1e400}`, Token{Access: "a", Type: "Bearer"}},
		{"life as an object", "application/json", `{"access_token":"a","expires_in":{"s":1}}`, Token{Access: "a", Type: "Bearer"}},
		{"a form with life and spaces", "application/json", `access_token=a&expires_in=60+&token_type=Bearer`, Token{Access: "a", Type: "Bearer", life: time.Minute}},
		{"a form without a type", "", `access_token=a&refresh_token=r`, Token{Access: "a", Type: "Bearer", Refresh: "r"}},
		{"JSON called a form", "application/x-www-form-urlencoded", `{"access_token":"a","expires_in":60}`, Token{Access: "a", Type: "Bearer", life: time.Minute}},
		{"JSON with a byte order mark", "application/json", "\ufeff" + `{"access_token":"a"}`, Token{Access: "a", Type: "Bearer"}},
		{"Slack's bot", "application/json", `{"ok":true,"access_token":"xoxb","token_type":"bot","scope":"a,b"}`, Token{Access: "xoxb", Type: "Bearer", Scopes: "a,b"}},
		{"scopes as a list", "application/json", `{"access_token":"a","scope":["x","y"]}`, Token{Access: "a", Type: "Bearer", Scopes: "x y"}},
		{"JSON called text", "text/plain", ` {"access_token":"a"}`, Token{Access: "a", Type: "Bearer"}},
		{"a form", "application/x-www-form-urlencoded", `access_token=a%2Bb&expires_in=60&scope=x%20y`, Token{Access: "a+b", Type: "Bearer", Scopes: "x y", life: time.Minute}},
		{"a form called HTML", "text/html", `access_token=a&token_type=bearer`, Token{Access: "a", Type: "Bearer"}},
		{"who signed in", "application/json", `{"access_token":"a","id_token":"` + id + `"}`, Token{Access: "a", Type: "Bearer", Account: "bot@acme.io"}},
		{"an id_token that is none", "application/json", `{"access_token":"a","id_token":"x.y.z"}`, Token{Access: "a", Type: "Bearer"}},
	} {
		got, err := readToken("h", &http.Response{StatusCode: 200, Header: http.Header{"Content-Type": {x.kind}}}, []byte(x.body), tokenUse{})
		if err != nil || got != x.want {
			t.Errorf("%s: got %+v, %v, want %+v", x.name, got, err, x.want)
		}
	}
}

func TestTokensAreFoundWhereTheSettingsSay(t *testing.T) {
	slack := `{"ok":true,"access_token":"xoxb","scope":"bot:read","authed_user":{"id":"U1","access_token":"xoxp","scope":"chat:write","token_type":"user","expires_in":43200,"refresh_token":"xoxe"}}`
	person := Token{Access: "xoxp", Type: "Bearer", Refresh: "xoxe", Scopes: "chat:write", life: 12 * time.Hour}
	for _, x := range []struct {
		path, body string
		want       Token
		words      string
	}{
		{"authed_user.access_token", slack, person, ""},
		{"authed_user", slack, person, ""},
		{"", slack, Token{Access: "xoxb", Type: "Bearer", Scopes: "bot:read"}, ""},
		{"data.token.value", `{"data":{"token":{"value":"v","expires_in":60}}}`, Token{Access: "v", Type: "Bearer", life: time.Minute}, ""},
		{"authed_user.access_token", `{"ok":true,"access_token":"xoxb"}`, Token{}, "holds no authed_user.access_token, only access_token, ok"},
		{"authed_user.access_token", `{"ok":true,"authed_user":"none"}`, Token{}, "holds no authed_user.access_token"},
		{"authed_user.access_token", `{"ok":false,"error":"invalid_code"}`, Token{}, "“invalid_code”"},
	} {
		got, err := readToken("h", &http.Response{StatusCode: 200, Header: http.Header{"Content-Type": {"application/json"}}}, []byte(x.body), tokenUse{TokenPath: x.path})
		if got != x.want || (err == nil) != (x.words == "") || err != nil && !strings.Contains(err.Error(), x.words) {
			t.Errorf("%q in %s: got %+v, %v, want %+v, %q", x.path, x.body, got, err, x.want, x.words)
		}
	}
}

func TestTokensThatNobodyKnowsHowToSendAreRefused(t *testing.T) {
	for _, kind := range []string{"MAC", "mac", "DPoP", "N_A", "pop"} {
		body := []byte(fmt.Sprintf(`{"access_token":"tok-12345678","token_type":%q}`, kind))
		res := &http.Response{StatusCode: 200, Header: http.Header{}}
		_, err := readToken("login.acme.io", res, body, tokenUse{})
		var said *TokenError
		if !errors.As(err, &said) || said.Code != "unknown_token_type" || !strings.Contains(said.Description, kind) || strings.Contains(err.Error(), "tok-1234") {
			t.Errorf("%s: %v", kind, err)
		}
		if got, err := readToken("login.acme.io", res, body, tokenUse{TokenPrefix: "MAC"}); err != nil || got.Access != "tok-12345678" {
			t.Errorf("%s with a word given: %+v, %v", kind, got, err)
		}
	}
}

func TestTokenErrorsKeepTheServersWords(t *testing.T) {
	for _, x := range []struct {
		status           int
		kind, body       string
		code, words      string
		final, settings_ bool
	}{
		{400, "application/json", `{"error":"invalid_grant","error_description":"Token revoked"}`, "invalid_grant", "Token revoked", true, false},
		{401, "application/json", `{"error":"invalid_client"}`, "invalid_client", "", false, true},
		{200, "application/x-www-form-urlencoded", `error=bad_refresh_token&error_description=The+refresh+token+passed+is+incorrect+or+expired.`, "bad_refresh_token", "incorrect or expired", true, false}, // GitHub
		{200, "application/json", `{"ok":false,"error":"invalid_refresh_token"}`, "invalid_refresh_token", "", true, false},                                                                                 // Slack
		{200, "application/json", `{"ok":false,"error":"token_revoked"}`, "token_revoked", "", true, false},
		{400, "application/json", `{"status":"BAD_REFRESH_TOKEN","message":"missing or unknown refresh token","correlationId":"1"}`, "BAD_REFRESH_TOKEN", "missing or unknown", true, false}, // HubSpot
		{400, "application/json", `{"error":"INVALID_GRANT"}`, "INVALID_GRANT", "", true, false},
		{400, "application/json", `{"status":"error","message":"no"}`, "", "no", false, false},
		{400, "application/json", `{"status":400,"message":"no"}`, "", "no", false, false},
		{200, "application/x-www-form-urlencoded", `error=bad_verification_code&error_description=The+code+expired`, "bad_verification_code", "The code expired", false, false},
		{200, "application/json", `{"ok":false,"error":"invalid_auth"}`, "invalid_auth", "", false, false},
		{400, "application/json", `{"error":{"code":401,"message":"Key is wrong"}}`, "401", "Key is wrong", false, false},
		{400, "application/json", `{"errorCode":"E0000011","errorSummary":"Invalid token"}`, "E0000011", "Invalid token", false, false},
		{502, "text/html", "<h1>Bad\n Gateway</h1>", "", "<h1>Bad Gateway</h1>", false, false},
		{200, "application/json", `{}`, "", "no access_token: it has 2 bytes", false, false},
		{200, "application/json", `not json`, "", "no access_token: it has 8 bytes that are neither JSON nor a form", false, false},
		{200, "application/json", `{"expires":1,"accessToken":"tok-12345678"}`, "", "no access_token, only accessToken, expires", false, false},
		{200, "text/plain", `tok-12345678`, "", "no access_token", false, false},
		{200, "text/plain", `tok-12345678==`, "", "no access_token", false, false},
		{200, "text/html", `<p>Sign in</p>`, "", "no access_token: <p>Sign in</p>", false, false},
		{500, "text/plain", "", "", "the answer is empty", false, false},
		{500, "text/plain", strings.Repeat("é", 5000), "", "… (10000 bytes)", false, false},
	} {
		_, err := readToken("login.acme.io", &http.Response{StatusCode: x.status, Header: http.Header{"Content-Type": {x.kind}}}, []byte(x.body), tokenUse{})
		var said *TokenError
		if !errors.As(err, &said) || said.Code != x.code || !strings.Contains(said.Description, x.words) || said.Final() != x.final || said.SettingsAreWrong() != x.settings_ {
			t.Errorf("%q: got %+v, want %q, %q", x.body, said, x.code, x.words)
			continue
		}
		if text := said.Error(); !strings.HasPrefix(text, "login.acme.io answered") || !strings.Contains(text, fmt.Sprint(x.status)) || len(text) > 500 || strings.Contains(text, "tok-1234") {
			t.Errorf("%q reads %q", x.body, text)
		}
	}
}

func TestClientsAuthenticateAsTheServerWants(t *testing.T) {
	for _, x := range []struct {
		auth, id, secret string
		header           string // after Basic
		form             string // client_id, client_secret
	}{
		{"basic", "client", "secret", "client:secret", ""},
		{"", "client", "secret", "client:secret", ""},
		{"basic", "a b:c", "s%/+é", "a+b%3Ac:s%25%2F%2B%C3%A9", ""},
		{"basic", "public", "", "", "public/"},
		{"post", "a b", "s&=", "", "a b/s&="},
		{"none", "public", "ignored", "", "public/"},
	} {
		b, s := newBench(t), newTokenServer(t)
		settings := s.oauth(map[string]any{"client_id": x.id, "client_secret": x.secret, "client_auth": x.auth})
		s.access, s.refresh = "a", "refresh-token-0"
		id := b.add("oauth_code", settings, Token{Refresh: s.refresh}, strings.TrimPrefix(s.URL, "http://"))
		if _, _, err := b.get(id, s.URL+"/api"); err != nil {
			t.Fatalf("%+v: %v", x, err)
		}
		header := ""
		if x.header != "" {
			header = "Basic " + base64.StdEncoding.EncodeToString([]byte(x.header))
		}
		if s.auths[0] != header {
			t.Errorf("%+v: Authorization = %q, want %q", x, s.auths[0], header)
		}
		form := ""
		if s.asked[0].Has("client_id") {
			form = s.asked[0].Get("client_id") + "/" + s.asked[0].Get("client_secret")
		}
		if form != x.form {
			t.Errorf("%+v: form = %q, want %q", x, form, x.form)
		}
	}
}

func TestClientCredentialsGetATokenAndKeepIt(t *testing.T) {
	b, s := newBench(t), newTokenServer(t)
	id := b.add("client_credentials", map[string]any{"token_url": s.URL + "/token?tenant=7", "client_id": "client", "client_secret": "client-secret",
		"scopes": "a,b c", "separator": "comma", "audience": "https://api", "resource": "urn:r", "token_params": map[string]any{"tenant": "x"}}, Token{}, strings.TrimPrefix(s.URL, "http://"))
	for range 3 {
		if _, body, err := b.get(id, s.URL+"/api"); err != nil || body != "hello" {
			t.Fatalf("got %q, %v", body, err)
		}
	}
	if s.tokenCalls() != 1 {
		t.Errorf("%d token calls, want 1", s.tokenCalls())
	}
	if got := s.asked[0].Encode(); got != "audience=https%3A%2F%2Fapi&grant_type=client_credentials&resource=urn%3Ar&scope=a%2Cb%2Cc&tenant=x" {
		t.Errorf("asked %s", got)
	}
	if row, err := b.storage.Connection(t.Context(), id); err != nil || !row.Expires.IsZero() || row.State != Ready {
		t.Errorf("%s until %v (%v), want ready without end: it renews itself", row.State, row.Expires, err)
	}
	b.clients.Forget(id)
	if _, body, err := b.get(id, s.URL+"/api"); err != nil || body != "hello" || s.tokenCalls() != 1 {
		t.Errorf("got %q, %v after %d token calls: the stored token is as good", body, err, s.tokenCalls())
	}
	s.access = "revoked early"
	if _, body, err := b.get(id, s.URL+"/api"); err != nil || body != "hello" || s.tokenCalls() != 2 {
		t.Errorf("got %q, %v after %d token calls, want a new one after the 401", body, err, s.tokenCalls())
	}
}

func TestTokenEndpointsDoNotRedirectSecrets(t *testing.T) {
	b, s, other := newBench(t), newTokenServer(t), watch(t, ok)
	s.answer = func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, other.URL, http.StatusTemporaryRedirect)
	}
	id := b.add("client_credentials", map[string]any{"token_url": s.URL + "/token", "client_id": "c", "client_secret": "client-secret", "client_auth": "post"}, Token{}, "api.acme.io")
	if _, _, err := b.get(id, "http://api.acme.io/"); err == nil || len(other.requests) != 0 {
		t.Errorf("got %v, and %d requests to the other host", err, len(other.requests))
	}
}

func TestShortLivedTokensAreUsedToo(t *testing.T) {
	now := time.Now()
	for _, x := range []struct {
		life, left time.Duration
		want       bool
	}{
		{time.Hour, 61 * time.Second, true}, {time.Hour, 60 * time.Second, false}, {time.Hour, -time.Second, false},
		{30 * time.Second, 29 * time.Second, true}, {30 * time.Second, 7 * time.Second, false}, {4 * time.Second, 2 * time.Second, true},
	} {
		token := Token{Access: "a", Issued: now.Add(x.left - x.life), Expires: now.Add(x.left)}
		if got := token.Fresh(now); got != x.want {
			t.Errorf("a token for %v with %v left: fresh %v, want %v", x.life, x.left, got, x.want)
		}
	}
	if (Token{}).Fresh(now) || !(Token{Access: "a"}).Fresh(now) {
		t.Error("no token is fresh, or one without an end is not")
	}
}

func TestATokenURLThatSendsOnSaysWhere(t *testing.T) {
	for _, x := range []struct {
		to, body, words string
	}{
		{"https://login.acme.io/oauth2/token/", "", "sends on to https://login.acme.io/oauth2/token/"},
		{"/login?next=%2Ftoken", "<html>Moved</html>", "sends on to /login?next=%2Ftoken"},
		{"", "<html>Moved</html>", "<html>Moved</html>"},
	} {
		for _, status := range []int{301, 302, 303, 307, 308} {
			res := &http.Response{StatusCode: status, Header: http.Header{}}
			if x.to != "" {
				res.Header.Set("Location", x.to)
			}
			_, err := readToken("login.acme.io", res, []byte(x.body), tokenUse{})
			if err == nil || !strings.Contains(err.Error(), x.words) || x.to != "" && !strings.Contains(err.Error(), "is the token URL right?") {
				t.Errorf("%d to %q: %v, want %q", status, x.to, err, x.words)
			}
		}
	}
}
