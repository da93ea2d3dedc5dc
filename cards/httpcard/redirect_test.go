package httpcard

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

// led sends a request to a server that redirects it once and returns what arrived there.
func led(t *testing.T, card cards.Card, status int, in schema.Values) (method, body, kind string) {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/from" {
			_, _ = io.Copy(io.Discard, r.Body)
			w.Header().Set("Location", "/to")
			w.WriteHeader(status)
			return
		}
		data, _ := io.ReadAll(r.Body)
		method, body, kind = r.Method, string(data), r.Header.Get("Content-Type")
	}))
	defer s.Close()
	in["url"] = s.URL + "/from"
	if _, err := card.Call(t.Context(), cards.Env{HTTP: s.Client()}, in); err != nil {
		t.Fatalf("%s at %d: %v", card.Name, status, err)
	}
	return method, body, kind
}

func TestMethodsOverRedirects(t *testing.T) {
	for _, c := range []struct {
		card   cards.Card
		status int
		want   string
	}{
		{Post, 301, "GET"}, {Post, 302, "GET"}, {Post, 303, "GET"}, {Post, 307, "POST {} application/json"}, {Post, 308, "POST {} application/json"},
		{Put, 301, "PUT {} application/json"}, {Put, 302, "PUT {} application/json"}, {Put, 303, "GET"}, {Put, 307, "PUT {} application/json"},
		{Patch, 302, "PATCH {} application/json"}, {Delete, 301, "DELETE {} application/json"}, {Delete, 303, "GET"}, {Delete, 308, "DELETE {} application/json"},
	} {
		method, body, kind := led(t, c.card, c.status, schema.Values{"body": schema.Values{}})
		if got := strings.TrimSpace(method + " " + body + " " + kind); got != c.want {
			t.Errorf("%s at %d became %q, want %q", c.card.Title, c.status, got, c.want)
		}
	}
	if method, _, _ := led(t, Raw, 303, schema.Values{"method": "HEAD"}); method != "HEAD" {
		t.Errorf("HEAD at 303 became %s", method)
	}
	if method, body, _ := led(t, Raw, 302, schema.Values{"method": "REPORT", "body": "x"}); method != "REPORT" || body != "x" {
		t.Errorf("REPORT at 302 became %s with %q", method, body)
	}
}

func TestChainsOfRedirectsKeepTheBody(t *testing.T) {
	_, e := get(t, func(w http.ResponseWriter, r *http.Request) {}, nil)
	if e != nil {
		t.Fatal(e)
	}
	var seen []string
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		data, _ := io.ReadAll(r.Body)
		seen = append(seen, r.Method+" "+r.URL.Path+" "+string(data))
		switch r.URL.Path {
		case "/a":
			w.Header().Set("Location", "/b")
			w.WriteHeader(http.StatusMovedPermanently)
		case "/b":
			w.Header().Set("Location", "/c")
			w.WriteHeader(http.StatusTemporaryRedirect)
		}
	}))
	defer s.Close()
	_, err := Put.Call(t.Context(), cards.Env{HTTP: s.Client()}, schema.Values{"url": s.URL + "/a", "body": int64(7)})
	if got := strings.Join(seen, ", "); err != nil || got != "PUT /a 7, PUT /b 7, PUT /c 7" {
		t.Errorf("got %s, %v", got, err)
	}
}

func TestRedirectsAreCounted(t *testing.T) {
	endless := func(w http.ResponseWriter, r *http.Request) {
		n := 0
		fmt.Sscanf(r.URL.Path, "/%d", &n)
		http.Redirect(w, r, fmt.Sprintf("/%d?secret=hunter2", n+1), http.StatusFound)
	}
	_, e := get(t, endless, schema.Values{"redirects": 3})
	wantError(t, e, cards.CodeTooManyRedirects, "redirects once more after 3 redirects, which is the most that this card follows: http://", false)
	if strings.Contains(e.Message, "hunter2") || !strings.HasSuffix(e.Message, "/4") {
		t.Errorf("message = %s, want the hops without their queries", e.Message)
	}
	if e.Details["status_code"] != int64(302) {
		t.Errorf("details = %v, want the last redirect", e.Details)
	}
	out, e := get(t, endless, schema.Values{"redirects": 0})
	if e != nil || out["status_code"] != int64(302) || out["headers"].(schema.Values)["location"] != "/1?secret=hunter2" {
		t.Errorf("a redirect that is not followed gave %v, %v, want the redirect itself", out, e)
	}
	_, e = get(t, func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusNotFound) }, schema.Values{"redirects": 0})
	wantError(t, e, "http_404", "404", false)
	_, e = get(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, map[string]string{"/x": "/y", "/y": "/x"}[r.URL.Path], 302)
	}, nil)
	wantError(t, e, cards.CodeRedirectLoop, "/x → http://", false)
}
