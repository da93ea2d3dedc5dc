package connectors

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"flowdeck/cards/trace"
)

func rsaKey(t *testing.T, bits int) *rsa.PrivateKey {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, bits)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func ecKey(t *testing.T, curve elliptic.Curve) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(curve, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func asPEM(kind string, der []byte, err error) string {
	if err != nil {
		panic(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}

func pkcs8(key crypto.Signer) string {
	der, err := x509.MarshalPKCS8PrivateKey(key)
	return asPEM("PRIVATE KEY", der, err)
}

func sec1(key *ecdsa.PrivateKey) string {
	der, err := x509.MarshalECPrivateKey(key)
	return asPEM("EC PRIVATE KEY", der, err)
}

func asJWK(t *testing.T, key any, id, alg string) string {
	t.Helper()
	text, err := jose.JSONWebKey{Key: key, KeyID: id, Algorithm: alg}.MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func selfSigned(t *testing.T, key crypto.Signer) string {
	t.Helper()
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "flowdeck"}, NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	return asPEM("CERTIFICATE", der, err)
}

// assertions verifies client assertions as a token endpoint does, by a clock of its own.
type assertions struct {
	key      crypto.PublicKey
	alg      jose.SignatureAlgorithm
	audience string
	ahead    time.Duration
	seen     map[string]bool
	header   jose.Header
}

func (a *assertions) verify(text string) error {
	token, err := jwt.ParseSigned(text, []jose.SignatureAlgorithm{a.alg})
	if err != nil {
		return err
	}
	a.header = token.Headers[0]
	var claims jwt.Claims
	if err := token.Claims(a.key, &claims); err != nil {
		return err
	}
	now := time.Now().Add(a.ahead)
	if err := claims.ValidateWithLeeway(jwt.Expected{Issuer: "client", Subject: "client", AnyAudience: jwt.Audience{a.audience}, Time: now}, 0); err != nil {
		return err
	}
	switch life := claims.Expiry.Time().Sub(claims.IssuedAt.Time()); {
	case claims.ID == "" || a.seen[claims.ID]:
		return fmt.Errorf("jti %q is missing or was used", claims.ID)
	case life > 5*time.Minute:
		return fmt.Errorf("it lives for %v", life)
	}
	a.seen[claims.ID] = true
	return nil
}

func TestAssertionsAreVerifiedByAnotherProgram(t *testing.T) {
	rsa2048, p256, p384, p521 := rsaKey(t, 2048), ecKey(t, elliptic.P256()), ecKey(t, elliptic.P384()), ecKey(t, elliptic.P521())
	_, edwards, _ := ed25519.GenerateKey(rand.Reader)
	for _, x := range []struct {
		name, key string
		public    crypto.PublicKey
		alg, want string
	}{
		{"RSA in PKCS 8", pkcs8(rsa2048), rsa2048.Public(), "", "RS256"},
		{"RSA in PKCS 1", asPEM("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(rsa2048), nil), rsa2048.Public(), "auto", "RS256"},
		{"RSA with RS384", pkcs8(rsa2048), rsa2048.Public(), "RS384", "RS384"},
		{"RSA with RS512", pkcs8(rsa2048), rsa2048.Public(), "RS512", "RS512"},
		{"RSA with PS256", pkcs8(rsa2048), rsa2048.Public(), "PS256", "PS256"},
		{"RSA as a JWK that says PS256", asJWK(t, rsa2048, "k1", "PS256"), rsa2048.Public(), "", "PS256"},
		{"P-256 in SEC 1", sec1(p256), p256.Public(), "", "ES256"},
		{"P-256 with its parameters first", asPEM("EC PARAMETERS", []byte{6, 8, 42, 134, 72, 206, 61, 3, 1, 7}, nil) + sec1(p256), p256.Public(), "", "ES256"},
		{"P-384", pkcs8(p384), p384.Public(), "", "ES384"},
		{"P-521 as a JWK", asJWK(t, p521, "", ""), p521.Public(), "", "ES512"},
		{"Ed25519", pkcs8(edwards), edwards.Public(), "", "EdDSA"},
		{"Ed25519 as a set of one JWK", `{"keys":[` + asJWK(t, edwards, "", "") + `]}`, edwards.Public(), "", "EdDSA"},
		{"a PEM as it stands in a JSON file", strings.ReplaceAll(pkcs8(p256), "\n", `\n`), p256.Public(), "", "ES256"},
		{"a key with its certificate", pkcs8(rsa2048) + selfSigned(t, rsa2048), rsa2048.Public(), "", "RS256"},
	} {
		for _, ahead := range []time.Duration{-2 * time.Minute, 0, 2 * time.Minute} {
			for _, kind := range []string{"oauth_code", "client_credentials"} {
				b, s := newBench(t), newTokenServer(t)
				check := &assertions{key: x.public, alg: jose.SignatureAlgorithm(x.want), audience: s.URL + "/token", ahead: ahead, seen: map[string]bool{}}
				s.answer = func(w http.ResponseWriter, r *http.Request) {
					if err := check.verify(r.PostForm.Get("client_assertion")); err != nil || r.PostForm.Get("client_id") != "client" || r.PostForm.Has("client_secret") ||
						r.PostForm.Get("client_assertion_type") != "urn:ietf:params:oauth:client-assertion-type:jwt-bearer" {
						w.WriteHeader(http.StatusUnauthorized)
						fmt.Fprintf(w, `{"error":"invalid_client","error_description":"%v"}`, err)
						return
					}
					s.access = fmt.Sprintf("access-%d", len(check.seen))
					fmt.Fprintf(w, `{"access_token":%q,"token_type":"Bearer","refresh_token":"r"}`, s.access)
				}
				settings := s.oauth(map[string]any{"client_auth": "private_key_jwt", "private_key": x.key, "signing_algorithm": x.alg})
				if x.alg == "" {
					delete(settings, "signing_algorithm")
				}
				if kind == "client_credentials" {
					delete(settings, "authorize_url")
				}
				id := b.add(kind, settings, Token{Refresh: "r"}, strings.TrimPrefix(s.URL, "http://"))
				for range 2 { // the second token needs an assertion of its own
					if _, body, err := b.get(id, s.URL+"/api"); err != nil || body != "hello" {
						t.Fatalf("%s, %s, a server %v ahead: got %q, %v", x.name, kind, ahead, body, err)
					}
					s.access = "revoked"
				}
			}
		}
	}
}

func TestAssertionsNameTheirKeyAndWhomTheyAreFor(t *testing.T) {
	key := rsaKey(t, 2048)
	for _, x := range []struct {
		change map[string]any
		kid    string
		extra  string
	}{
		{map[string]any{"private_key": pkcs8(key)}, "", ""},
		{map[string]any{"private_key": pkcs8(key), "key_id": "mine"}, "mine", ""},
		{map[string]any{"private_key": asJWK(t, key, "its own", "")}, "its own", ""},
		{map[string]any{"private_key": asJWK(t, key, "its own", ""), "key_id": "mine"}, "mine", ""},
		{map[string]any{"private_key": pkcs8(key) + selfSigned(t, key)}, "", "x5t#S256"},
		{map[string]any{"private_key": pkcs8(key), "issuer": "https://login.acme.io", "assertion_audience": "issuer"}, "", ""},
	} {
		s := newTokenServer(t)
		settings := s.oauth(x.change)
		settings["client_auth"] = "private_key_jwt"
		auth, err := OAuthCode.Auth(settings)
		if err != nil {
			t.Fatal(err)
		}
		check := &assertions{key: key.Public(), alg: jose.RS256, audience: s.URL + "/token", seen: map[string]bool{}}
		if settings["assertion_audience"] == "issuer" {
			check.audience = "https://login.acme.io"
		}
		s.answer = func(w http.ResponseWriter, r *http.Request) {
			if err := check.verify(r.PostForm.Get("client_assertion")); err != nil {
				t.Errorf("%v: %v", x.change, err)
			}
			fmt.Fprint(w, `{"access_token":"a"}`)
		}
		if _, err := auth.(Interactive).Exchange(t.Context(), s.Client(), "https://flowdeck/cb", "code", "verifier"); err != nil {
			t.Fatal(err)
		}
		if _, named := check.header.ExtraHeaders[jose.HeaderKey(x.extra)]; check.header.KeyID != x.kid || named != (x.extra != "") {
			t.Errorf("kid %q and %v, want %q and %q", check.header.KeyID, check.header.ExtraHeaders, x.kid, x.extra)
		}
	}
}

func TestAssertionsAreNotShown(t *testing.T) {
	b, s := newBench(t), newTokenServer(t)
	var sent string
	s.answer = func(w http.ResponseWriter, r *http.Request) {
		sent = r.PostForm.Get("client_assertion")
		w.WriteHeader(http.StatusUnauthorized)
		fmt.Fprintf(w, "who sent %s?", sent)
	}
	id := b.add("client_credentials", map[string]any{"token_url": s.URL + "/token", "client_id": "c", "client_auth": "private_key_jwt", "private_key": pkcs8(ecKey(t, elliptic.P256()))}, Token{}, "127.0.0.1:1")
	record := &trace.Trace{}
	_, _, err := b.getIn(trace.With(t.Context(), record), id, "http://127.0.0.1:1/")
	if err == nil || sent == "" {
		t.Fatalf("got %v after %q", err, sent)
	}
	if text := fmt.Sprintf("%v %+v", err, record); strings.Contains(text, sent) || !strings.Contains(text, "client_assertion="+Mask) {
		t.Errorf("the assertion is in %s", text)
	}
}

func TestKeysThatCannotSignSayWhy(t *testing.T) {
	big, small, p224 := rsaKey(t, 2048), rsaKey(t, 1024), ecKey(t, elliptic.P224())
	public, err := x509.MarshalPKIXPublicKey(big.Public())
	der, _ := x509.MarshalPKCS8PrivateKey(big)
	for _, x := range []struct{ name, key, words string }{
		{"nothing", "key", "holds no private key"},
		{"a public key", asPEM("PUBLIC KEY", public, err), "is a public key"},
		{"a public JWK", asJWK(t, big.Public(), "", ""), "is a public key"},
		{"a symmetric JWK", `{"kty":"oct","k":"AAAA"}`, "symmetric"},
		{"a broken JWK", `{"kty":"RSA"}`, "is not a JWK"},
		{"two JWKs", `{"keys":[{},{}]}`, "several keys"},
		{"a passphrase", asPEM("ENCRYPTED PRIVATE KEY", []byte{1}, nil), "passphrase"},
		{"a passphrase of old", "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nAAAA\n-----END RSA PRIVATE KEY-----\n", "passphrase"},
		{"an SSH key", asPEM("OPENSSH PRIVATE KEY", []byte{1}, nil), "SSH"},
		{"half a key", asPEM("PRIVATE KEY", der[:100], nil), "damaged"},
		{"too few bits", pkcs8(small), "1024 bits"},
		{"an unusual curve", pkcs8(p224), "cannot sign here"},
		{"another's certificate", pkcs8(big) + selfSigned(t, rsaKey(t, 2048)), "do not belong together"},
	} {
		if _, err := readClientKey(x.key); err == nil || !strings.Contains(err.Error(), x.words) {
			t.Errorf("%s: %v, want %q", x.name, err, x.words)
		}
	}
	c := clientAuth{ClientAuth: "private_key_jwt", PrivateKey: pkcs8(big), SigningAlgorithm: "ES256"}
	if p := c.check(""); len(p) != 1 || p[0].Field != "signing_algorithm" || !strings.Contains(p[0].Message, "RS256, RS384") {
		t.Errorf("an algorithm that does not fit: %v", p)
	}
	var misfit *algorithmError
	if _, err := c.assertion("a", time.Now()); !errors.As(err, &misfit) {
		t.Errorf("assertion: %v", err)
	}
}
