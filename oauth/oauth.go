// Package oauth holds the rules by which client apps get access tokens and by which
// endpoints believe them: client credentials (RFC 6749), client assertions (RFC 7523),
// access tokens (RFC 9068), and the keys of other issuers.
//
// It fetches keys with the client that it is given. It stores nothing, serves
// nothing, and knows no flow, page or SQL.
package oauth

import (
	"slices"
	"time"
)

// Ways in which an app proves who it is. Their names are stored.
const (
	AuthKey    = "private_key_jwt"
	AuthSecret = "client_secret"
)

// ScopeInvoke is what endpoints ask for unless they name a scope of their own.
const ScopeInvoke = "flows.invoke"

// Bounds of what an app may have.
const (
	MostKeys    = 20
	MostSecrets = 5
	MostScopes  = 50
)

// App is a program that may ask for access tokens.
type App struct {
	ID          string    `json:"-"` // client_id
	Name        string    `json:"name"`
	Description string    `json:"description,omitempty"`
	Owner       string    `json:"owner,omitempty"` // whom to ask about it
	Active      bool      `json:"active"`
	Auth        string    `json:"auth"`
	Scopes      []string  `json:"scopes,omitempty"`   // granted
	JWKSURL     string    `json:"jwks_url,omitempty"` // where its public keys are, beside Keys
	Keys        []Key     `json:"keys,omitempty"`
	Secrets     []Secret  `json:"secrets,omitempty"`
	Created     time.Time `json:"created"`
	CreatedBy   string    `json:"created_by"`
	Updated     time.Time `json:"updated"`
	UpdatedBy   string    `json:"updated_by"`
	LastUsed    time.Time `json:"-"`
}

// Key is one public key of an app.
type Key struct {
	ID        string    `json:"kid"`
	Algorithm string    `json:"alg,omitempty"` // the only one it is used with; "" for every one that fits
	Kind      string    `json:"kind"`          // in words: "EC P-256", "RSA 2048"
	JWK       string    `json:"jwk"`
	Active    bool      `json:"active"`
	Created   time.Time `json:"created"`
	By        string    `json:"by"`
	LastUsed  time.Time `json:"-"`
}

// Secret is one client secret. The secret itself is not kept.
type Secret struct {
	Hash     string    `json:"hash"` // SHA-256 in hex
	Hint     string    `json:"hint"` // its end, for people: "…x7Qp"
	Created  time.Time `json:"created"`
	By       string    `json:"by"`
	Expires  time.Time `json:"expires,omitzero"` // when it stops working; zero: not by itself
	LastUsed time.Time `json:"-"`
}

// Ended reports whether the secret has stopped working.
func (s Secret) Ended(now time.Time) bool { return !s.Expires.IsZero() && !now.Before(s.Expires) }

// Grants reports whether the app was granted every one of the scopes.
func (a App) Grants(scopes []string) bool {
	for _, s := range scopes {
		if !slices.Contains(a.Scopes, s) {
			return false
		}
	}
	return true
}

// IsScope reports whether text can be a scope: RFC 6749 section 3.3.
func IsScope(text string) bool {
	for _, c := range []byte(text) {
		if c <= ' ' || c > '~' || c == '"' || c == '\\' {
			return false
		}
	}
	return text != "" && len(text) <= 100
}
