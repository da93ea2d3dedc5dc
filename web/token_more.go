package web

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"

	"flowdeck/oauth"
)

// scopeIntrospect lets an app ask about tokens of others.
const scopeIntrospect = "tokens.introspect"

// introspect says whether a token is good: RFC 7662. About others' tokens it tells only
// apps that were granted that.
func (s *Server) introspect(r *http.Request, p oauth.Params) (any, error) {
	client, _, err := s.clientOf(r, p)
	if err != nil {
		return nil, err
	}
	if p["token"] == "" {
		return nil, &oauth.Error{Code: oauth.InvalidRequest, Description: "token is missing."}
	}
	t, no, err := s.ownToken(r.Context(), p["token"])
	if err != nil {
		return nil, err
	}
	if no != nil || t.Client != client.ID && !client.Grants([]string{scopeIntrospect}) {
		return map[string]any{"active": false}, nil
	}
	return map[string]any{"active": true, "scope": strings.Join(t.Scopes, " "), "client_id": t.Client, "sub": t.Subject, "token_type": "Bearer",
		"iss": t.Issuer, "aud": t.Audience[0], "jti": t.ID, "iat": t.Issued.Unix(), "exp": t.Expires.Unix()}, nil
}

// revoke ends a token of the client that asks: RFC 7009. One that is not good any more,
// or never was, needs nothing.
func (s *Server) revoke(r *http.Request, p oauth.Params) (any, error) {
	client, _, err := s.clientOf(r, p)
	if err != nil {
		return nil, err
	}
	if p["token"] == "" {
		return nil, &oauth.Error{Code: oauth.InvalidRequest, Description: "token is missing."}
	}
	if hint := p["token_type_hint"]; hint == "refresh_token" {
		return nil, &oauth.Error{Code: oauth.UnsupportedTokenType, Description: "There are access tokens only."}
	}
	t, no, err := s.ownToken(r.Context(), p["token"])
	switch {
	case err != nil:
		return nil, err
	case no != nil:
		return struct{}{}, nil
	case t.Client != client.ID:
		return nil, &oauth.Error{Code: oauth.UnauthorizedClient, Description: "The token was issued to another client."}
	}
	return struct{}{}, s.Store.RevokeToken(r.Context(), t.ID, t.Client, t.Expires)
}

// publicKeys are those that our access tokens are signed with.
func (s *Server) publicKeys(ctx context.Context, _ *http.Request) ([]byte, error) {
	ring, err := s.authority.keyring(ctx)
	if err != nil {
		return nil, err
	}
	return ring.Public()
}

func (s *Server) metadata(_ context.Context, r *http.Request) ([]byte, error) {
	return json.Marshal(oauth.NewMetadata(s.baseURL(r)))
}

// publish answers with something that anybody may read.
func (s *Server) publish(w http.ResponseWriter, r *http.Request, read func(context.Context, *http.Request) ([]byte, error)) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		writeOAuth(w, http.StatusMethodNotAllowed, &oauth.Error{Code: oauth.InvalidRequest, Description: "Use GET."})
		return
	}
	body, err := read(r.Context(), r)
	if err != nil {
		s.refuseClient(w, r, err)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "public, max-age=300")
	_ = writeBody(w, r.Method, http.StatusOK, body)
}
