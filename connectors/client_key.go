package connectors

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"strings"

	"github.com/go-jose/go-jose/v4"
)

// clientKey is the private key that a client signs with.
type clientKey struct {
	private     crypto.Signer
	id          string                  // from a JWK; "" when it has none
	alg         jose.SignatureAlgorithm // likewise
	certificate *x509.Certificate       // pasted beside it; nil when there is none
}

// readClientKey reads a key as people have it: PEM (PKCS #8, PKCS #1, SEC 1), with
// a certificate or not, or a JWK. The error says what to do.
func readClientKey(text string) (clientKey, error) {
	text = strings.TrimSpace(text)
	if strings.HasPrefix(text, "{") {
		return readJWK([]byte(text))
	}
	if !strings.Contains(text, "\n") {
		text = strings.ReplaceAll(text, `\n`, "\n") // as it stands in JSON files of services
	}
	var key clientKey
	for rest := []byte(text); ; {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			break
		}
		if err := key.take(block); err != nil {
			return key, err
		}
	}
	if key.private == nil {
		return key, errors.New("holds no private key: paste all of it, from -----BEGIN PRIVATE KEY----- on, or a JWK")
	}
	return key, key.check()
}

func (k *clientKey) take(block *pem.Block) error {
	var parsed any
	var err error
	switch block.Type {
	case "PRIVATE KEY":
		parsed, err = x509.ParsePKCS8PrivateKey(block.Bytes)
	case "RSA PRIVATE KEY":
		if block.Headers["DEK-Info"] != "" {
			return errProtected
		}
		parsed, err = x509.ParsePKCS1PrivateKey(block.Bytes)
	case "EC PRIVATE KEY":
		if block.Headers["DEK-Info"] != "" {
			return errProtected
		}
		parsed, err = x509.ParseECPrivateKey(block.Bytes)
	case "ENCRYPTED PRIVATE KEY":
		return errProtected
	case "OPENSSH PRIVATE KEY":
		return errors.New("is an SSH key: make one with “openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048”")
	case "PUBLIC KEY", "RSA PUBLIC KEY":
		return errPublic
	case "CERTIFICATE":
		if k.certificate == nil { // those of the authorities come after it
			k.certificate, err = x509.ParseCertificate(block.Bytes)
		}
	}
	if err != nil {
		return errors.New("cannot be read: it is damaged, or not all of it was pasted")
	}
	if signer, ok := parsed.(crypto.Signer); ok {
		k.private = signer
	}
	return nil
}

var (
	errProtected = errors.New("is protected by a passphrase: take that off first, with “openssl pkey -in key.pem”")
	errPublic    = errors.New("is a public key: paste the private one that belongs to it")
)

func readJWK(text []byte) (clientKey, error) {
	var set struct {
		Keys []json.RawMessage `json:"keys"`
	}
	if json.Unmarshal(text, &set) == nil && len(set.Keys) > 0 {
		if len(set.Keys) > 1 {
			return clientKey{}, errors.New("holds several keys: paste the one to sign with")
		}
		text = set.Keys[0]
	}
	var jwk jose.JSONWebKey
	if err := jwk.UnmarshalJSON(text); err != nil {
		return clientKey{}, errors.New("is not a JWK that can be read")
	}
	if jwk.IsPublic() {
		return clientKey{}, errPublic
	}
	signer, ok := jwk.Key.(crypto.Signer)
	if !ok {
		return clientKey{}, errors.New("is not a private key: a symmetric key cannot sign here")
	}
	key := clientKey{private: signer, id: jwk.KeyID, alg: jose.SignatureAlgorithm(jwk.Algorithm)}
	return key, key.check()
}

// check sees that the key can be used at all.
func (k clientKey) check() error {
	if r, ok := k.private.(*rsa.PrivateKey); ok && r.N.BitLen() < 2048 {
		return fmt.Errorf("has %d bits only: no service should take less than 2048", r.N.BitLen())
	}
	if _, err := k.algorithm("auto"); err != nil {
		return err
	}
	if k.certificate != nil {
		public, ok := k.private.Public().(interface{ Equal(crypto.PublicKey) bool })
		if !ok || !public.Equal(k.certificate.PublicKey) {
			return errors.New("and the certificate do not belong together")
		}
	}
	return nil
}

// algorithmError is an algorithm that a key cannot sign with.
type algorithmError struct{ fits []jose.SignatureAlgorithm }

func (e *algorithmError) Error() string {
	names := make([]string, len(e.fits))
	for i, a := range e.fits {
		names[i] = string(a)
	}
	return "does not fit the private key, which signs with " + strings.Join(names, ", ")
}

// algorithm is what the key signs with. chosen is "auto" or "", or a name from RFC 7518.
func (k clientKey) algorithm(chosen string) (jose.SignatureAlgorithm, error) {
	fits := algorithmsOf(k.private)
	if len(fits) == 0 {
		return "", errors.New("is of a kind that cannot sign here: RSA, P-256, P-384, P-521 and Ed25519 can")
	}
	if chosen == "" || chosen == "auto" {
		if k.alg == "" {
			return fits[0], nil
		}
		chosen = string(k.alg)
	}
	for _, a := range fits {
		if string(a) == chosen {
			return a, nil
		}
	}
	return "", &algorithmError{fits}
}

// algorithmsOf lists what a key can sign with, the usual one first.
func algorithmsOf(private crypto.Signer) []jose.SignatureAlgorithm {
	switch key := private.(type) {
	case *rsa.PrivateKey:
		return []jose.SignatureAlgorithm{jose.RS256, jose.RS384, jose.RS512, jose.PS256}
	case *ecdsa.PrivateKey:
		switch key.Curve.Params().BitSize {
		case 256:
			return []jose.SignatureAlgorithm{jose.ES256}
		case 384:
			return []jose.SignatureAlgorithm{jose.ES384}
		case 521:
			return []jose.SignatureAlgorithm{jose.ES512}
		}
	case ed25519.PrivateKey:
		return []jose.SignatureAlgorithm{jose.EdDSA}
	}
	return nil
}
