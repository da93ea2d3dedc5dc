package web_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"flowdeck/web"
)

func TestSettingsShowTheAccountAndTheServer(t *testing.T) {
	p := newPlace(t, func(s *web.Server) { s.Config.Version = "1.2.3" })
	b := p.owner()
	b.get("/settings").want(http.StatusOK, "Maya Ortiz", ownerEmail, "1.2.3", p.url, "FLOWDECK_PUBLIC_URL", "this browser", "Add a person", ">MO<")

	fixed := newPlace(t, func(s *web.Server) { s.Config.PublicURL = "https://flows.example.com" })
	owner := fixed.browser()
	answer := owner.post(fixed.setup, url.Values{"name": {"Maya"}, "email": {ownerEmail}, "password": {ownerPassword}, "again": {ownerPassword}}).want(http.StatusSeeOther)
	cookie, _, _ := strings.Cut(answer.header.Get("Set-Cookie"), ";")
	owner.get("/settings", "Cookie", cookie).want(http.StatusOK, "https://flows.example.com").wantNot("FLOWDECK_PUBLIC_URL")
}

func TestPeopleChangeTheirNameAndEmail(t *testing.T) {
	p := newPlace(t)
	b := p.owner()
	b.post("/settings/account", url.Values{"name": {""}, "email": {"nobody"}}, "HX-Request", "true").
		want(http.StatusUnprocessableEntity, "Say what people call you", "Write an email address")
	b.post("/settings/account", url.Values{"name": {"Maya"}, "email": {ownerEmail}}).want(http.StatusSeeOther)
	for _, wrong := range []string{"", "wrong"} {
		b.post("/settings/account", url.Values{"name": {"Maya O."}, "email": {"maya.o@example.com"}, "confirm": {wrong}}, "HX-Request", "true").
			want(http.StatusUnprocessableEntity, `id="me-confirm-m"`, "That is not your password.")
	}
	b.get("/settings").want(http.StatusOK, ownerEmail)
	b.post("/settings/account", url.Values{"name": {"Maya O."}, "email": {"Maya.O@Example.com"}, "confirm": {ownerPassword}}).want(http.StatusSeeOther)
	b.get("/settings").want(http.StatusOK, "Maya O.", "maya.o@example.com")
	p.browser().post("/login", url.Values{"email": {"maya.o@example.com"}, "password": {ownerPassword}}).want(http.StatusSeeOther)
}

func TestGuessingThePasswordForAnotherEmailIsSlow(t *testing.T) {
	b := newPlace(t).owner()
	guess := func(password string) page {
		return b.post("/settings/account", url.Values{"name": {"Maya"}, "email": {"thief@example.com"}, "confirm": {password}}, "HX-Request", "true")
	}
	for range 20 {
		guess("a guess").want(http.StatusUnprocessableEntity)
	}
	guess(ownerPassword).want(http.StatusUnprocessableEntity, "Too many attempts.")
}

func TestANewPasswordSignsOtherBrowsersOut(t *testing.T) {
	p := newPlace(t)
	here := p.owner()
	there := p.browser()
	there.post("/login", url.Values{"email": {ownerEmail}, "password": {ownerPassword}}).want(http.StatusSeeOther)
	change := func(current, password, again string) page {
		return here.post("/settings/password", url.Values{"current": {current}, "password": {password}, "again": {again}}, "HX-Request", "true")
	}
	change("wrong", "a new password", "a new password").want(http.StatusUnprocessableEntity, "That is not your password.")
	change(ownerPassword, "short", "short").want(http.StatusUnprocessableEntity, "Use at least 10 letters")
	change(ownerPassword, "a new password", "another one").want(http.StatusUnprocessableEntity, "The two passwords differ.")
	change(ownerPassword, strings.Repeat("a", 12), strings.Repeat("a", 12)).want(http.StatusUnprocessableEntity, "too easy to guess")
	there.get("/settings").want(http.StatusOK)

	change(ownerPassword, "a new password", "a new password").want(http.StatusOK).wantHeader("HX-Redirect", "/settings")
	here.get("/settings").want(http.StatusOK)
	there.get("/settings").want(http.StatusSeeOther)
	there.post("/login", url.Values{"email": {ownerEmail}, "password": {ownerPassword}}).want(http.StatusUnprocessableEntity)
	there.post("/login", url.Values{"email": {ownerEmail}, "password": {"a new password"}}).want(http.StatusSeeOther)
}

