package jwt

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"flowdeck/cards"
	"flowdeck/cards/cardtest"
	"flowdeck/cards/schema"
)

func TestExamples(t *testing.T) { cardtest.Run(t, cardtest.World(), Decode, Sign, Verify) }

func env(at time.Time) cards.Env { return cards.Env{Now: func() time.Time { return at }} }

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// pair is a key in PEM, the private and the public half.
func pair(key crypto.Signer) (private, public string) {
	write := func(kind string, der []byte) string {
		return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
	}
	return write("PRIVATE KEY", must(x509.MarshalPKCS8PrivateKey(key))), write("PUBLIC KEY", must(x509.MarshalPKIXPublicKey(key.Public())))
}

func TestEveryAlgorithmSignsAndVerifies(t *testing.T) {
	rsaKey := must(rsa.GenerateKey(rand.Reader, 2048))
	_, edKey, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	keys := map[string]crypto.Signer{"R": rsaKey, "P": rsaKey, "Ed": edKey,
		"ES256": must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader)), "ES384": must(ecdsa.GenerateKey(elliptic.P384(), rand.Reader)), "ES512": must(ecdsa.GenerateKey(elliptic.P521(), rand.Reader))}
	field, _ := Sign.Inputs.Field("algorithm")
	for _, o := range field.Options {
		private, public := "a secret that is long enough for all of them, of more than 64 bytes", "a secret that is long enough for all of them, of more than 64 bytes"
		for prefix, key := range keys {
			if strings.HasPrefix(o.Value, prefix) {
				private, public = pair(key)
			}
		}
		out, err := Sign.Call(t.Context(), env(cardtest.Now), schema.Values{"algorithm": o.Value, "key": private, "audience": "a, b", "payload": schema.Values{"big": json.Number("12345678901234567890")}})
		if err != nil {
			t.Errorf("%s: %v", o.Value, err)
			continue
		}
		in := schema.Values{"token": out["token"], "algorithm": o.Value, "key": public, "audience": "b"}
		got, err := Verify.Call(t.Context(), env(cardtest.Now), in)
		if payload, _ := got["payload"].(schema.Values); err != nil || payload["big"] != json.Number("12345678901234567890") {
			t.Errorf("%s: %v, %v", o.Value, got, err)
		}
		token := out["token"].(string)
		at := strings.LastIndexByte(token, '.') + 3
		in["token"] = token[:at] + string("AB"[truth(token[at] == 'A')]) + token[at+1:]
		refused(t, o.Value+" with a changed signature", in, cards.CodeInvalidToken)
	}
}

func truth(b bool) int {
	if b {
		return 1
	}
	return 0
}

func refused(t *testing.T, what string, in schema.Values, code string) {
	t.Helper()
	out, err := Verify.Call(t.Context(), env(cardtest.Now), in)
	if e := cards.ErrorOf(err); e == nil || e.Code != code {
		t.Errorf("%s = %v, %v, want %s", what, out, err, code)
	} else if key, _ := in["key"].(string); len(key) > 5 && strings.Contains(err.Error(), key) {
		t.Errorf("%s shows the key: %v", what, err)
	}
}

// TestATokenDoesNotChooseItsAlgorithm tries the two oldest attacks: alg none, and a
// public key used as a secret (RFC 8725 section 2.1).
func TestATokenDoesNotChooseItsAlgorithm(t *testing.T) {
	_, public := pair(must(rsa.GenerateKey(rand.Reader, 2048)))
	none := "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZG1pbiJ9."
	refused(t, "alg none", schema.Values{"token": none, "algorithm": "RS256", "key": public, "never_expires": true}, cards.CodeInvalidToken)
	signer := must(jose.NewSigner(jose.SigningKey{Algorithm: jose.HS256, Key: []byte(public)}, nil))
	forged := must(must(signer.Sign([]byte(`{"sub":"admin"}`))).CompactSerialize())
	refused(t, "a public key as secret", schema.Values{"token": forged, "algorithm": "RS256", "key": public, "never_expires": true}, cards.CodeInvalidToken)
	refused(t, "HS256 with a public key", schema.Values{"token": forged, "algorithm": "HS256", "key": public, "never_expires": true}, cards.CodeInvalidInput)
}

