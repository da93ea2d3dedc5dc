package oauth

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
)

const (
	// TokenLife is how long an access token works.
	TokenLife = time.Hour
	// SigningLife is how long a signing key is used for new tokens.
	SigningLife = 90 * 24 * time.Hour
	// SigningOverlap is how long a key that was replaced is still believed and published.
	SigningOverlap = TokenLife + time.Hour
)

// Token is what an access token says, when it can be believed.
type Token struct {
	Issuer   string
	Subject  string
	Client   string
	ID       string
	Scopes   []string
	Audience []string
	Issued   time.Time
	Expires  time.Time
	Own      bool   // we issued it
	Key      string // of ours: what the client proved itself with
	claims   claims
}

// Caller names who has the token, for people.
func (t Token) Caller() string {
	for _, name := range []string{t.claims.text("name"), t.claims.text("email"), t.Client, t.Subject} {
		if name != "" {
			return name
		}
	}
	return t.Issuer
}

// Has reports whether the token has every one of the scopes.
func (t Token) Has(scopes ...string) bool {
	for _, s := range scopes {
		if !slices.Contains(t.Scopes, s) {
			return false
		}
	}
	return true
}

// SigningKey is one of our own keys.
type SigningKey struct {
	ID      string
	Created time.Time
	Retired time.Time // when it was replaced; zero for the one in use
	private *ecdsa.PrivateKey
	signer  jose.Signer
	public  publicKey
}

// NewSigningKey makes a fresh key. secret is its private part, for whoever keeps it sealed.
func NewSigningKey(now time.Time) (key SigningKey, secret string, err error) {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return key, "", err
	}
	der, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return key, "", err
	}
	secret = base64.StdEncoding.EncodeToString(der)
	key, err = OpenSigningKey("fd-"+strings.ToLower(rand.Text()[:16]), secret)
	key.Created = now
	return key, secret, err
}

// OpenSigningKey makes a key of its stored secret.
func OpenSigningKey(id, secret string) (SigningKey, error) {
	der, err := base64.StdEncoding.DecodeString(secret)
	if err != nil {
		return SigningKey{}, err
	}
	parsed, err := x509.ParsePKCS8PrivateKey(der)
	if err != nil {
		return SigningKey{}, err
	}
	private, ok := parsed.(*ecdsa.PrivateKey)
	if !ok {
		return SigningKey{}, errors.New("is not an EC key")
	}
	options := (&jose.SignerOptions{}).WithType("at+jwt").WithHeader("kid", id)
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: private}, options)
	if err != nil {
		return SigningKey{}, err
	}
	return SigningKey{ID: id, private: private, signer: signer,
		public: publicKey{id, &private.PublicKey, []jose.SignatureAlgorithm{jose.ES256}}}, nil
}

// Believed reports whether tokens that the key signed are still good.
func (k SigningKey) Believed(now time.Time) bool {
	return k.Retired.IsZero() || now.Before(k.Retired.Add(SigningOverlap))
}

// Keyring is our keys, the one to sign with first.
type Keyring []SigningKey

// Public is the JWK set that others check our tokens with.
func (r Keyring) Public() ([]byte, error) {
	set := jose.JSONWebKeySet{Keys: []jose.JSONWebKey{}}
	for _, k := range r {
		set.Keys = append(set.Keys, jose.JSONWebKey{Key: &k.private.PublicKey, KeyID: k.ID, Algorithm: string(jose.ES256), Use: "sig"})
	}
	return json.Marshal(set)
}

// Sign writes a token for a client: RFC 9068.
func (r Keyring) Sign(t Token) (string, error) {
	if len(r) == 0 {
		return "", errors.New("there is no key to sign with")
	}
	body, err := json.Marshal(map[string]any{"iss": t.Issuer, "sub": t.Subject, "aud": t.Audience[0], "exp": t.Expires.Unix(), "iat": t.Issued.Unix(),
		"jti": t.ID, "client_id": t.Client, "scope": strings.Join(t.Scopes, " "), keyClaim: t.Key})
	if err != nil {
		return "", err
	}
	signature, err := r[0].signer.Sign(body)
	if err != nil {
		return "", fmt.Errorf("sign an access token: %w", err)
	}
	return signature.CompactSerialize()
}

// Verify reads one of our own tokens. issuer may be "" when we are known by several names.
func (r Keyring) Verify(text, issuer, audiencePath string, now time.Time) (Token, *Error) {
	s, err := read(text)
	if err != nil {
		return Token{}, badToken(err.Error())
	}
	keys := make([]publicKey, len(r))
	for i, k := range r {
		keys[i] = k.public
	}
	if s.kid == "" || s.typ != "at+jwt" {
		return Token{}, badToken("is not an access token of this server")
	}
	if _, ok := s.verify(keys); !ok {
		return Token{}, badToken("was not signed by this server")
	}
	t, wrong := s.token(now, 0)
	t.Own, t.Key = true, s.claims.text(keyClaim)
	switch {
	case wrong != "":
		return Token{}, badToken(wrong)
	case issuer != "" && t.Issuer != issuer:
		return Token{}, badToken("is from another issuer")
	case !slices.Contains(t.Audience, t.Issuer+audiencePath):
		return Token{}, badToken("is not meant for this server")
	case t.Client == "" || t.ID == "":
		return Token{}, badToken("lacks a claim")
	}
	return t, nil
}

// token reads the claims of an access token.
func (s *signed) token(now time.Time, skew time.Duration) (t Token, wrong string) {
	c := s.claims
	t = Token{Issuer: c.text("iss"), Subject: c.text("sub"), ID: c.text("jti"), Scopes: c.scopes(), claims: c}
	t.Issued, _, _ = c.instant("iat")
	for _, name := range []string{"client_id", "azp", "cid", "appid"} {
		if t.Client = c.text(name); t.Client != "" {
			break
		}
	}
	if t.Expires, wrong = c.window(now, skew); wrong != "" {
		return t, wrong
	}
	var ok bool
	if t.Audience, ok = c.texts("aud"); !ok {
		return t, "has an aud that is neither text nor a list of texts"
	}
	return t, ""
}

func badToken(what string) *Error { return refuse(InvalidToken, "The access token "+what+".") }

// keyClaim says what the client proved itself with, so that a token ends with the key
// that it was got with.
const keyClaim = "client_key"

// Revoked is what a token gets that was revoked.
func Revoked() *Error { return badToken("was revoked") }

// Ended is what a token gets whose client, or the key that it was got with, is gone or
// was deactivated.
func Ended() *Error { return badToken("has ended: its client or its key is not active") }
