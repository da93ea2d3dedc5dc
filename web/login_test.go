package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"flowdeck/web"
)

func TestFirstStartMakesTheOwnerOnceAndThenTheAddressIsGone(t *testing.T) {
	p := newPlace(t)
	b := p.browser()
	b.get("/login").want(http.StatusOK, "setup address")
	b.get("/setup/" + strings.Repeat("A", 26)).want(http.StatusNotFound)
	b.get(p.setup).want(http.StatusOK, "Make the first account")

	wrong := b.post(p.setup, url.Values{"name": {""}, "email": {"maya"}, "password": {"short"}, "again": {"other"}})
	wrong.want(http.StatusUnprocessableEntity, "Say what people call you", "Write an email address", "Use at least 10 letters", "The two passwords differ")

	p.owner()
	b.get(p.setup).want(http.StatusNotFound)
	b.post(p.setup, url.Values{"name": {"Eve"}, "email": {"eve@example.com"}, "password": {ownerPassword}, "again": {ownerPassword}}).want(http.StatusNotFound)
	if again, err := p.OpenSetup(t.Context()); err != nil || again != "" {
		t.Errorf("OpenSetup with an account there = %q, %v; want no address", again, err)
	}
	if strings.Contains(p.logs.String(), strings.TrimPrefix(p.setup, "/setup/")) {
		t.Error("the log holds the setup token")
	}
}

func TestEverythingAsksForASignInButWhatIsOpen(t *testing.T) {
	p := newPlace(t)
	b := p.browser()
	for _, open := range []string{"/healthz", "/readyz", "/login"} {
		b.get(open).want(http.StatusOK)
	}
	for _, closed := range []string{"/flows?q=x&state=on", "/connections", "/runs", "/settings", "/flows/f_1", "/flows/f_1/export"} {
		b.get(closed).want(http.StatusSeeOther).wantHeader("Location", "/login?"+url.Values{"return": {closed}}.Encode())
	}
	b.get("/").want(http.StatusSeeOther).wantHeader("Location", "/login")
	b.post("/flows", nil).want(http.StatusUnauthorized, "Sign in first")
	b.do(http.MethodDelete, "/flows/f_1", nil).want(http.StatusUnauthorized)
	b.get("/nowhere").want(http.StatusSeeOther)
}

func TestAfterSigningInPeopleGoOnWhereTheyWere(t *testing.T) {
	p := newPlace(t)
	p.owner()
	for _, tt := range []struct{ back, want string }{
		{"/runs?q=a", "/runs?q=a"},
		{"", "/"},
		{"https://evil.example/", "/"},
		{"//evil.example/", "/"},
		{`/\evil.example/`, "/"},
		{"javascript:alert(1)", "/"},
		{"/login", "/"},
	} {
		b := p.browser()
		answer := b.post("/login", url.Values{"email": {" Maya@Example.com "}, "password": {ownerPassword}, "return": {tt.back}})
		answer.want(http.StatusSeeOther)
		if got := answer.header.Get("Location"); got != tt.want {
			t.Errorf("after signing in with return %q: %q, want %q", tt.back, got, tt.want)
		}
		b.get("/flows").want(http.StatusOK, "Build your first flow")
	}
}

func TestWrongPasswordsAreToldApartFromNothing(t *testing.T) {
	p := newPlace(t)
	p.owner()
	b := p.browser()
	unknown := b.post("/login", url.Values{"email": {"nobody@example.com"}, "password": {"whatever it is"}}).want(http.StatusUnprocessableEntity)
	wrong := b.post("/login", url.Values{"email": {ownerEmail}, "password": {"whatever it is"}}).want(http.StatusUnprocessableEntity)
	if a, b := strings.ReplaceAll(unknown.body, "nobody@example.com", ""), strings.ReplaceAll(wrong.body, ownerEmail, ""); a != b {
		t.Errorf("an unknown account reads\n%s\na wrong password\n%s", a, b)
	}
	if strings.Contains(p.logs.String(), "whatever it is") || strings.Contains(p.logs.String(), ownerEmail) {
		t.Error("the log holds what was typed")
	}
}

func TestGuessingIsSlowedDown(t *testing.T) {
	clock := newClock()
	p := newPlace(t, func(s *web.Server) { s.Now = clock.now })
	p.owner()
	b := p.browser()
	guess := func() page { return b.post("/login", url.Values{"email": {ownerEmail}, "password": {"not the one"}}) }
	for range 8 {
		guess().want(http.StatusUnprocessableEntity, "is not right")
	}
	late := guess().want(http.StatusUnprocessableEntity, "Too many attempts")
	if late.header.Get("Retry-After") == "" {
		t.Error("too many attempts have no Retry-After")
	}
	right := url.Values{"email": {ownerEmail}, "password": {ownerPassword}}
	b.post("/login", right).want(http.StatusUnprocessableEntity, "Too many attempts")
	clock.add(31 * time.Second)
	b.post("/login", right).want(http.StatusSeeOther)
}

