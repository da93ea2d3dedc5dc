package oauth

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"errors"
	"fmt"
	"slices"

	"github.com/go-jose/go-jose/v4"
)

// Algorithms lists what signatures are believed. There is none in it that a public
// key could forge, and no "none".
func Algorithms() []string {
	list := make([]string, len(algorithms))
	for i, a := range algorithms {
		list[i] = string(a)
	}
	return list
}

var algorithms = []jose.SignatureAlgorithm{jose.ES256, jose.ES384, jose.ES512, jose.RS256, jose.RS384, jose.RS512, jose.PS256, jose.EdDSA}

// Bounds of RSA keys, in bits. Very long ones would cost more than they prove.
const (
	leastRSA = 2048
	mostRSA  = 8192
)

// algorithmsOf lists what a public key can check, the usual one first, and says in
// words what the key is.
func algorithmsOf(public any) (fits []jose.SignatureAlgorithm, kind string, err error) {
	switch key := public.(type) {
	case *rsa.PublicKey:
		bits := key.N.BitLen()
		switch {
		case bits < leastRSA:
			return nil, "", fmt.Errorf("has %d bits only: an RSA key needs at least %d", bits, leastRSA)
		case bits > mostRSA:
			return nil, "", fmt.Errorf("has %d bits: an RSA key may have at most %d", bits, mostRSA)
		case key.E < 3 || key.E&1 == 0:
			return nil, "", errors.New("is not a sound RSA key")
		}
		return []jose.SignatureAlgorithm{jose.RS256, jose.RS384, jose.RS512, jose.PS256}, fmt.Sprintf("RSA %d", bits), nil
	case *ecdsa.PublicKey:
		switch key.Curve.Params().BitSize {
		case 256:
			return []jose.SignatureAlgorithm{jose.ES256}, "EC P-256", nil
		case 384:
			return []jose.SignatureAlgorithm{jose.ES384}, "EC P-384", nil
		case 521:
			return []jose.SignatureAlgorithm{jose.ES512}, "EC P-521", nil
		}
	case ed25519.PublicKey:
		return []jose.SignatureAlgorithm{jose.EdDSA}, "Ed25519", nil
	}
	return nil, "", errors.New("is of a kind that is not taken: RSA, P-256, P-384, P-521 and Ed25519 are")
}

// publicKey is a key that is ready to check signatures.
type publicKey struct {
	id   string
	key  any
	fits []jose.SignatureAlgorithm
}

func (k publicKey) checks(alg string) bool {
	return slices.Contains(k.fits, jose.SignatureAlgorithm(alg))
}

// ready makes a key of a JWK that was read; wrong is what is the matter with it.
func ready(jwk jose.JSONWebKey) (publicKey, string, error) {
	if !jwk.Valid() {
		return publicKey{}, "", errors.New("is not a sound key")
	}
	if jwk.Use != "" && jwk.Use != "sig" {
		return publicKey{}, "", errors.New("is for encryption (\"use\": \"" + jwk.Use + "\"), not for signatures")
	}
	fits, kind, err := algorithmsOf(jwk.Key)
	if err != nil {
		return publicKey{}, "", err
	}
	if jwk.Algorithm != "" {
		if !slices.Contains(fits, jose.SignatureAlgorithm(jwk.Algorithm)) {
			return publicKey{}, "", fmt.Errorf("names the algorithm %q, which it cannot be used with", jwk.Algorithm)
		}
		fits = []jose.SignatureAlgorithm{jose.SignatureAlgorithm(jwk.Algorithm)}
	}
	return publicKey{jwk.KeyID, jwk.Key, fits}, kind, nil
}
