package oauth

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
)

var now = time.Unix(1_800_000_000, 0)

const issuer = "https://flows.example.com"

// part64 is one part of a hand-made token.
func part64(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return base64.RawURLEncoding.EncodeToString(text)
}

// sign makes a token that says whatever header and body say.
func sign(t testing.TB, key crypto.Signer, alg string, header, body map[string]any) string {
	t.Helper()
	s, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.SignatureAlgorithm(alg), Key: key}, func() *jose.SignerOptions {
		o := &jose.SignerOptions{}
		for k, v := range header {
			o.WithHeader(jose.HeaderKey(k), v)
		}
		return o
	}())
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	x, err := s.Sign(text)
	if err != nil {
		t.Fatal(err)
	}
	out, err := x.CompactSerialize()
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func statement(change map[string]any) map[string]any {
	m := map[string]any{"iss": "app_1", "sub": "app_1", "aud": issuer, "jti": "1", "exp": now.Unix() + 60, "iat": now.Unix()}
	maps.Copy(m, change)
	for k, v := range m {
		if v == nil {
			delete(m, k)
		}
	}
	return m
}

func keyFor(t testing.TB, public any, kid string) Key {
	t.Helper()
	text, err := (&jose.JSONWebKey{Key: public, KeyID: kid}).MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	k, err := ReadKey(string(text))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func ec(t testing.TB, c elliptic.Curve) *ecdsa.PrivateKey {
	t.Helper()
	k, err := ecdsa.GenerateKey(c, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestAssertionsOfEveryAlgorithm(t *testing.T) {
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	_, ed, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for alg, key := range map[string]crypto.Signer{"ES256": ec(t, elliptic.P256()), "ES384": ec(t, elliptic.P384()), "ES512": ec(t, elliptic.P521()),
		"RS256": rsaKey, "RS384": rsaKey, "RS512": rsaKey, "PS256": rsaKey, "EdDSA": ed} {
		c := NewClient(App{ID: "app_1", Keys: []Key{keyFor(t, key.Public(), "k1")}})
		for what, header := range map[string]map[string]any{"with a kid": {"kid": "k1", "typ": "JWT"}, "without": nil} {
			a, no := ReadAssertion(sign(t, key, alg, header, statement(nil)), []string{issuer}, now)
			if no != nil {
				t.Errorf("%s %s: read: %v", alg, what, no)
				continue
			}
			if kid, no := a.Verify(c, KeySet{}); no != nil || kid != "k1" {
				t.Errorf("%s %s: verify: %q, %v", alg, what, kid, no)
			}
		}
	}
}

func TestBadAssertionsAreRefused(t *testing.T) {
	key, other := ec(t, elliptic.P256()), ec(t, elliptic.P256())
	public := keyFor(t, key.Public(), "k1")
	c := NewClient(App{ID: "app_1", Keys: []Key{public, {ID: "off", JWK: keyFor(t, other.Public(), "off").JWK}}})
	good := func(change map[string]any) string {
		return sign(t, key, "ES256", map[string]any{"kid": "k1"}, statement(change))
	}
	headed := func(header map[string]any) string { return sign(t, key, "ES256", header, statement(nil)) }
	hand := func(header, body any, signature string) string {
		return part64(header) + "." + part64(body) + "." + signature
	}
	hs := func() string { // HMAC with the public key, for libraries that believe the header
		text := part64(map[string]any{"alg": "HS256", "kid": "k1"}) + "." + part64(statement(nil))
		mac := hmac.New(sha256.New, []byte(public.JWK))
		mac.Write([]byte(text))
		return text + "." + base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
	}
	parts := strings.Split(good(nil), ".")
	for _, x := range []struct{ what, text, says string }{
		{"no JWT", "x", "three parts"},
		{"an empty one", "", "three parts"},
		{"five parts", "a.b.c.d.e", "three parts"},
		{"a huge one", strings.Repeat("a", 20_000), "too long"},
		{"a header that is not JSON", "e30x." + parts[1] + "." + parts[2], "header"},
		{"alg none", hand(map[string]any{"alg": "none"}, statement(nil), ""), "'none', which is not taken"},
		{"alg None", hand(map[string]any{"alg": "None"}, statement(nil), ""), "'None', which is not taken"},
		{"no alg", hand(map[string]any{}, statement(nil), ""), "which is not taken"},
		{"an alg that is no text", hand(map[string]any{"alg": []string{"ES256"}}, statement(nil), ""), "not text"},
		{"HMAC with the public key", hs(), "'HS256', which is not taken"},
		{"a key in the header", headed(map[string]any{"jwk": json.RawMessage(public.JWK)}), "jwk in its header"},
		{"jku", headed(map[string]any{"jku": "https://evil.example/keys"}), "jku in its header"},
		{"x5u", headed(map[string]any{"x5u": "https://evil.example/cert"}), "x5u in its header"},
		{"x5c", headed(map[string]any{"x5c": []string{}}), "x5c in its header"},
		{"crit", hand(map[string]any{"alg": "ES256", "crit": []string{"x"}, "x": 1}, statement(nil), parts[2]), "crit in its header"},
		{"an access token", headed(map[string]any{"typ": "at+jwt"}), "no client assertion"},
		{"a body that is a list", hand(map[string]any{"alg": "ES256"}, []int{1}, "x"), "JSON object"},
		{"no iss", good(map[string]any{"iss": nil}), "its iss"},
		{"another iss", good(map[string]any{"iss": "app_2"}), "its iss"},
		{"no sub", good(map[string]any{"sub": nil}), "its sub"},
		{"an iss in other letters", good(map[string]any{"iss": nil, "ISS": "app_1"}), "its iss"},
		{"no aud", good(map[string]any{"aud": nil}), "its aud"},
		{"another aud", good(map[string]any{"aud": "https://other.example"}), "its aud"},
		{"an aud that is no text", good(map[string]any{"aud": 1}), "its aud"},
		{"a longer aud", good(map[string]any{"aud": issuer + ".evil.example"}), "its aud"},
		{"no exp", good(map[string]any{"exp": nil}), "has no exp"},
		{"an exp that is text", good(map[string]any{"exp": "1800000060"}), "not a time"},
		{"an expired one", good(map[string]any{"exp": now.Unix() - 31}), "has expired"},
		{"an exp far ahead", good(map[string]any{"exp": now.Unix() + 3600}), "too far ahead"},
		{"an exp beyond all time", good(map[string]any{"exp": 1e300}), "not a time"},
		{"nbf ahead", good(map[string]any{"nbf": now.Unix() + 120}), "nbf in the future"},
		{"iat ahead", good(map[string]any{"iat": now.Unix() + 120}), "iat in the future"},
		{"no jti", good(map[string]any{"jti": nil}), "no jti"},
		{"another key", sign(t, other, "ES256", map[string]any{"kid": "k1"}, statement(nil)), "not signed with"},
		{"a deactivated key", sign(t, other, "ES256", map[string]any{"kid": "off"}, statement(nil)), "not an active key"},
		{"an unknown kid", sign(t, key, "ES256", map[string]any{"kid": "k\"2"}, statement(nil)), "'k?2', which is not an active key"},
		{"another body", parts[0] + "." + part64(statement(map[string]any{"jti": "2"})) + "." + parts[2], "not signed with"},
		{"no signature", parts[0] + "." + parts[1] + ".", "not signed with"},
		{"an algorithm that the key is not for", hand(map[string]any{"alg": "RS256", "kid": "k1"}, statement(nil), parts[2]), "not an active key"},
	} {
		a, no := ReadAssertion(x.text, []string{issuer, issuer + PathToken}, now)
		if no == nil {
			_, no = a.Verify(c, KeySet{})
		}
		if no == nil || no.Code != InvalidClient || no.Status() != 401 || !strings.Contains(no.Description, x.says) {
			t.Errorf("%s: got %v, want invalid_client that says %q", x.what, no, x.says)
		}
	}
}

func TestKeysThatPeoplePaste(t *testing.T) {
	small, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	private, err := (&jose.JSONWebKey{Key: ec(t, elliptic.P256())}).MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	weak, err := (&jose.JSONWebKey{Key: small.Public()}).MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	good := keyFor(t, ec(t, elliptic.P256()).Public(), "").JWK
	for _, x := range []struct{ what, text, says string }{
		{"nothing", " ", "is required"},
		{"words", "my key", "neither a JWK nor PEM"},
		{"a private JWK", string(private), "private key"},
		{"private PEM", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----", "private key"},
		{"damaged PEM", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----", "damaged"},
		{"a short RSA key", string(weak), "1024 bits only"},
		{"a secret", `{"kty":"oct","k":"AAAA"}`, "shared secret"},
		{"a key for encryption", strings.Replace(good, `"use":"sig"`, `"use":"enc"`, 1), "for encryption"},
		{"a wrong alg", strings.Replace(good, `"use":"sig"`, `"alg":"RS256"`, 1), "cannot be used with"},
		{"a point that is not on the curve", `{"kty":"EC","crv":"P-256","x":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","y":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE"}`, "missing or damaged"},
		{"two keys", `{"keys":[` + good + `,` + good + `]}`, "several keys"},
	} {
		if _, err := ReadKey(x.text); err == nil || !strings.Contains(err.Error(), x.says) {
			t.Errorf("%s: got %v, want an error that says %q", x.what, err, x.says)
		}
	}
	if k, err := ReadKey(`{"keys":[` + good + `]}`); err != nil || k.ID == "" || k.Kind != "EC P-256" {
		t.Errorf("a set of one key: %+v, %v", k, err)
	}
}

func TestAccessTokens(t *testing.T) {
	key, _, err := NewSigningKey(now)
	if err != nil {
		t.Fatal(err)
	}
	ring := Keyring{key}
	made := Token{Issuer: issuer, Subject: "app_1", Client: "app_1", ID: "t1", Scopes: []string{"a", "b"}, Audience: []string{issuer + PathAudience}, Issued: now, Expires: now.Add(TokenLife)}
	text, err := ring.Sign(made)
	if err != nil {
		t.Fatal(err)
	}
	got, no := ring.Verify(text, issuer, PathAudience, now)
	if no != nil || got.Client != "app_1" || !got.Has("a", "b") || got.Has("c") || !got.Expires.Equal(made.Expires) {
		t.Fatalf("Verify = %+v, %v", got, no)
	}
	other, _, err := NewSigningKey(now)
	if err != nil {
		t.Fatal(err)
	}
	forged, err := Keyring{other}.Sign(made)
	if err != nil {
		t.Fatal(err)
	}
	body := map[string]any{"iss": issuer, "aud": issuer + PathAudience, "sub": "app_1", "client_id": "app_1", "jti": "1", "exp": now.Unix() + 60}
	hand := func(header, change map[string]any) string {
		h := map[string]any{"kid": key.ID, "typ": "at+jwt"}
		maps.Copy(h, header)
		b := maps.Clone(body)
		maps.Copy(b, change)
		return sign(t, key.private, "ES256", h, b)
	}
	parts := strings.Split(text, ".")
	for what, bad := range map[string]string{
		"another key": forged, "another typ": hand(map[string]any{"typ": "JWT"}, nil), "another issuer": hand(nil, map[string]any{"iss": "https://evil.example"}),
		"another audience": hand(nil, map[string]any{"aud": "https://evil.example"}), "no client": hand(nil, map[string]any{"client_id": ""}),
		"expired": hand(nil, map[string]any{"exp": now.Unix()}), "no exp": hand(nil, map[string]any{"exp": nil}), "not yet": hand(nil, map[string]any{"nbf": now.Unix() + 60}),
		"none": part64(map[string]any{"alg": "none", "typ": "at+jwt", "kid": key.ID}) + "." + parts[1] + ".", "nothing": "", "words": "abc",
		"jku": hand(map[string]any{"jku": "https://evil.example"}, nil),
	} {
		if _, no := ring.Verify(bad, issuer, PathAudience, now); no == nil || no.Code != InvalidToken || no.Status() != 401 {
			t.Errorf("%s: got %v, want invalid_token", what, no)
		}
	}
}

func TestTrustInOtherIssuers(t *testing.T) {
	key := ec(t, elliptic.P256())
	set, err := ReadKeySet([]byte(`{"keys":[` + keyFor(t, key.Public(), "k1").JWK + `,{"kty":"oct","k":"AAAA"},{"kty":"what"}]}`))
	if err != nil || set.Len() != 1 {
		t.Fatalf("ReadKeySet: %d keys, %v", set.Len(), err)
	}
	base := map[string]any{"iss": "https://login.example/", "aud": []string{"x", "flows"}, "sub": "u1", "azp": "portal", "exp": now.Unix() + 60, "scp": []string{"a", "b"},
		"dept": "finance", "realm": map[string]any{"roles": []string{"admin", "dev"}}, "level": 3, "ok": true}
	trust := Trust{Issuer: "https://login.example", Audience: "flows", Scopes: []string{"a"}}
	for _, x := range []struct {
		what   string
		change map[string]any
		rules  string
		code   string
	}{
		{"a good one", nil, "", ""},
		{"rules that hold", nil, "dept=finance, realm.roles = dev, level=3, ok=true", ""},
		{"another value", nil, "dept=sales", InsufficientScope},
		{"a claim that is not there", nil, "nope=1", InsufficientScope},
		{"a part of a value", nil, "dept=fin", InsufficientScope},
		{"a scope that it lacks", map[string]any{"scp": "b c"}, "", InsufficientScope},
		{"another audience", map[string]any{"aud": "y"}, "", InvalidToken},
		{"another issuer", map[string]any{"iss": "https://login.example.evil"}, "", InvalidToken},
		{"an expired one", map[string]any{"exp": now.Unix() - 60}, "", InvalidToken},
	} {
		body := maps.Clone(base)
		maps.Copy(body, x.change)
		tr := trust
		for _, line := range strings.Split(x.rules, ",") {
			if r, ok := ReadRule(line); ok {
				tr.Claims = append(tr.Claims, r)
			}
		}
		tok, no := set.Verify(sign(t, key, "ES256", map[string]any{"kid": "k1"}, body), now)
		if no == nil {
			no = tr.Accepts(tok)
		}
		if code := codeOf(no); code != x.code {
			t.Errorf("%s: got %v, want %q", x.what, no, x.code)
		}
	}
	if _, no := set.Verify(sign(t, ec(t, elliptic.P256()), "ES256", map[string]any{"kid": "k1"}, base), now); codeOf(no) != InvalidToken {
		t.Errorf("another key: %v", no)
	}
}

func codeOf(e *Error) string {
	if e == nil {
		return ""
	}
	return e.Code
}
