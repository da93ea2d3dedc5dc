package web

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"flowdeck/cards/schema"
	"flowdeck/flows"
	"flowdeck/oauth"
)

// Levels of security of an endpoint.
const (
	levelPublic = "public"
	levelToken  = "token"
	levelOAuth  = "oauth"
)

func (ep *endpoint) level() string {
	switch ep.Settings.Security {
	case levelPublic, levelOAuth:
		return ep.Settings.Security
	}
	return levelToken
}

// scope is what an access token of ours needs.
func (ep *endpoint) scope() string {
	if ep.Settings.Scope == "" {
		return oauth.ScopeInvoke
	}
	return ep.Settings.Scope
}

// caller is who calls, as far as the endpoint asks for it.
type caller struct {
	level   string
	client  string // id, as the issuer knows it
	name    string // for people
	subject string
	issuer  string // "" for ourselves
	scopes  []string
}

// values are what the API Endpoint card says of the caller.
func (c caller) values() schema.Values {
	if c.level == levelPublic {
		return anybody
	}
	scopes := make([]any, len(c.scopes))
	for i, s := range c.scopes {
		scopes[i] = s
	}
	return schema.Values{"level": c.level, "client_id": c.client, "name": c.name, "subject": c.subject, "issuer": c.issuer, "scopes": scopes}
}

// anybody is what is said of the caller of an open endpoint. Values are never changed.
var anybody = schema.Values{"level": levelPublic, "client_id": "", "name": "", "subject": "", "issuer": "", "scopes": []any{}}

// source says in words who called, and from where.
func (c caller) source(address string) string {
	if c.name == "" {
		return address
	}
	return c.name + " · " + address
}

// began reports whether the run is one that this caller may ask about: clients that have
// names see their own only.
func (c caller) began(run flows.Run) bool {
	if c.level != levelOAuth {
		return true
	}
	by, _ := run.Event["caller"].(schema.Values)
	return by["client_id"] == c.client && by["subject"] == c.subject && by["issuer"] == c.issuer
}

// caller lets the caller in, or says why not. The error is a *refusal when it is the
// caller's fault.
func (s *Server) caller(r *http.Request, ep endpoint, query url.Values) (caller, error) {
	switch ep.level() {
	case levelPublic:
		return caller{level: levelPublic}, nil
	case levelOAuth:
		return s.bearer(r, ep, query)
	}
	token := r.Header.Get(clientToken)
	if token == "" {
		token = query.Get(clientTokenQuery)
	}
	if token == "" {
		return caller{}, wrongToken()
	}
	sum := sha256.Sum256([]byte(token))
	var hash [2 * sha256.Size]byte
	hex.Encode(hash[:], sum[:])
	found, now := -1, s.Now()
	for i, known := range ep.Tokens { // every hash is compared, in the same time whatever the token
		if subtle.ConstantTimeCompare(hash[:], []byte(known.Hash)) == 1 && (known.Expires.IsZero() || now.Before(known.Expires)) {
			found = i
		}
	}
	if found < 0 {
		return caller{}, wrongToken()
	}
	s.authority.ledger.clientToken(ep.FlowID, ep.Tokens[found].Hash)
	return caller{level: levelToken, name: "Token " + ep.Tokens[found].Hint}, nil
}

// bearer lets in who has an access token that the endpoint asks for: RFC 6750, in the
// header only.
func (s *Server) bearer(r *http.Request, ep endpoint, query url.Values) (caller, error) {
	given := r.Header["Authorization"]
	switch {
	case len(given) > 1:
		return caller{}, badBearer("There is more than one Authorization header.")
	case query.Has("access_token"):
		return caller{}, badBearer("Send the access token in the Authorization header, not in the address.")
	case len(given) == 0:
		return caller{}, noBearer()
	}
	scheme, text, _ := strings.Cut(given[0], " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return caller{}, noBearer()
	}
	text = strings.TrimSpace(text)
	if text == "" || strings.ContainsAny(text, " ,\t") {
		return caller{}, badBearer("The Authorization header is not “Bearer” and one token.")
	}
	t, trust, no, err := s.token(r.Context(), ep, text)
	if err != nil {
		return caller{}, err
	}
	if no == nil && trust != nil {
		no = trust.Accepts(t)
	}
	if no != nil {
		return caller{}, refusedBearer(no, ep.scope())
	}
	if trust != nil {
		return caller{level: levelOAuth, client: t.Client, name: t.Caller(), subject: t.Subject, issuer: t.Issuer, scopes: t.Scopes}, nil
	}
	return s.ownCaller(r.Context(), ep, t)
}

// ownCaller checks what one of our tokens may do here.
func (s *Server) ownCaller(ctx context.Context, ep endpoint, t oauth.Token) (caller, error) {
	client, err := s.authority.client(ctx, t.Client)
	switch {
	case err != nil:
		return caller{}, err
	case client == nil || !client.StillHas(t):
		return caller{}, refusedBearer(oauth.Ended(), ep.scope())
	case !t.Has(ep.scope()) || !client.Grants([]string{ep.scope()}):
		return caller{}, refusedBearer(&oauth.Error{Code: oauth.InsufficientScope, Description: "The access token lacks the scope " + ep.scope() + "."}, ep.scope())
	case ep.Settings.ListedApps && !slices.Contains(ep.Settings.Apps, t.Client):
		return caller{}, refusedBearer(&oauth.Error{Code: oauth.InsufficientScope, Description: "This client is not one of those that may call this endpoint."}, ep.scope())
	}
	s.authority.ledger.app(client.ID, "")
	return caller{level: levelOAuth, client: client.ID, name: client.Name, subject: t.Subject, scopes: t.Scopes}, nil
}

// token verifies an access token; trust is nil for one of ours.
func (s *Server) token(ctx context.Context, ep endpoint, text string) (t oauth.Token, trust *oauth.Trust, no *oauth.Error, err error) {
	a := s.authority
	edition, err := a.current(ctx)
	if err != nil {
		return t, nil, nil, err
	}
	key, now := sha256.Sum256([]byte(text)), s.Now()
	if t, ok := a.seen(key, now); ok && (t.Own || len(ep.Settings.Issuers) > 0) {
		if t.Own {
			return t, nil, nil, nil
		}
		if trust := ep.trusts(t.Issuer); trust != nil {
			return t, trust, nil, nil
		}
	}
	if len(ep.Settings.Issuers) > 0 {
		issuer, no := oauth.IssuerOf(text)
		if no != nil {
			return t, nil, no, nil
		}
		if trust = ep.trusts(issuer); trust != nil {
			t, no := s.foreignToken(ctx, trust.Issuer, text)
			if no == nil {
				a.remember(key, t, earlier(t.Expires, now.Add(foreignLife)), edition)
			}
			return t, trust, no, nil
		}
	}
	if t, no, err = s.ownToken(ctx, text); err == nil && no == nil {
		a.remember(key, t, t.Expires, edition)
	}
	return t, nil, no, err
}
