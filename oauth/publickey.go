package oauth

import (
	"crypto"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"slices"
	"strings"

	"github.com/go-jose/go-jose/v4"
)

var errPrivate = errors.New("holds a private key. Keep that to yourself, and paste the public key that belongs to it")

// ReadKey reads the public key that a person pasted: a JWK, a set that holds one, PEM
// (PKIX, PKCS #1), or a certificate. The error says what is wrong and what to do.
func ReadKey(text string) (Key, error) {
	text = strings.TrimSpace(text)
	var jwk jose.JSONWebKey
	var err error
	switch {
	case text == "":
		return Key{}, errors.New("is required: paste a public key as JWK or PEM")
	case len(text) > 32<<10:
		return Key{}, errors.New("is too long to be a key")
	case strings.HasPrefix(text, "{"):
		jwk, err = readJWK([]byte(text))
	default:
		jwk, err = readPEM([]byte(text))
	}
	if err != nil {
		return Key{}, err
	}
	return keyOf(jwk)
}

func keyOf(jwk jose.JSONWebKey) (Key, error) {
	_, kind, err := ready(jwk)
	if err != nil {
		return Key{}, err
	}
	if jwk.KeyID == "" {
		sum, err := jwk.Thumbprint(crypto.SHA256)
		if err != nil {
			return Key{}, err
		}
		jwk.KeyID = base64.RawURLEncoding.EncodeToString(sum)
	}
	if len(jwk.KeyID) > 200 || strings.ContainsFunc(jwk.KeyID, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		return Key{}, errors.New("has a key id (kid) that is too long or not plain text")
	}
	bare := jose.JSONWebKey{Key: jwk.Key, KeyID: jwk.KeyID, Algorithm: jwk.Algorithm, Use: "sig"}
	plain, err := bare.MarshalJSON()
	return Key{ID: jwk.KeyID, Algorithm: jwk.Algorithm, Kind: kind, JWK: string(plain), Active: true}, err
}

func readJWK(text []byte) (jwk jose.JSONWebKey, err error) {
	var set struct {
		Keys []json.RawMessage `json:"keys"`
	}
	if json.Unmarshal(text, &set) == nil && len(set.Keys) > 0 {
		if len(set.Keys) > 1 {
			return jwk, errors.New("holds several keys: paste them one by one, or give the address of the set")
		}
		text = set.Keys[0]
	}
	var members map[string]json.RawMessage
	if json.Unmarshal(text, &members) != nil {
		return jwk, errors.New("is not JSON: paste the whole JWK, from { to }")
	}
	if string(members["kty"]) == `"oct"` {
		return jwk, errors.New("is a shared secret, not a public key")
	}
	if _, private := members["d"]; private {
		return jwk, errPrivate
	}
	if err := jwk.UnmarshalJSON(text); err != nil {
		return jwk, errors.New("is not a JWK that can be read: a member is missing or damaged")
	}
	return jwk, nil
}

func readPEM(text []byte) (jwk jose.JSONWebKey, err error) {
	for rest := text; ; {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			return jwk, errors.New("is neither a JWK nor PEM: paste all of it, from -----BEGIN PUBLIC KEY----- on")
		}
		switch {
		case strings.Contains(block.Type, "PRIVATE"):
			return jwk, errPrivate
		case block.Type == "PUBLIC KEY":
			jwk.Key, err = x509.ParsePKIXPublicKey(block.Bytes)
		case block.Type == "RSA PUBLIC KEY":
			jwk.Key, err = x509.ParsePKCS1PublicKey(block.Bytes)
		case block.Type == "CERTIFICATE":
			var c *x509.Certificate
			if c, err = x509.ParseCertificate(block.Bytes); err == nil {
				jwk.Key = c.PublicKey
			}
		default:
			continue
		}
		if err != nil {
			return jwk, errors.New("cannot be read: it is damaged, or not all of it was pasted")
		}
		return jwk, nil
	}
}

// Client is an app whose keys are ready for use.
type Client struct {
	App
	keys []publicKey
}

// NewClient reads the active keys of an app, once. One that cannot be read any more
// is left out: it opens nothing.
func NewClient(a App) *Client {
	c := &Client{App: a}
	for _, k := range a.Keys {
		var jwk jose.JSONWebKey
		if !k.Active || jwk.UnmarshalJSON([]byte(k.JWK)) != nil {
			continue
		}
		if ready, _, err := ready(jwk); err == nil {
			c.keys = append(c.keys, ready)
		}
	}
	return c
}

// FetchedKey stands before the id of a key that was found at the address of a client's
// keys and not among those that are kept here.
const FetchedKey = "jwks "

// StillHas reports whether the client still has what it got a token with. A secret that
// was replaced in time ends no token; one that was ended by hand does, and a key that was
// deactivated or deleted.
func (c *Client) StillHas(t Token) bool {
	if t.Key == "" {
		return true
	}
	if c.Auth != AuthKey {
		return slices.ContainsFunc(c.Secrets, func(x Secret) bool { return x.Hash == t.Key })
	}
	if strings.HasPrefix(t.Key, FetchedKey) {
		return c.JWKSURL != ""
	}
	for _, k := range c.keys {
		if k.id == t.Key {
			return true
		}
	}
	return false
}
