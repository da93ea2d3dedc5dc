package web

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"flowdeck/oauth"
)

// ownToken verifies an access token that we issued and that was not revoked.
func (s *Server) ownToken(ctx context.Context, text string) (oauth.Token, *oauth.Error, error) {
	ring, err := s.authority.keyring(ctx)
	if err != nil {
		return oauth.Token{}, nil, err
	}
	// Without a public address we are known by several names; our signature tells.
	t, no := ring.Verify(text, s.Config.PublicURL, oauth.PathAudience, s.Now())
	if no != nil {
		return t, no, nil
	}
	revoked, err := s.Store.IsRevoked(ctx, t.ID)
	if err == nil && revoked {
		no = oauth.Revoked()
	}
	if err == nil && no == nil {
		client, err := s.authority.client(ctx, t.Client)
		if err != nil {
			return t, nil, err
		}
		if client == nil || !client.StillHas(t) {
			no = oauth.Ended()
		}
	}
	return t, no, err
}

// foreignToken verifies a token with the keys of its issuer.
func (s *Server) foreignToken(ctx context.Context, issuer, text string) (oauth.Token, *oauth.Error) {
	fits := func(x oauth.KeySet) bool { return x.Signed(text) }
	set, err := s.authority.remotes.Keys(ctx, "issuer "+issuer, fits, func(ctx context.Context) (string, error) {
		m, err := s.Clients.Discover(ctx, issuer)
		if err == nil && m.KeysURL == "" {
			err = errors.New("its metadata names no jwks_uri")
		}
		return m.KeysURL, err
	})
	if err != nil {
		s.Log.WarnContext(ctx, "the keys of an issuer cannot be fetched", "issuer", issuer, "err", err)
		return oauth.Token{}, &oauth.Error{Code: oauth.InvalidToken, Description: "The keys of the token's issuer cannot be fetched now."}
	}
	return set.Verify(text, s.Now())
}

// trusts finds what the endpoint asks of tokens of that issuer; nil when it trusts it not.
func (ep *endpoint) trusts(issuer string) *oauth.Trust {
	for _, x := range ep.Settings.Issuers {
		if !oauth.SameIssuer(x.URL, issuer) {
			continue
		}
		trust := &oauth.Trust{Issuer: x.URL, Audience: x.Audience, Scopes: x.Scopes}
		for _, line := range x.Claims {
			if rule, ok := oauth.ReadRule(line); ok {
				trust.Claims = append(trust.Claims, rule)
			}
		}
		return trust
	}
	return nil
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// noBearer asks for a token and says nothing else: RFC 6750 section 3.1.
func noBearer() *refusal {
	r := &refusal{Status: 401, Code: "unauthorized", Title: "An access token is needed", Detail: "Send it in the header: Authorization: Bearer …"}
	return r.with("WWW-Authenticate", `Bearer realm="Flowdeck"`)
}

// badBearer is a request that carries a token in a way that there is not.
func badBearer(detail string) *refusal {
	r := &refusal{Status: 400, Code: oauth.InvalidRequest, Title: "The access token was sent in a wrong way", Detail: detail}
	return r.with("WWW-Authenticate", challenge(oauth.InvalidRequest, detail, ""))
}

// refusedBearer is a token that does not open the endpoint.
func refusedBearer(no *oauth.Error, scope string) *refusal {
	r := &refusal{Status: no.Status(), Code: no.Code, Title: "The access token does not open this endpoint", Detail: no.Description}
	if no.Code != oauth.InsufficientScope {
		scope = ""
	}
	return r.with("WWW-Authenticate", challenge(no.Code, no.Description, scope))
}

func challenge(code, description, scope string) string {
	text := `Bearer realm="Flowdeck", error="` + code + `", error_description=` + strconv.Quote(asciiOnly(description))
	if scope != "" {
		text += `, scope="` + scope + `"`
	}
	return text
}

// asciiOnly leaves out what RFC 6750 section 3 does not allow in a description.
func asciiOnly(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' || r == '"' || r == '\\' {
			return -1
		}
		return r
	}, s)
}