func TestOneOtherBrowserCanBeSignedOut(t *testing.T) {
	p := newPlace(t)
	here := p.owner()
	there := p.browser()
	there.post("/login", url.Values{"email": {ownerEmail}, "password": {ownerPassword}}, "User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0").want(http.StatusSeeOther)
	shown := here.get("/settings").want(http.StatusOK, "Firefox on Linux")
	end := regexp.MustCompile(`/settings/sessions/[0-9a-f]{64}/end`).FindString(shown.body)
	here.post(strings.Replace(end, "/sessions/", "/sessions/00", 1), nil).want(http.StatusNotFound)
	here.post(end, nil, "HX-Request", "true").want(http.StatusOK).wantNot("Firefox on Linux")
	there.get("/settings").want(http.StatusSeeOther)
	here.get("/settings").want(http.StatusOK)
}

func TestOwnersAddAndRemovePeople(t *testing.T) {
	p := newPlace(t)
	owner := p.owner()
	owner.get("/settings/users/new", "HX-Request", "true").want(http.StatusOK, "<dialog", "Add a person")
	owner.post("/settings/users", url.Values{"name": {"Jonas"}, "email": {ownerEmail}}, "HX-Request", "true").
		want(http.StatusUnprocessableEntity, "There is an account with this email address already.")
	added := owner.post("/settings/users", url.Values{"name": {"Jonas"}, "email": {"Jonas@Example.com"}}, "HX-Request", "true").
		want(http.StatusOK, "Jonas can sign in", "jonas@example.com")
	password := regexp.MustCompile(`[a-z2-7]{4}-[a-z2-7]{4}-[a-z2-7]{4}-[a-z2-7]{4}`).FindString(added.body)
	jonas := p.browser()
	signIn := func(password string) page {
		return jonas.post("/login", url.Values{"email": {"jonas@example.com"}, "password": {password}})
	}
	signIn(password).want(http.StatusSeeOther)
	jonas.get("/settings").want(http.StatusOK, "Jonas").wantNot("Add a person", ownerEmail)
	jonas.post("/settings/users", url.Values{"name": {"Eve"}, "email": {"eve@example.com"}}).want(http.StatusForbidden, "Only an owner")

	remove := regexp.MustCompile(`hx-delete="(/settings/users/[^"]+)"`).FindStringSubmatch(owner.get("/settings").body)
	if remove == nil {
		t.Fatal("the settings do not offer to remove Jonas")
	}
	reset := owner.post(remove[1]+"/password", nil, "HX-Request", "true").want(http.StatusOK, "Jonas can sign in")
	jonas.get("/settings").want(http.StatusSeeOther)
	signIn(password).want(http.StatusUnprocessableEntity)
	signIn(regexp.MustCompile(`[a-z2-7]{4}-[a-z2-7]{4}-[a-z2-7]{4}-[a-z2-7]{4}`).FindString(reset.body)).want(http.StatusSeeOther)

	owner.do(http.MethodDelete, remove[1], nil, "HX-Request", "true").want(http.StatusOK).wantNot("jonas@example.com")
	jonas.get("/settings").want(http.StatusSeeOther)
	me, err := p.Store.UserByEmail(t.Context(), ownerEmail)
	if err != nil {
		t.Fatal(err)
	}
	owner.do(http.MethodDelete, "/settings/users/"+me.ID, nil).want(http.StatusUnprocessableEntity)
}
