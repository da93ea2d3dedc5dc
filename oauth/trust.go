package oauth

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Trust is another issuer whose tokens an endpoint believes.
type Trust struct {
	Issuer   string   `json:"issuer"`
	Audience string   `json:"audience"`
	Scopes   []string `json:"scopes,omitempty"` // that a token needs
	Claims   []Rule   `json:"claims,omitempty"` // all of them must hold
}

// Rule is what a claim must say. Is holds when the claim, or one of its list, has that value.
type Rule struct {
	Claim string `json:"claim"` // a path: "realm_access.roles"
	Value string `json:"value"`
}

// String writes a rule as ReadRule reads it.
func (r Rule) String() string { return r.Claim + " = " + r.Value }

// ReadRule reads "department = finance".
func ReadRule(line string) (Rule, bool) {
	name, value, ok := strings.Cut(line, "=")
	r := Rule{strings.TrimSpace(name), strings.TrimSpace(value)}
	return r, ok && r.Claim != "" && r.Value != ""
}

func (r Rule) holds(c claims) bool {
	v, ok := c.at(r.Claim)
	if !ok {
		return false
	}
	if list, isList := v.([]any); isList {
		return slices.ContainsFunc(list, r.is)
	}
	return r.is(v)
}

func (r Rule) is(v any) bool {
	switch v := v.(type) {
	case string:
		return v == r.Value
	case json.Number:
		return v.String() == r.Value
	case bool:
		return fmt.Sprint(v) == r.Value
	}
	return false
}

// SameIssuer reports whether two issuers are one: people leave out a slash at the end.
func SameIssuer(a, b string) bool { return strings.TrimSuffix(a, "/") == strings.TrimSuffix(b, "/") }

// IssuerOf returns who says to have issued a token. Nothing of it was checked.
func IssuerOf(text string) (issuer string, e *Error) {
	s, err := read(text)
	if err != nil {
		return "", badToken(err.Error())
	}
	return s.claims.text("iss"), nil
}

// Verify reads a token of another issuer, with that issuer's keys.
func (x KeySet) Verify(text string, now time.Time) (Token, *Error) {
	s, err := read(text)
	if err != nil {
		return Token{}, badToken(err.Error())
	}
	if s.typ != "" && s.typ != "jwt" && s.typ != "at+jwt" {
		return Token{}, badToken("is of the type " + quote(s.typ) + ", which is no access token")
	}
	if _, ok := s.verify(x.keys); !ok {
		return Token{}, badToken("is not signed with a key of its issuer")
	}
	t, wrong := s.token(now, Skew)
	if wrong != "" {
		return Token{}, badToken(wrong)
	}
	return t, nil
}

// Accepts reports whether a token that was verified is one that the endpoint asks for.
func (x Trust) Accepts(t Token) *Error {
	if !SameIssuer(t.Issuer, x.Issuer) {
		return badToken("is from another issuer")
	}
	if !slices.Contains(t.Audience, x.Audience) {
		return badToken("is not meant for this endpoint: its aud is another one")
	}
	for _, s := range x.Scopes {
		if !t.Has(s) {
			return refuse(InsufficientScope, "The access token lacks the scope "+s+".")
		}
	}
	for _, r := range x.Claims {
		if !r.holds(t.claims) {
			return refuse(InsufficientScope, "The access token lacks what the endpoint asks of the claim "+quote(r.Claim)+".")
		}
	}
	return nil
}
