package jwt

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"strings"

	"github.com/go-jose/go-jose/v4"
)

// keyInput is a key and the one algorithm that it is for. A token never chooses its
// algorithm itself (RFC 8725 section 3.1).
type keyInput struct {
	Algorithm string `json:"algorithm" default:"RS256" options:"HS256=HS256: HMAC with SHA-256|HS384=HS384: HMAC with SHA-384|HS512=HS512: HMAC with SHA-512|RS256=RS256: RSA with SHA-256|RS384=RS384: RSA with SHA-384|RS512=RS512: RSA with SHA-512|PS256=PS256: RSA-PSS with SHA-256|PS384=PS384: RSA-PSS with SHA-384|PS512=PS512: RSA-PSS with SHA-512|ES256=ES256: P-256 with SHA-256|ES384=ES384: P-384 with SHA-384|ES512=ES512: P-521 with SHA-512|EdDSA=EdDSA: Ed25519" form:"fixed" help:"The only algorithm that is used, whatever a token says."`
	Key       string `json:"key" form:"required,secret" format:"multiline" help:"For HS: the secret. For all others: a key in PEM, a JWK, or a set of JWKs to verify with."`
	KeyFormat string `json:"key_format" label:"Secret is written as" default:"text" options:"text=Text|base64=Base64" form:"advanced,fixed" help:"For HS only: what makes bytes of the secret."`
}

func (in keyInput) symmetric() bool { return strings.HasPrefix(in.Algorithm, "HS") }

var (
	errKey    = errors.New("cannot be read: paste all of a key in PEM, from -----BEGIN to the end, or a JWK")
	errSecret = errors.New("is a key in PEM; HS256 and the like need a secret that both sides know")
)

// secret returns the bytes of the secret for HS.
func (in keyInput) secret() ([]byte, error) {
	if strings.Contains(in.Key, "-----BEGIN") {
		return nil, errSecret // a public key as secret would let anybody sign
	}
	if key, err := jwk(in.Key); err == nil {
		if data, ok := key.Key.([]byte); ok {
			return data, nil
		}
	}
	if in.KeyFormat != "base64" {
		return []byte(in.Key), nil
	}
	packed := strings.NewReplacer("-", "+", "_", "/", "\n", "", " ", "").Replace(in.Key)
	data, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(packed, "="))
	if err != nil || len(data) == 0 {
		return nil, errors.New("is not Base64, as Secret is written as says")
	}
	return data, nil
}

func jwk(text string) (*jose.JSONWebKey, error) {
	var key jose.JSONWebKey
	if err := json.Unmarshal([]byte(text), &key); err != nil || key.Key == nil || !key.Valid() {
		return nil, errKey
	}
	return &key, nil
}

// private returns the key to sign with, and its id when it has one.
func (in keyInput) private() (key any, id string, err error) {
	if in.symmetric() {
		key, err = in.secret()
		return key, "", err
	}
	if k, err := jwk(in.Key); err == nil {
		key, id = k.Key, k.KeyID
	} else if key = fromPEM(in.Key); key == nil {
		return nil, "", errKey
	}
	switch key.(type) {
	case *rsa.PrivateKey, *ecdsa.PrivateKey, ed25519.PrivateKey:
		return key, id, in.fits(public(key))
	}
	return nil, "", errors.New("is a public key; signing needs the private one")
}

// publics returns the keys that a token with this key id may be verified with.
func (in keyInput) publics(id string) ([]any, error) {
	if in.symmetric() {
		key, err := in.secret()
		return []any{key}, err
	}
	var set jose.JSONWebKeySet
	if json.Unmarshal([]byte(in.Key), &set) == nil && len(set.Keys) > 0 {
		var keys []any
		for _, k := range set.Keys {
			if key := public(k.Key); key != nil && (id == "" || k.KeyID == "" || k.KeyID == id) && in.fits(key) == nil {
				keys = append(keys, key)
			}
		}
		if len(keys) == 0 {
			return nil, errors.New("has no key of this id for " + in.Algorithm + " among its JWKs")
		}
		return keys, nil
	}
	var key any
	if k, err := jwk(in.Key); err == nil {
		key = public(k.Key)
	} else {
		key = public(fromPEM(in.Key))
	}
	if key == nil {
		return nil, errKey
	}
	return []any{key}, in.fits(key)
}

// fromPEM reads the first key of PEM text: PKCS #8, PKCS #1, SEC 1, PKIX or a certificate; nil when there is none.
func fromPEM(text string) any {
	if !strings.Contains(text, "\n") {
		text = strings.ReplaceAll(text, `\n`, "\n") // as it stands in JSON files of services
	}
	for rest := []byte(text); ; {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			return nil
		}
		for _, read := range readers {
			if key, err := read(block.Bytes); err == nil {
				return key
			}
		}
	}
}

var readers = []func([]byte) (any, error){
	x509.ParsePKCS8PrivateKey,
	func(b []byte) (any, error) { return x509.ParsePKCS1PrivateKey(b) },
	func(b []byte) (any, error) { return x509.ParseECPrivateKey(b) },
	x509.ParsePKIXPublicKey,
	func(b []byte) (any, error) { return x509.ParsePKCS1PublicKey(b) },
	func(b []byte) (any, error) {
		c, err := x509.ParseCertificate(b)
		if err != nil {
			return nil, err
		}
		return c.PublicKey, nil
	},
}

// public returns the public half of a key; nil of what is no key to verify with.
func public(key any) any {
	switch k := key.(type) {
	case *rsa.PrivateKey:
		return &k.PublicKey
	case *ecdsa.PrivateKey:
		return &k.PublicKey
	case ed25519.PrivateKey:
		return k.Public()
	case *rsa.PublicKey, *ecdsa.PublicKey, ed25519.PublicKey:
		return k
	}
	return nil
}

// fits reports why a public key is not for the algorithm.
func (in keyInput) fits(key any) error {
	var ok bool
	switch k := key.(type) {
	case *rsa.PublicKey:
		if ok = in.Algorithm[1:2] == "S" && strings.Contains("RP", in.Algorithm[:1]); ok && k.N.BitLen() < 2048 {
			return errors.New("is an RSA key of fewer than 2048 bits, which is not safe any more (RFC 7518 section 3.3)")
		}
	case *ecdsa.PublicKey:
		ok = map[string]elliptic.Curve{"ES256": elliptic.P256(), "ES384": elliptic.P384(), "ES512": elliptic.P521()}[in.Algorithm] == k.Curve
	case ed25519.PublicKey:
		ok = in.Algorithm == "EdDSA"
	}
	if !ok {
		return errors.New("is not a key for " + in.Algorithm)
	}
	return nil
}