func TestClaims(t *testing.T) {
	const key = "a secret that both sides know, of 32 and more"
	now := cardtest.Now.Unix()
	for what, c := range map[string]struct {
		claims schema.Values
		asks   schema.Values
		code   string
	}{
		"right":                      {schema.Values{"exp": now + 1, "iss": "a", "aud": []any{"x", "y"}}, schema.Values{"issuer": "a", "audience": "y"}, ""},
		"expired within the leeway":  {schema.Values{"exp": now - 59}, nil, ""},
		"expired":                    {schema.Values{"exp": now - 60}, nil, cards.CodeTokenExpired},
		"expired without leeway":     {schema.Values{"exp": now}, schema.Values{"leeway": 0}, cards.CodeTokenExpired},
		"no end":                     {schema.Values{}, nil, cards.CodeInvalidToken},
		"no end, and that is fine":   {schema.Values{}, schema.Values{"never_expires": true}, ""},
		"an end that is no time":     {schema.Values{"exp": "tomorrow"}, nil, cards.CodeInvalidToken},
		"not valid yet":              {schema.Values{"exp": now + 900, "nbf": now + 600}, nil, cards.CodeInvalidToken},
		"another issuer":             {schema.Values{"exp": now + 1, "iss": "b"}, schema.Values{"issuer": "a"}, cards.CodeInvalidToken},
		"another audience":           {schema.Values{"exp": now + 1, "aud": "z"}, schema.Values{"audience": "x, y"}, cards.CodeInvalidToken},
		"no audience, and one asked": {schema.Values{"exp": now + 1}, schema.Values{"audience": "x"}, cards.CodeInvalidToken},
	} {
		out, err := Sign.Call(t.Context(), env(cardtest.Now), schema.Values{"payload": c.claims, "algorithm": "HS256", "key": key, "expires_in": 0})
		if err != nil {
			t.Fatal(err)
		}
		in := schema.Values{"token": out["token"], "algorithm": "HS256", "key": key}
		for k, v := range c.asks {
			in[k] = v
		}
		if c.code != "" {
			refused(t, what, in, c.code)
		} else if _, err := Verify.Call(t.Context(), env(cardtest.Now), in); err != nil {
			t.Errorf("%s = %v", what, err)
		}
	}
}

func TestKeysFromSets(t *testing.T) {
	one, two := must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader)), must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))
	set := string(must(json.Marshal(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: &one.PublicKey, KeyID: "one"}, {Key: &two.PublicKey, KeyID: "two"}}})))
	own := string(must(json.Marshal(jose.JSONWebKey{Key: two, KeyID: "two"})))
	out, err := Sign.Call(t.Context(), env(cardtest.Now), schema.Values{"algorithm": "ES256", "key": own})
	if err != nil {
		t.Fatal(err)
	}
	got, err := Verify.Call(t.Context(), env(cardtest.Now), schema.Values{"token": out["token"], "algorithm": "ES256", "key": set})
	if header, _ := got["header"].(schema.Values); err != nil || header["kid"] != "two" {
		t.Errorf("Verify = %v, %v, want the key two", got, err)
	}
	out, _ = Sign.Call(t.Context(), env(cardtest.Now), schema.Values{"algorithm": "ES256", "key": own, "key_id": "one"})
	refused(t, "a token that names another key", schema.Values{"token": out["token"], "algorithm": "ES256", "key": set}, cards.CodeInvalidToken)
}

func TestKeysThatDoNotFit(t *testing.T) {
	p256, p256Public := pair(must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader)))
	for _, c := range []struct{ algorithm, key, want string }{
		{"RS256", p256, "key: is not a key for RS256"}, {"ES384", p256, "key: is not a key for ES384"}, {"ES256", p256Public, "key: is a public key; signing needs the private one"},
		{"ES256", "-----BEGIN", "key: cannot be read"}, {"HS256", p256, "key: is a key in PEM"}, {"ES256", "{}", "key: cannot be read"},
	} {
		_, err := Sign.Call(t.Context(), env(cardtest.Now), schema.Values{"algorithm": c.algorithm, "key": c.key})
		if e := cards.ErrorOf(err); e == nil || e.Code != cards.CodeInvalidInput || !strings.HasPrefix(e.Message, c.want) {
			t.Errorf("Sign with %s = %v, want %s", c.algorithm, err, c.want)
		}
	}
}

// Whoever takes the published key of a service for a secret would accept what anybody signs.
func TestPublishedKeysAreNoSecrets(t *testing.T) {
	one := jose.JSONWebKey{Key: &must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader)).PublicKey, KeyID: "one"}
	for _, key := range []any{one, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{one}}} {
		published := string(must(json.Marshal(key)))
		signer := must(jose.NewSigner(jose.SigningKey{Algorithm: jose.HS256, Key: []byte(published)}, nil))
		forged := must(must(signer.Sign([]byte(`{"sub":"admin","exp":9999999999}`))).CompactSerialize())
		refused(t, "a token signed with a published key", schema.Values{"token": forged, "algorithm": "HS256", "key": published}, cards.CodeInvalidInput)
	}
}

func TestKeysAndTokensAreNotKept(t *testing.T) {
	in := Verify.Inputs.Redact(schema.Values{"token": exampleToken, "key": "hunter2"})
	if in["token"] != schema.Redacted || in["key"] != schema.Redacted {
		t.Errorf("history keeps %v", in)
	}
	if in := Sign.Inputs.Redact(schema.Values{"key": "hunter2"}); in["key"] != schema.Redacted {
		t.Errorf("history keeps %v", in)
	}
}

func FuzzDecode(f *testing.F) {
	for _, s := range []string{exampleToken, "..", "a.b.c", "e30.e30.", "e30.W10.x"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, token string) {
		_, err := Decode.Call(t.Context(), cards.Env{}, schema.Values{"token": token})
		if e := cards.ErrorOf(err); e != nil && e.Code != cards.CodeInvalidInput {
			t.Errorf("Decode(%q) = %v", token, err)
		}
	})
}
