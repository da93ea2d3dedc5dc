package connectors

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
)

// tokenServer is an OAuth server and an API that takes its tokens. Refresh tokens
// rotate: the old one ends when the new one is given, and using it again ends all.
type tokenServer struct {
	*httptest.Server
	mu       sync.Mutex
	asked    []url.Values // of the token endpoint
	auths    []string     // Authorization headers of those
	access   string       // the one access token that is good
	refresh  string       // the one refresh token that is good
	used     map[string]bool
	life     any
	issued   int
	answer   http.HandlerFunc // when not nil, what the token endpoint says
	calls    int              // of the API
	unsigned int
}

func newTokenServer(t *testing.T) *tokenServer {
	t.Helper()
	s := &tokenServer{life: 3600, used: map[string]bool{}}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /token", s.token)
	mux.HandleFunc("/api", s.api)
	s.Server = httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s
}

func (s *tokenServer) token(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	_ = r.ParseForm()
	s.asked = append(s.asked, r.PostForm)
	s.auths = append(s.auths, r.Header.Get("Authorization"))
	if s.answer != nil {
		s.answer(w, r)
		return
	}
	if r.PostForm.Get("grant_type") == "refresh_token" {
		if given := r.PostForm.Get("refresh_token"); given != s.refresh {
			if s.used[given] {
				s.refresh, s.access = "", ""
			}
			w.WriteHeader(http.StatusBadRequest)
			fmt.Fprint(w, `{"error":"invalid_grant","error_description":"Refresh token expired or revoked"}`)
			return
		}
		s.used[s.refresh] = true
	}
	s.issued++
	s.access = fmt.Sprintf("access-token-%d", s.issued)
	body := map[string]any{"access_token": s.access, "token_type": "bearer", "expires_in": s.life}
	if r.PostForm.Get("grant_type") != "client_credentials" {
		s.refresh = fmt.Sprintf("refresh-token-%d", s.issued)
		body["refresh_token"] = s.refresh
	}
	_ = json.NewEncoder(w).Encode(body)
}

func (s *tokenServer) api(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls++
	if s.access == "" || r.Header.Get("Authorization") != "Bearer "+s.access {
		s.unsigned++
		w.WriteHeader(http.StatusUnauthorized)
		fmt.Fprint(w, "who are you?")
		return
	}
	fmt.Fprint(w, "hello")
}

func (s *tokenServer) tokenCalls() int { s.mu.Lock(); defer s.mu.Unlock(); return len(s.asked) }

// oauth is the settings of a connection that signs in at s.
func (s *tokenServer) oauth(change map[string]any) map[string]any {
	v := map[string]any{"authorize_url": s.URL + "/authorize", "token_url": s.URL + "/token",
		"client_id": "client", "client_secret": "client-secret", "scopes": "read, offline_access"}
	for k, x := range change {
		v[k] = x
	}
	return v
}
