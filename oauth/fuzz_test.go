package oauth

import (
	"crypto/elliptic"
	"net/http"
	"strings"
	"testing"
)

// Whatever is sent as an assertion or a token: nothing breaks, and nothing that our key
// did not sign is believed.
func FuzzAssertion(f *testing.F) {
	key := ec(f, elliptic.P256())
	c := NewClient(App{ID: "app_1", Keys: []Key{keyFor(f, key.Public(), "k1")}})
	good := sign(f, key, "ES256", map[string]any{"kid": "k1"}, statement(nil))
	f.Add(good)
	parts := strings.Split(good, ".")
	for _, seed := range []string{"", "..", "a.b.c", part64(map[string]any{"alg": "none"}) + "." + parts[1] + ".", parts[0] + "." + parts[1] + ".AAAA",
		part64(map[string]any{"alg": "ES256", "kid": nil, "typ": 1}) + "." + parts[1] + "." + parts[2], parts[0] + ".bnVsbA." + parts[2],
		part64(map[string]any{"alg": "ES256"}) + "." + part64(map[string]any{"exp": 1e308, "aud": []any{nil}}) + "." + parts[2]} {
		f.Add(seed)
	}
	ring, _, err := NewSigningKey(now)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if a, no := ReadAssertion(text, []string{issuer}, now); no == nil {
			if _, no := a.Verify(c, KeySet{}); no == nil && text != good && !sameSigned(text, good) {
				t.Errorf("%q is believed", text)
			}
		}
		if _, no := (Keyring{ring}).Verify(text, issuer, PathAudience, now); no == nil {
			t.Errorf("%q is believed to be an access token", text)
		}
	})
}

// sameSigned reports whether two tokens have the same header and body; ES256 has two
// signatures of each.
func sameSigned(a, b string) bool {
	return a[:strings.LastIndexByte(a, '.')] == b[:strings.LastIndexByte(b, '.')]
}

// Whatever is sent to the token endpoint: a form is read with no parameter twice and none
// empty, and never more than one proof is taken.
func FuzzTokenRequest(f *testing.F) {
	for _, seed := range [][2]string{{"grant_type=client_credentials&client_id=a&client_secret=b", ""}, {"grant_type=client_credentials", "Basic YTpi"}, {"a=1&a=2", ""},
		{"client_assertion=x&client_assertion_type=" + AssertionType, ""}, {"client_assertion=x&client_secret=y", "Basic YTpi"}, {"%zz", "Basic %"}, {";", "bearer x"}, {"scope=", "Basic Og=="}} {
		f.Add(seed[0], seed[1])
	}
	f.Fuzz(func(t *testing.T, body, authorization string) {
		r, err := http.NewRequest(http.MethodPost, "http://flows.example.com"+PathToken, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if authorization != "" {
			r.Header["Authorization"] = []string{authorization}
		}
		p, no := ReadParams(r, body)
		if no != nil {
			return
		}
		for name, v := range p {
			if v == "" {
				t.Errorf("%q is empty", name)
			}
		}
		c, no := ReadCredentials(r.Header, p)
		if no != nil {
			if no.Status() != 400 && no.Status() != 401 {
				t.Errorf("status %d", no.Status())
			}
			return
		}
		if (c.Secret == "") == (c.Assertion == "") || c.Assertion != "" && c.Basic || c.Secret != "" && c.ClientID == "" {
			t.Errorf("%q %q gives %+v", body, authorization, c)
		}
		if _, no := Scopes(p["scope"], App{Scopes: []string{"a"}}); no == nil && strings.Trim(p["scope"], "a \t\n\v\f\r\u0085\u00a0") != "" && IsScope(p["scope"]) {
			t.Errorf("scope %q is given", p["scope"])
		}
	})
}
