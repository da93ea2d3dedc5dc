// Package keys reads the keys that people paste into cards: PEM, a JWK or a set of JWKs.
//
// It reads and judges nothing: what a key may be used for is said by the cards. Its
// errors never show a key.
package keys

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"encoding/json"
	"errors"

	"github.com/go-jose/go-jose/v4"
)

// The reasons why a text is no key for what is wanted. They go on after the field's name.
var (
	ErrUnreadable = errors.New("cannot be read: paste all of a key in PEM, from -----BEGIN to the end, or a JWK")
	ErrLocked     = errors.New("is encrypted with a passphrase of its own; take that off first, such as with: openssl pkey -in key.pem")
	ErrPublic     = errors.New("is a public key; signing needs the private one")
	ErrSmall      = errors.New("is an RSA key of fewer than 2048 bits, which is not safe any more (RFC 7518 section 3.3)")
)

// SmallestRSA is how many bits an RSA key must have.
const SmallestRSA = 2048

// Key is a key as crypto/x509 gives it, or []byte for a secret, with the id that a JWK may have.
type Key struct {
	Key any
	ID  string
}

// Parse reads one key, private or public or secret.
func Parse(text string) (Key, error) {
	var k jose.JSONWebKey
	if json.Unmarshal([]byte(text), &k) == nil && k.Key != nil && k.Valid() {
		return Key{k.Key, k.KeyID}, nil
	}
	key, err := fromPEM(text)
	return Key{Key: key}, err
}

// Private reads the key of somebody who signs.
func Private(text string) (Key, error) {
	k, err := Parse(text)
	if err != nil {
		return Key{}, err
	}
	switch k.Key.(type) {
	case *rsa.PrivateKey, *ecdsa.PrivateKey, ed25519.PrivateKey:
		return k, nil
	case []byte:
		return Key{}, ErrUnreadable
	}
	return Key{}, ErrPublic
}

// Publics reads the key of somebody who verifies, or a set of them, of which those are passed
// over that cannot be read here. The private half of a key is dropped.
func Publics(text string) (list []Key, set bool, err error) {
	var many struct {
		Keys []json.RawMessage `json:"keys"`
	}
	_ = json.Unmarshal([]byte(text), &many) // what is no set has none
	for _, one := range many.Keys {
		var k jose.JSONWebKey
		if json.Unmarshal(one, &k) != nil {
			continue
		}
		set = true
		if public := Public(k.Key); public != nil {
			list = append(list, Key{public, k.KeyID})
		}
	}
	if set {
		return list, true, nil
	}
	k, err := Parse(text)
	if err != nil {
		return nil, false, err
	}
	if k.Key = Public(k.Key); k.Key == nil {
		return nil, false, ErrUnreadable
	}
	return []Key{k}, false, nil
}

// Public returns the public half of a key; nil of what is no key to verify with.
func Public(key any) any {
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
