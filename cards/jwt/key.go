package jwt

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"encoding/base64"
	"errors"
	"strings"

	"flowdeck/cards/keys"
)

// keyInput is a key and the one algorithm that it is for. A token never chooses its
// algorithm itself (RFC 8725 section 3.1).
type keyInput struct {
	Algorithm string `json:"algorithm" default:"RS256" options:"HS256=HS256: HMAC with SHA-256|HS384=HS384: HMAC with SHA-384|HS512=HS512: HMAC with SHA-512|RS256=RS256: RSA with SHA-256|RS384=RS384: RSA with SHA-384|RS512=RS512: RSA with SHA-512|PS256=PS256: RSA-PSS with SHA-256|PS384=PS384: RSA-PSS with SHA-384|PS512=PS512: RSA-PSS with SHA-512|ES256=ES256: P-256 with SHA-256|ES384=ES384: P-384 with SHA-384|ES512=ES512: P-521 with SHA-512|EdDSA=EdDSA: Ed25519" form:"fixed" help:"The only algorithm that is used, whatever a token says."`
	Key       string `json:"key" form:"required,secret" format:"multiline" help:"For HS: the secret. For all others: a key in PEM, a JWK, or a set of JWKs to verify with."`
	KeyFormat string `json:"key_format" label:"Secret is written as" default:"text" options:"text=Text|base64=Base64" form:"advanced,fixed" help:"For HS only: what makes bytes of the secret."`
}

func (in keyInput) symmetric() bool { return strings.HasPrefix(in.Algorithm, "HS") }

// Reasons why a text is no secret. A public key as secret would let anybody sign.
var (
	errSecret = errors.New("is a key in PEM; HS256 and the like need a secret that both sides know")
	errPair   = errors.New("is a JWK that is no secret; HS256 and the like need one that both sides know")
)

// secret returns the bytes of the secret for HS.
func (in keyInput) secret() ([]byte, error) {
	if strings.Contains(in.Key, "-----BEGIN") {
		return nil, errSecret
	}
	if pairs, _, err := keys.Publics(in.Key); err == nil && len(pairs) > 0 {
		return nil, errPair
	}
	if k, err := keys.Parse(in.Key); err == nil {
		if data, ok := k.Key.([]byte); ok {
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

// private returns the key to sign with, and its id when it has one.
func (in keyInput) private() (key any, id string, err error) {
	if in.symmetric() {
		key, err = in.secret()
		return key, "", err
	}
	k, err := keys.Private(in.Key)
	if err != nil {
		return nil, "", err
	}
	return k.Key, k.ID, in.fits(keys.Public(k.Key))
}

// publics returns the keys that a token with this key id may be verified with.
func (in keyInput) publics(id string) ([]any, error) {
	if in.symmetric() {
		key, err := in.secret()
		return []any{key}, err
	}
	list, set, err := keys.Publics(in.Key)
	if err != nil {
		return nil, err
	}
	if !set {
		return []any{list[0].Key}, in.fits(list[0].Key)
	}
	var fit []any
	for _, k := range list {
		if (id == "" || k.ID == "" || k.ID == id) && in.fits(k.Key) == nil {
			fit = append(fit, k.Key)
		}
	}
	if len(fit) == 0 {
		return nil, errors.New("has no key of this id for " + in.Algorithm + " among its JWKs")
	}
	return fit, nil
}

// fits reports why a public key is not for the algorithm.
func (in keyInput) fits(key any) error {
	var ok bool
	switch k := key.(type) {
	case *rsa.PublicKey:
		if ok = in.Algorithm[1:2] == "S" && strings.Contains("RP", in.Algorithm[:1]); ok && k.N.BitLen() < keys.SmallestRSA {
			return keys.ErrSmall
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