func TestSessionsEnd(t *testing.T) {
	for _, tt := range []struct {
		name string
		end  func(*place, *clock, *browser)
	}{
		{"when the person signs out", func(p *place, _ *clock, b *browser) {
			b.post("/logout", nil).want(http.StatusSeeOther).wantHeader("Location", "/login")
		}},
		{"when they sign out everywhere", func(p *place, _ *clock, b *browser) {
			b.post("/settings/sign-out-everywhere", nil).want(http.StatusSeeOther)
		}},
		{"when nobody came for long", func(_ *place, c *clock, _ *browser) { c.add(15 * 24 * time.Hour) }},
		{"when somebody gives them a new password", func(p *place, _ *clock, _ *browser) {
			owner, err := p.Store.UserByEmail(p.t.Context(), ownerEmail)
			if err != nil {
				p.t.Fatal(err)
			}
			if err := p.Store.DeleteSessions(p.t.Context(), owner.ID); err != nil {
				p.t.Fatal(err)
			}
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			clock := newClock()
			p := newPlace(t, func(s *web.Server) { s.Now = clock.now })
			b := p.owner()
			b.get("/settings").want(http.StatusOK, "this browser")
			tt.end(p, clock, b)
			b.get("/settings").want(http.StatusSeeOther)
		})
	}
}

func TestSessionsEndAtTheLatestAfterTheirLife(t *testing.T) {
	clock := newClock()
	p := newPlace(t, func(s *web.Server) { s.Now = clock.now; s.Config.SessionLife = 10 * 24 * time.Hour })
	b := p.owner()
	for range 9 {
		clock.add(24 * time.Hour)
		b.get("/settings").want(http.StatusOK)
	}
	clock.add(25 * time.Hour)
	b.get("/settings").want(http.StatusSeeOther)
}

func TestAnOpenPageIsAskedToSignInAgainInPlace(t *testing.T) {
	p := newPlace(t)
	b := p.owner()
	b.post("/settings/sign-out-everywhere", nil)
	answer := b.post("/flows/f_1/edit", url.Values{"op": {"set"}}, "HX-Request", "true").want(http.StatusUnauthorized)
	if answer.body != "" {
		t.Errorf("the answer holds %q, which would replace what was typed", answer.body)
	}
	b.get("/login/dialog", "HX-Request", "true").want(http.StatusOK, "<dialog", "Sign in again").wantNot("<html")
	wrong := url.Values{"email": {ownerEmail}, "password": {"not the one"}, "dialog": {"true"}}
	b.post("/login", wrong, "HX-Request", "true").want(http.StatusUnprocessableEntity, "<dialog", "is not right")
	right := url.Values{"email": {ownerEmail}, "password": {ownerPassword}, "dialog": {"true"}}
	done := b.post("/login", right, "HX-Request", "true").want(http.StatusNoContent)
	for _, event := range []string{`"fd:close"`, `"fd:signed-in"`} {
		if got := done.header.Get("HX-Trigger"); !strings.Contains(got, event) {
			t.Errorf("HX-Trigger = %q, want %s", got, event)
		}
	}
	b.get("/settings").want(http.StatusOK)
}

func TestTheSessionCookieCannotBeReadByScripts(t *testing.T) {
	for _, tt := range []struct {
		name, public, cookie string
		secure               bool
	}{
		{"over plain HTTP on this machine", "", "flowdeck=", false},
		{"behind TLS", "https://flows.example.com", "__Host-flowdeck=", true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := newPlace(t, func(s *web.Server) { s.Config.PublicURL = tt.public })
			b := p.browser()
			answer := b.post(p.setup, url.Values{"name": {"Maya"}, "email": {ownerEmail}, "password": {ownerPassword}, "again": {ownerPassword}}).want(http.StatusSeeOther)
			got := answer.header.Values("Set-Cookie")
			if len(got) != 1 || !strings.HasPrefix(got[0], tt.cookie) {
				t.Fatalf("Set-Cookie = %q, want one that begins with %s", got, tt.cookie)
			}
			for _, part := range []string{"Path=/", "HttpOnly", "SameSite=Lax"} {
				if !strings.Contains(got[0], part) {
					t.Errorf("Set-Cookie = %q, want %s", got[0], part)
				}
			}
			if strings.Contains(got[0], "Secure") != tt.secure {
				t.Errorf("Set-Cookie = %q, want Secure: %v", got[0], tt.secure)
			}
		})
	}
}

func TestSigningInGivesAFreshSession(t *testing.T) {
	p := newPlace(t)
	b := p.owner()
	cookie := func() string {
		u, err := url.Parse(p.url)
		if err != nil {
			t.Fatal(err)
		}
		return b.client.Jar.Cookies(u)[0].Value
	}
	first := cookie()
	b.post("/login", url.Values{"email": {ownerEmail}, "password": {ownerPassword}}).want(http.StatusSeeOther)
	if second := cookie(); second == first {
		t.Error("signing in again kept the session that was there")
	}
	stale := p.browser()
	stale.get("/settings", "Cookie", "flowdeck="+first).want(http.StatusSeeOther)
}
