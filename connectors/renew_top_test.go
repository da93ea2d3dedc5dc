package connectors

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

// Slack answers a code with the token of the person inside, and a renewal of that token
// with the token alone, at the top. Its refresh tokens are good once.
func TestARenewalMayAnswerWithTheTokenAtTheTop(t *testing.T) {
	b, s := newBench(t), newTokenServer(t)
	s.refresh = "xoxe-1"
	s.answer = func(w http.ResponseWriter, r *http.Request) {
		if r.PostForm.Get("grant_type") != "refresh_token" {
			fmt.Fprint(w, `{"ok":true,"access_token":"xoxb-of-the-bot"}`)
			return
		}
		s.access = "xoxp-2"
		fmt.Fprint(w, `{"ok":true,"access_token":"xoxp-2","token_type":"user","expires_in":43200,"refresh_token":"xoxe-2","scope":"chat:write"}`)
	}
	settings := s.oauth(map[string]any{"token_path": "authed_user.access_token"})
	id := b.add("oauth_code", settings, Token{Access: "xoxp-1", Refresh: "xoxe-1", Type: "Bearer", Issued: b.clock().Add(-time.Hour), Expires: b.clock()}, strings.TrimPrefix(s.URL, "http://"))
	if _, body, err := b.get(id, s.URL+"/api"); err != nil || body != "hello" {
		t.Errorf("got %q, %v, want the renewed token to be used", body, err)
	}
	if got := b.token(id); got.Access != "xoxp-2" || got.Refresh != "xoxe-2" || got.Scopes != "chat:write" {
		t.Errorf("stored %+v, want the renewed tokens", got)
	}
	// The token at the top of the answer to a code is somebody else's: the bot's.
	a, query := b.consent(id)
	got, err := b.clients.Answered(t.Context(), map[string][]string{"state": {query.Get("state")}, "code": {"code-1"}}, "maya")
	if err != nil || got.ID != a.ID || got.Status != AttemptFailed || !strings.Contains(got.Detail, "holds no authed_user.access_token") {
		t.Errorf("got %+v, %v, want the sign-in to fail", got, err)
	}
}
