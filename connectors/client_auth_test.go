package connectors

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"flowdeck/cards/schema"
)

// asRFC6749 reads a Basic header as section 2.3.1 says a server must.
func asRFC6749(header string) (id, secret string, err error) {
	packed, ok := strings.CutPrefix(header, "Basic ")
	if !ok {
		return "", "", fmt.Errorf("%q is not Basic", header)
	}
	plain, err := base64.StdEncoding.DecodeString(packed)
	if err != nil {
		return "", "", err
	}
	before, after, ok := strings.Cut(string(plain), ":")
	if !ok {
		return "", "", fmt.Errorf("%q has no colon", plain)
	}
	if id, err = url.QueryUnescape(before); err != nil {
		return "", "", err
	}
	secret, err = url.QueryUnescape(after)
	return id, secret, err
}

func TestOddCharactersReachTheServerAsTheyAre(t *testing.T) {
	for _, odd := range []string{"plain", "a:b", "100%", "%41", "a+b", "a b", "é😀", "&=?#/", `"'\`, "~!*()", "\t"} {
		for _, how := range []string{"basic", "post"} {
			for _, kind := range []string{"oauth_code", "client_credentials"} {
				b, s := newBench(t), newTokenServer(t)
				settings := s.oauth(map[string]any{"client_id": "id " + odd, "client_secret": "secret " + odd, "client_auth": how})
				if kind == "client_credentials" {
					delete(settings, "authorize_url")
				}
				s.refresh = "refresh-token-0"
				id := b.add(kind, settings, Token{Refresh: s.refresh}, strings.TrimPrefix(s.URL, "http://"))
				if _, body, err := b.get(id, s.URL+"/api"); err != nil || body != "hello" {
					t.Fatalf("%s, %s, %q: got %q, %v", kind, how, odd, body, err)
				}
				gotID, gotSecret := s.asked[0].Get("client_id"), s.asked[0].Get("client_secret")
				if how == "basic" {
					var err error
					if gotID, gotSecret, err = asRFC6749(s.auths[0]); err != nil {
						t.Fatal(err)
					}
				}
				if gotID != "id "+odd || gotSecret != "secret "+odd {
					t.Errorf("%s, %s: the server read %q and %q, want “… %s”", kind, how, gotID, gotSecret, odd)
				}
			}
		}
	}
}

func TestPublicClientsSendTheirNameAlone(t *testing.T) {
	for _, kind := range []string{"oauth_code", "client_credentials"} {
		b, s := newBench(t), newTokenServer(t)
		settings := s.oauth(map[string]any{"client_secret": "kept but not sent", "client_auth": "none"})
		if kind == "client_credentials" {
			delete(settings, "authorize_url")
		}
		s.refresh = "refresh-token-0"
		id := b.add(kind, settings, Token{Refresh: s.refresh}, strings.TrimPrefix(s.URL, "http://"))
		if _, body, err := b.get(id, s.URL+"/api"); err != nil || body != "hello" {
			t.Fatalf("%s: got %q, %v", kind, body, err)
		}
		if got := s.asked[0]; s.auths[0] != "" || got.Get("client_id") != "client" || got.Has("client_secret") {
			t.Errorf("%s: asked %v with %q, want the client's name alone", kind, got, s.auths[0])
		}
	}
}

func TestExtraHeadersAndParametersGoToTheTokenURL(t *testing.T) {
	b, s := newBench(t), newTokenServer(t)
	var got http.Header
	var query url.Values
	s.answer = func(w http.ResponseWriter, r *http.Request) {
		got, query = r.Header, r.URL.Query()
		fmt.Fprint(w, `{"access_token":"access-token-1"}`)
	}
	s.access = "access-token-1"
	settings := s.oauth(map[string]any{"token_url": s.URL + "/token?tenant=7", "refresh_scope": true, "separator": "comma", "resource": "https://a.example https://b.example",
		"token_params":  map[string]any{"api_version": "2"},
		"token_headers": []any{map[string]any{"name": "X-Tenant", "value": "acme"}, map[string]any{"name": "accept", "value": "application/vnd.x+json"}}})
	id := b.add("oauth_code", settings, Token{Refresh: "refresh-token-0"}, strings.TrimPrefix(s.URL, "http://"))
	if _, body, err := b.get(id, s.URL+"/api"); err != nil || body != "hello" {
		t.Fatalf("got %q, %v", body, err)
	}
	if got.Get("X-Tenant") != "acme" || got.Get("Accept") != "application/vnd.x+json" || query.Get("tenant") != "7" {
		t.Errorf("the token URL got %v and %v", got, query)
	}
	form := s.asked[0]
	if want := []string{"https://a.example", "https://b.example"}; fmt.Sprint(form["resource"]) != fmt.Sprint(want) || form.Get("scope") != "read,offline_access" || form.Get("api_version") != "2" {
		t.Errorf("the token URL was asked %v, want the resources %v", form, want)
	}
}

func TestTokensGoWhereTheServiceWantsThem(t *testing.T) {
	for _, x := range []struct{ header, prefix, kind, name, want string }{
		{"", "", "bearer", "Authorization", "Bearer access-token-1"},
		{"", "OAuth", "bearer", "Authorization", "OAuth access-token-1"},
		{"", "Zoho-oauthtoken", "MAC", "Authorization", "Zoho-oauthtoken access-token-1"},
		{"X-Shopify-Access-Token", "", "bearer", "X-Shopify-Access-Token", "access-token-1"},
		{"X-Token", "v1", "", "X-Token", "v1 access-token-1"},
		{"", "", "bot", "Authorization", "Bearer access-token-1"},
	} {
		b, s := newBench(t), newTokenServer(t)
		s.answer = func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprintf(w, `{"access_token":"access-token-1","token_type":%q}`, x.kind)
		}
		api := watch(t, ok)
		id := b.add("client_credentials", map[string]any{"token_url": s.URL + "/token", "client_id": "c", "client_secret": "client-secret", "token_header": x.header, "token_prefix": x.prefix}, Token{}, strings.TrimPrefix(api.URL, "http://"))
		if _, _, err := b.get(id, api.URL); err != nil {
			t.Fatalf("%+v: %v", x, err)
		}
		if got := (<-api.requests).Header.Get(x.name); got != x.want {
			t.Errorf("%+v: %s = %q, want %q", x, x.name, got, x.want)
		}
	}
}

func TestSettingsThatCannotBeSayWhatToDo(t *testing.T) {
	fine := map[string]any{"authorize_url": "https://a.io/", "token_url": "https://a.io/", "client_id": "x", "client_secret": "s"}
	for _, x := range []struct {
		change       map[string]any
		field, words string
	}{
		{map[string]any{"client_auth": "private_key_jwt"}, "private_key", "paste the key"},
		{map[string]any{"client_auth": "private_key_jwt", "private_key": "abc"}, "private_key", "holds no private key"},
		{map[string]any{"client_auth": "private_key_jwt", "private_key": "abc", "assertion_audience": "issuer"}, "issuer", "is required"},
		{map[string]any{"client_auth": "tls"}, "client_auth", "must be"},
		{map[string]any{"client_auth": "none", "pkce": false}, "pkce", "must stay on"},
		{map[string]any{"token_params": map[string]any{"client_assertion": "x"}}, "token_params", "set by the sign-in itself"},
		{map[string]any{"token_headers": []any{map[string]any{"name": "Authorization", "value": "x"}}}, "token_headers.0.name", "set by the sign-in itself"},
		{map[string]any{"token_headers": []any{map[string]any{"name": "a b", "value": "x"}}}, "token_headers.0.name", "not a header name"},
		{map[string]any{"token_headers": []any{map[string]any{"name": "X-A", "value": "x\r\ny"}}}, "token_headers.0.value", "line break"},
		{map[string]any{"token_headers": []any{map[string]any{"name": "X-A", "value": "x"}, map[string]any{"name": "x-a", "value": "x"}}}, "token_headers.1.name", "twice"},
		{map[string]any{"token_header": "Host"}, "token_header", "not a header that can carry"},
		{map[string]any{"token_prefix": "two words"}, "token_prefix", "one word"},
		{map[string]any{"token_path": "a..b"}, "token_path", "names with dots"},
	} {
		settings := schema.Values{}
		for k, v := range fine {
			settings[k] = v
		}
		for k, v := range x.change {
			settings[k] = v
		}
		_, err := OAuthCode.Auth(settings)
		problems, _ := err.(schema.Problems)
		got := ""
		for _, p := range problems {
			if p.Field == x.field {
				got = p.Message
			}
		}
		if !strings.Contains(got, x.words) {
			t.Errorf("%v: at %s stands %q, want %q (all: %v)", x.change, x.field, got, x.words, err)
		}
	}
	if _, err := ClientCredentials.Auth(schema.Values{"token_url": "https://a.io/", "client_id": "x"}); err == nil || !strings.Contains(err.Error(), "client_secret: is required") {
		t.Errorf("client credentials without a secret: %v", err)
	}
}
