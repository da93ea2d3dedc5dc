package web_test

import (
	"net/http"
	"net/url"
	"regexp"
	"testing"
)

// TestANewPasswordRevokesTokens: somebody else's reset always does, one's own when asked to.
func TestANewPasswordRevokesTokens(t *testing.T) {
	p := newPlace(t)
	owner := p.owner()
	fdp := regexp.MustCompile(`fdp_[A-Z2-7]{26}`)
	calls := func(b *browser, token string) int {
		return b.get("/api/v1/flows", "Authorization", "Bearer "+token).status
	}
	makes := func(b *browser) string {
		t.Helper()
		return fdp.FindString(b.post("/settings/tokens", url.Values{"name": {"t"}, "scope": {"flows:read"}}, "HX-Request", "true").want(http.StatusOK).body)
	}
	added := owner.post("/settings/users", url.Values{"name": {"Jonas"}, "email": {"jonas@example.com"}}, "HX-Request", "true").want(http.StatusOK)
	password := regexp.MustCompile(`[a-z2-7]{4}-[a-z2-7]{4}-[a-z2-7]{4}-[a-z2-7]{4}`)
	jonas := p.browser()
	jonas.post("/login", url.Values{"email": {"jonas@example.com"}, "password": {password.FindString(added.body)}}).want(http.StatusSeeOther)
	his, hers := makes(jonas), makes(owner)
	if got := calls(jonas, his); got != http.StatusOK {
		t.Fatalf("his token gives %d", got)
	}
	reset := regexp.MustCompile(`hx-post="(/settings/users/[^"]+/password)"`).FindStringSubmatch(owner.get("/settings").body)
	owner.post(reset[1], nil, "HX-Request", "true").want(http.StatusOK)
	if his, hers := calls(jonas, his), calls(owner, hers); his != http.StatusUnauthorized || hers != http.StatusOK {
		t.Errorf("after a reset of his password his token gives %d, hers %d", his, hers)
	}
	change := func(was, is, tokens string) {
		t.Helper()
		owner.post("/settings/password", url.Values{"current": {was}, "password": {is}, "again": {is}, "tokens": {tokens}}, "HX-Request", "true").want(http.StatusOK)
	}
	owner.get("/settings").want(http.StatusOK, "Revoke my API tokens too")
	change(ownerPassword, "a new password", "")
	if got := calls(owner, hers); got != http.StatusOK {
		t.Errorf("a change that keeps tokens: %d", got)
	}
	change("a new password", "an even newer one", "true")
	if got := calls(owner, hers); got != http.StatusUnauthorized {
		t.Errorf("a change that revokes tokens: %d", got)
	}
}
