package crypto

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"strings"
	"testing"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

// pemOf is a key in PEM, the private and the public half.
func pemOf(t *testing.T, key crypto.Signer) (private, public string) {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	out, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})), string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: out}))
}

func curveKey(t *testing.T, c elliptic.Curve) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(c, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func TestPublishedSignatures(t *testing.T) {
	got := call(t, Sign, schema.Values{"data": rs256Data, "key": rs256Key, "digest": "base64url"})["signature"]
	if got != rs256 {
		t.Errorf("RFC 7515 A.2 is signed %v, want %s", got, rs256)
	}
	right := []schema.Values{
		{"data": rs256Data, "key": rs256Public, "signature": rs256},
		{"data": ps384Data, "key": ps384Public, "signature": ps384, "scheme": "rsa_pss", "hash": "sha384"},
	}
	for _, v := range rfc6979 {
		url := func(digits string) string { return base64.RawURLEncoding.EncodeToString(unhex(t, digits)) }
		key := fmt.Sprintf(`{"kty":"EC","crv":%q,"x":%q,"y":%q}`, v.curve, url(v.x), url(v.y))
		curve := map[string]elliptic.Curve{"P-256": elliptic.P256(), "P-384": elliptic.P384(), "P-521": elliptic.P521()}[v.curve]
		der, _ := derOf(unhex(t, v.r+v.s), curve)
		for _, signature := range []string{v.r + v.s, hex.EncodeToString(der), base64.StdEncoding.EncodeToString(der) + "\n", url(v.r + v.s)} {
			right = append(right, schema.Values{"data": "sample", "key": key, "signature": signature, "scheme": "ecdsa"})
		}
	}
	for _, in := range right {
		if call(t, Verify, in)["result"] != true {
			t.Errorf("%v is not right", in)
		}
		in["data"] = in["data"].(string) + "."
		if call(t, Verify, in)["result"] != false {
			t.Errorf("%v is right, of other data", in)
		}
	}
}

func TestEverySchemeSignsAndVerifies(t *testing.T) {
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	_, edKey, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	type signer struct {
		key  crypto.Signer
		more schema.Values
	}
	kinds := map[string][]signer{"rsa_pkcs1": {{rsaKey, nil}}, "rsa_pss": {{rsaKey, nil}}, "ed25519": {{edKey, nil}}}
	for _, c := range []elliptic.Curve{elliptic.P256(), elliptic.P384(), elliptic.P521()} {
		kinds["ecdsa"] = append(kinds["ecdsa"], signer{curveKey(t, c), nil}, signer{curveKey(t, c), schema.Values{"form": "raw"}})
	}
	schemes, _ := Sign.Inputs.Field("scheme")
	hashes, _ := Sign.Inputs.Field("hash")
	for _, scheme := range schemes.Options {
		for _, hash := range hashes.Options {
			for _, s := range kinds[scheme.Value] {
				private, public := pemOf(t, s.key)
				in := schema.Values{"data": "ping", "scheme": scheme.Value, "hash": hash.Value, "key": private}
				for k, v := range s.more {
					in[k] = v
				}
				signature := call(t, Sign, in)["signature"].(string)
				check := schema.Values{"data": "ping", "scheme": scheme.Value, "hash": hash.Value, "key": public, "signature": signature}
				if call(t, Verify, check)["result"] != true {
					t.Errorf("%s with %s %v: %s is not right", scheme.Value, hash.Value, s.more, signature)
				}
				data, _ := base64.StdEncoding.DecodeString(signature)
				data[len(data)-1] ^= 1
				check["signature"] = hex.EncodeToString(data)
				if call(t, Verify, check)["result"] != false {
					t.Errorf("%s with %s %v: a changed signature is right", scheme.Value, hash.Value, s.more)
				}
			}
		}
	}
	if len(kinds) != len(schemes.Options) {
		t.Errorf("%d schemes are offered, %d are tried", len(schemes.Options), len(kinds))
	}
}

func TestSignaturesThatAreNoneAreNotRight(t *testing.T) {
	_, public := pemOf(t, curveKey(t, elliptic.P256()))
	for _, signature := range []string{"?", "AA==", "0", strings.Repeat("00", 64), strings.Repeat("ff", 64), "3006020100020100"} {
		if call(t, Verify, schema.Values{"data": "ping", "scheme": "ecdsa", "key": public, "signature": signature})["result"] != false {
			t.Errorf("%q is right", signature)
		}
	}
}

func TestKeysThatAreNotForTheScheme(t *testing.T) {
	p224, _ := pemOf(t, curveKey(t, elliptic.P224()))
	p256, p256Public := pemOf(t, curveKey(t, elliptic.P256()))
	weak := `{"kty":"RSA","e":"AQAB","n":"` + base64.RawURLEncoding.EncodeToString([]byte(strings.Repeat("\xff", 128))) + `"}`
	locked := "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMAA=\n-----END ENCRYPTED PRIVATE KEY-----\n"
	for _, c := range []struct {
		card              cards.Card
		scheme, key, says string
	}{
		{Sign, "rsa_pss", p256, "key: is a key of an elliptic curve (ECDSA), which the algorithm is not for"},
		{Sign, "ecdsa", rs256Key, "key: is an RSA key, which the algorithm is not for"},
		{Sign, "ecdsa", p224, "key: is a key of the curve P-224"},
		{Sign, "ecdsa", p256Public, "key: is a public key; signing needs the private one"},
		{Sign, "ecdsa", locked, "key: is encrypted with a passphrase of its own"},
		{Sign, "ecdsa", p256[:100], "key: cannot be read"},
		{Sign, "ecdsa", `{"kty":"oct","k":"AAAA"}`, "key: cannot be read"},
		{Verify, "ed25519", p256Public, "key: is a key of an elliptic curve"},
		{Verify, "rsa_pkcs1", weak, "key: is an RSA key of fewer than 2048 bits"},
		{Verify, "rsa_pkcs1", `{"keys":[` + ed25519Public + `]}`, "key: has no key for this algorithm among its JWKs"},
	} {
		in := schema.Values{"data": "ping", "scheme": c.scheme, "key": c.key}
		if c.card.Name == Verify.Name {
			in["signature"] = "AAAA"
		}
		wantError(t, c.card, in, cards.CodeInvalidInput, c.says)
	}
	if in := (schema.Values{"data": rs256Data, "signature": rs256, "key": `{"keys":[` + ed25519Public + "," + ps384Public + "," + rs256Public + `]}`}); call(t, Verify, in)["result"] != true {
		t.Error("the key that fits is not found in a set")
	}
}
