package web

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"io"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"flowdeck/flows/store"
	"flowdeck/oauth"
)

// maxTokenRequest bounds the body of a request to the authorization server, in bytes.
const maxTokenRequest = 64 << 10

// authorize answers what client apps ask the authorization server; it reports false for
// other paths. Pages of other sites may not ask: there is no CORS.
func (s *Server) authorize(w http.ResponseWriter, r *http.Request) bool {
	switch r.URL.Path {
	case oauth.PathToken:
		s.answerClient(w, r, s.issue)
	case oauth.PathIntrospect:
		s.answerClient(w, r, s.introspect)
	case oauth.PathRevoke:
		s.answerClient(w, r, s.revoke)
	case oauth.PathKeys:
		s.publish(w, r, s.publicKeys)
	case oauth.PathMetadata:
		s.publish(w, r, s.metadata)
	default:
		return false
	}
	return true
}

// issue is the token endpoint: client credentials, RFC 6749 section 4.4.
func (s *Server) issue(r *http.Request, p oauth.Params) (any, error) {
	client, item, err := s.clientOf(r, p)
	if err != nil {
		return nil, err
	}
	issuer := s.baseURL(r)
	switch grant := p["grant_type"]; {
	case grant == "":
		return nil, &oauth.Error{Code: oauth.InvalidRequest, Description: "grant_type is missing: it is client_credentials."}
	case grant != "client_credentials":
		return nil, &oauth.Error{Code: oauth.UnsupportedGrant, Description: "The only grant_type there is is client_credentials."}
	case p["resource"] != "" && p["resource"] != issuer+oauth.PathAudience:
		return nil, &oauth.Error{Code: oauth.InvalidTarget, Description: "The only resource there is is " + issuer + oauth.PathAudience + "."}
	}
	scopes, no := oauth.Scopes(p["scope"], client.App)
	if no != nil {
		return nil, no
	}
	ring, err := s.authority.keyring(r.Context())
	if err != nil {
		return nil, err
	}
	now := s.Now()
	t := oauth.Token{Issuer: issuer, Subject: client.ID, Client: client.ID, ID: rand.Text(), Scopes: scopes, Key: item,
		Audience: []string{issuer + oauth.PathAudience}, Issued: now, Expires: now.Add(oauth.TokenLife)}
	text, err := ring.Sign(t)
	if err != nil {
		return nil, err
	}
	scope := strings.Join(scopes, " ")
	s.authority.ledger.token(store.AppToken{ID: t.ID, AppID: client.ID, Issued: now, Expires: t.Expires, Scopes: scope, Address: s.addressOf(r), Item: item})
	return map[string]any{"access_token": text, "token_type": "Bearer", "expires_in": int(oauth.TokenLife / time.Second), "scope": scope}, nil
}

// answerClient reads a request to the authorization server and writes the answer, which
// nobody may keep.
func (s *Server) answerClient(w http.ResponseWriter, r *http.Request, call func(*http.Request, oauth.Params) (any, error)) {
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("Pragma", "no-cache")
	h.Set("X-Content-Type-Options", "nosniff")
	if r.Method != http.MethodPost {
		h.Set("Allow", "POST")
		writeOAuth(w, http.StatusMethodNotAllowed, &oauth.Error{Code: oauth.InvalidRequest, Description: "Use POST."})
		return
	}
	rc := http.NewResponseController(w)
	if rc.SetReadDeadline(time.Now().Add(bodyTime)) == nil {
		defer func() { _ = rc.SetReadDeadline(time.Time{}) }()
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxTokenRequest))
	if err != nil {
		linger(w, r)
		writeOAuth(w, http.StatusBadRequest, &oauth.Error{Code: oauth.InvalidRequest, Description: "The body did not arrive whole, or is too long."})
		return
	}
	p, no := oauth.ReadParams(r, string(body))
	if no != nil {
		writeOAuth(w, no.Status(), no)
		return
	}
	answer, err := call(r, p)
	if err != nil {
		s.refuseClient(w, r, err)
		return
	}
	writeOAuth(w, http.StatusOK, answer)
}

// refuseClient answers as RFC 6749 section 5.2 says.
func (s *Server) refuseClient(w http.ResponseWriter, r *http.Request, err error) {
	var no *oauth.Error
	var often *tooOften
	h := w.Header()
	switch {
	case errors.As(err, &no):
		if no.Basic { // others would take a challenge for a demand to use it
			h.Set("WWW-Authenticate", `Basic realm="Flowdeck", charset="UTF-8"`)
		}
		writeOAuth(w, no.Status(), no)
	case errors.As(err, &often):
		h.Set("Retry-After", strconv.Itoa(int(math.Ceil(often.wait.Seconds()))))
		writeOAuth(w, http.StatusTooManyRequests, &oauth.Error{Code: "temporarily_unavailable", Description: "Too many requests. Wait a little."})
	default:
		if r.Context().Err() == nil {
			s.Log.ErrorContext(r.Context(), "authorization server", "path", r.URL.Path, "err", err)
		}
		writeOAuth(w, http.StatusInternalServerError, &oauth.Error{Code: "server_error", Description: "Something went wrong here. The fault is on this side."})
	}
}

func writeOAuth(w http.ResponseWriter, status int, v any) {
	body, err := json.Marshal(v)
	if err != nil {
		status, body = http.StatusInternalServerError, []byte(`{"error":"server_error"}`)
	}
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, _ = w.Write(body) // a client that went away is nobody's problem
}
