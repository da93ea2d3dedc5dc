package connectors

import (
	"crypto/rand"
	"crypto/sha1" //nolint:gosec // a name for a certificate that older servers look up, not a proof
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

// Times of an assertion allow for two clocks that differ by up to two minutes:
// it looks issued in the past to a server behind us, and unexpired to one ahead.
const (
	clockSkew     = 2 * time.Minute
	assertionLife = 3 * time.Minute
)

// assertion is a statement, good for one request, that it is us who ask (RFC 7523
// section 2.2, OpenID Connect Core section 9).
func (c clientAuth) assertion(audience string, now time.Time) (string, error) {
	key, err := readClientKey(c.PrivateKey)
	if err != nil {
		return "", fmt.Errorf("private key: %w", err)
	}
	alg, err := key.algorithm(c.SigningAlgorithm)
	if err != nil {
		return "", fmt.Errorf("private key: %w", err)
	}
	id := c.KeyID
	if id == "" {
		id = key.id
	}
	options := (&jose.SignerOptions{}).WithType("JWT")
	if id != "" {
		options.WithHeader(jose.HeaderKey("kid"), id)
	}
	if key.certificate != nil {
		short, long := sha1.Sum(key.certificate.Raw), sha256.Sum256(key.certificate.Raw) //nolint:gosec // as above
		options.WithHeader("x5t", base64.RawURLEncoding.EncodeToString(short[:]))
		options.WithHeader("x5t#S256", base64.RawURLEncoding.EncodeToString(long[:]))
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: alg, Key: key.private}, options)
	if err != nil {
		return "", fmt.Errorf("private key: %w", err)
	}
	return jwt.Signed(signer).Claims(statement{Issuer: c.ClientID, Subject: c.ClientID, Audience: audience, ID: rand.Text(),
		IssuedAt: now.Add(-clockSkew).Unix(), Expiry: now.Add(assertionLife).Unix()}).Serialize()
}

// statement is what an assertion says. Its audience is text: not every server takes a list.
type statement struct {
	Issuer   string `json:"iss"`
	Subject  string `json:"sub"`
	Audience string `json:"aud"`
	ID       string `json:"jti"`
	IssuedAt int64  `json:"iat"`
	Expiry   int64  `json:"exp"`
}
