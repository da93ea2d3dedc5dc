package web

import (
	"context"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"flowdeck/flows/store"
)

// open are the routes that answer anybody, by their nature.
var open = map[string]bool{"/healthz": true, "/readyz": true, "/static/*": true, "/login": true, "/login/dialog": true, "/logout": true}

// every calls f with each route that is registered, its parameters filled in.
func (w *world) every(f func(method, route, path string)) (n int) {
	e := echo.New()
	w.s.routes(e)
	for _, r := range e.Routes() {
		if r.Method == echo.RouteNotFound {
			continue
		}
		var parts []string
		for part := range strings.SplitSeq(r.Path, "/") {
			if strings.HasPrefix(part, ":") || part == "*" {
				part = "x"
			}
			parts = append(parts, part)
		}
		f(r.Method, r.Path, strings.Join(parts, "/"))
		n++
	}
	return n
}

func TestNoRouteAnswersWhoIsNotSignedIn(t *testing.T) {
	w := newWorld(t, func(http.ResponseWriter, *http.Request) {})
	w.signIn()
	n := w.every(func(method, route, path string) {
		for _, htmx := range []string{"", "true"} {
			got := w.call(method, path, "", "HX-Request", htmx, "Content-Type", "application/x-www-form-urlencoded")
			switch {
			case open[route]:
			case got.status == http.StatusSeeOther && strings.HasPrefix(got.header.Get("Location"), "/login"):
			case got.status == http.StatusUnauthorized || got.status == http.StatusForbidden || got.status == http.StatusNotFound:
			default:
				t.Errorf("%s %s answers %d to anybody: %.200s", method, path, got.status, got.body)
			}
			if got.header.Get("Content-Security-Policy") != policy {
				t.Errorf("%s %s answers without the policy", method, path)
			}
		}
	})
	if t.Logf("%d routes", n); n < 80 {
		t.Errorf("%d routes were tried, want all", n)
	}
}

func TestNoRouteWritesForAnotherSite(t *testing.T) {
	w := newWorld(t, func(http.ResponseWriter, *http.Request) {})
	w.signIn()
	w.every(func(method, _, path string) {
		if method == http.MethodGet || method == http.MethodHead || method == http.MethodOptions {
			return
		}
		for _, from := range [][]string{{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"}, {"Origin", "https://evil.example"}, {"Origin", "null"}} {
			if got := w.send(w.browser, method, path, "", append(from, "Content-Type", "application/x-www-form-urlencoded")...); got.status != http.StatusForbidden {
				t.Errorf("%s %s from another site (%s): %d, want 403", method, path, from, got.status)
			}
		}
	})
}

func TestOwnersAloneManagePeople(t *testing.T) {
	w := newWorld(t, func(http.ResponseWriter, *http.Request) {})
	w.signIn()
	_, err := w.s.Store.CreateUser(context.Background(), store.User{ID: store.NewID("u_"), Email: "jo@acme.io", Name: "Jo", Password: hashAt(8, 1, "correct horse battery"), Created: time.Now()})
	must(t, err)
	jar, err := cookiejar.New(nil)
	must(t, err)
	jo := &http.Client{Jar: jar}
	res, err := jo.PostForm(w.url+"/login", url.Values{"email": {"jo@acme.io"}, "password": {"correct horse battery"}})
	must(t, err)
	_ = res.Body.Close()
	tried := 0
	w.every(func(method, route, path string) {
		if !strings.HasPrefix(route, "/settings/users") {
			return
		}
		tried++
		if got := w.send(jo, method, path, "", "Content-Type", "application/x-www-form-urlencoded"); got.status != http.StatusForbidden {
			t.Errorf("%s %s by somebody else: %d, want 403", method, path, got.status)
		}
	})
	if tried < 4 {
		t.Errorf("%d routes were tried", tried)
	}
}

// Answers may hold what only their reader may see: no browser and no proxy keeps them.
func TestNoAnswerIsKeptByCaches(t *testing.T) {
	w := newWorld(t, func(http.ResponseWriter, *http.Request) {})
	w.signIn()
	w.every(func(method, route, path string) {
		if strings.HasSuffix(route, "/stream") || strings.HasSuffix(route, "/live") || strings.Contains(route, "sign-out") || open[route] && !strings.HasPrefix(route, "/login") {
			return
		}
		got := w.send(w.browser, method, path, "", "Content-Type", "application/x-www-form-urlencoded")
		if got.body != "" && !strings.Contains(got.header.Get("Cache-Control"), "no-store") {
			t.Errorf("%s %s: %d may be kept: %q", method, path, got.status, got.header.Get("Cache-Control"))
		}
	})
}
