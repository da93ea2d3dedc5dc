package connectors

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"flowdeck/cards/schema"
)

// The secrets that no redirect may carry away: of the connection, and of the card.
const (
	ofHeader, ofQuery, ofBasic, ofCard, ofCookie = "header-12345678", "query-12345678", "basic-12345678", "card-12345678", "cookie-12345678"
)

// leaks lists which secrets stand anywhere in r.
func leaks(r *http.Request) (list []string) {
	var b strings.Builder
	_ = r.Header.Write(&b)
	raw := r.URL.String() + "\n" + b.String()
	if user, password, ok := r.BasicAuth(); ok {
		raw += user + ":" + password
	}
	for _, s := range []string{ofHeader, ofQuery, ofBasic, ofCard, ofCookie} {
		if strings.Contains(raw, s) {
			list = append(list, s)
		}
	}
	return list
}

func TestNoRedirectCarriesACredentialElsewhere(t *testing.T) {
	cases := 0
	statuses := []int{301, 302, 303, 307, 308}
	kinds := map[string]schema.Values{
		"header": {"headers": []any{schema.Values{"name": "X-Api-Key", "value": ofHeader}, schema.Values{"name": "Accept-Language", "value": ofHeader + "-too"}},
			"query": []any{schema.Values{"name": "key", "value": ofQuery}}},
		"basic":  {"username": "u", "password": ofBasic},
		"bearer": {"headers": []any{schema.Values{"name": "Authorization", "value": "Bearer " + ofHeader}}},
	}
	for kind, settings := range kinds {
		for _, status := range statuses {
			for name, to := range map[string]func(home, other seen) string{
				"another port":                  func(_, other seen) string { return other.URL + "/end" },
				"another name of the same host": func(home, _ seen) string { return strings.Replace(home.URL, "127.0.0.1", "localhost", 1) + "/end" },
				"another address":               func(home, _ seen) string { return strings.Replace(home.URL, "127.0.0.1", "127.0.0.2", 1) + "/end" },
				"a user in the address":         func(_, other seen) string { return strings.Replace(other.URL, "://", "://u:p@", 1) + "/end" },
				"our host as the user":          func(home, other seen) string { return "http://" + home.host() + "@" + other.host() + "/end" },
				"no scheme":                     func(_, other seen) string { return "//" + other.host() + "/end" },
				"the secret in its query":       func(_, other seen) string { return other.URL + "/end?a=1&key=" + ofQuery },
				"the number of the address": func(home, _ seen) string {
					return strings.Replace(home.URL, "127.0.0.1", "[::ffff:127.0.0.1]", 1) + "/end"
				},
			} {
				if name == "the secret in its query" && kind != "header" {
					continue
				}
				cases++
				b := newBench(t)
				var home seen
				other := watch(t, ok)
				home = watchAll(t, func(w http.ResponseWriter, r *http.Request) {
					if r.URL.Path == "/end" {
						return
					}
					w.Header().Set("Location", to(home, other))
					w.Header().Set("Set-Cookie", "session="+ofCookie)
					w.WriteHeader(status)
				})
				id := b.add(strings.Replace(kind, "bearer", "header", 1), settings, Token{}, home.host())
				first, last := b.follow(id, home, other)
				if got := leaks(last); len(got) > 0 {
					t.Errorf("%s, %d to %s: %s %s got %v", kind, status, name, last.Method, last.URL, got)
				}
				if len(leaks(first)) < 2 {
					t.Errorf("%s: the first request carried only %v", kind, leaks(first))
				}
			}
		}
	}
	t.Logf("%d redirects tried", cases)
}

// watchAll is watch, reachable at every address of this machine.
func watchAll(t *testing.T, answer http.HandlerFunc) seen {
	t.Helper()
	l, err := net.Listen("tcp", ":0")
	if err != nil {
		t.Fatal(err)
	}
	s := seen{requests: make(chan *http.Request, 100)}
	s.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.requests <- r.Clone(context.Background())
		answer(w, r)
	}))
	s.Listener.Close()
	s.Listener = l
	s.Start()
	_, port, _ := net.SplitHostPort(l.Addr().String())
	s.URL = "http://127.0.0.1:" + port
	t.Cleanup(s.Close)
	return s
}

// follow sends a request with everything that a card may carry, and returns how it
// came to home and how it came to the end.
func (b *bench) follow(id string, home, other seen) (first, last *http.Request) {
	b.t.Helper()
	client, err := b.clients.Client(b.t.Context(), id)
	if err != nil {
		b.t.Fatal(err)
	}
	r, _ := http.NewRequest(http.MethodPost, home.URL+"/begin", strings.NewReader("x"))
	r.Header.Set("X-Of-The-Card", ofCard)
	r.Header.Set("Proxy-Authorization", "Basic "+ofCard)
	r.Header.Set("Cookie", "of="+ofCard)
	r.Header.Set("Referer", home.URL+"/?"+ofCard)
	res, err := client.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	res.Body.Close()
	first = <-home.requests
	select {
	case last = <-other.requests:
	case last = <-home.requests:
	}
	return first, last
}

func TestRedirectsFromSafeToUnsafeDropCredentials(t *testing.T) {
	a := newAuthority(t)
	plain := watch(t, ok)
	host, port, _ := net.SplitHostPort(plain.host())
	home := a.secure(t, "127.0.0.1", func(s *httptest.Server) {
		s.Config.Handler = http.RedirectHandler(plain.URL+"/end", http.StatusTemporaryRedirect)
	})
	b := newBench(t)
	id := b.with(schema.Values{"ca": a.pem}, "basic", schema.Values{"username": "u", "password": ofBasic}, strings.TrimPrefix(home.URL, "https://"), host+":"+port)
	if _, _, err := b.get(id, home.URL); err != nil {
		t.Fatal(err)
	}
	if r := <-plain.requests; len(leaks(r)) > 0 {
		t.Errorf("plain HTTP got %v", leaks(r))
	}
}

func TestRedirectsToOtherSchemesAreNotFollowed(t *testing.T) {
	for _, to := range []string{"file:///etc/passwd", "gopher://127.0.0.1/", "ftp://127.0.0.1/", "javascript:alert(1)", "data:text/plain,x", "http://", "http:///x", "unix:///var/run/docker.sock"} {
		s := watch(t, func(w http.ResponseWriter, r *http.Request) { w.Header().Set("Location", to); w.WriteHeader(302) })
		if _, _, err := newBench(t).get("", s.URL); err == nil {
			t.Errorf("%s was followed", to)
		}
		if len(s.requests) != 1 {
			t.Errorf("%s: %d requests", to, len(s.requests))
		}
	}
}

func TestHostsAreComparedAsServersUnderstandThem(t *testing.T) {
	for _, x := range []struct {
		host, at string
		same     bool
	}{
		{"api.example.com", "https://api.example.com/", true},
		{"api.example.com", "https://API.Example.COM./x", true},
		{"api.example.com", "https://api.example.com:443/", true},
		{"api.example.com", "http://api.example.com:80/", true},
		{"api.example.com", "http://api.example.com:443/", false},
		{"api.example.com", "https://api.example.com:8443/", false},
		{"api.example.com:8443", "https://api.example.com:8443/", true},
		{"api.example.com:8443", "https://api.example.com/", false},
		{"api.example.com", "https://api.example.com.evil.example/", false},
		{"api.example.com", "https://evil.example/api.example.com", false},
		{"api.example.com", "https://api.example.com@evil.example/", false},
		{"api.example.com", "https://evil.example#@api.example.com/", false},
		{"api.example.com", "https://evil.example?@api.example.com/", false},
		{"api.example.com", "https://xapi.example.com/", false},
		{"api.example.com", "https://example.com/", false},
		{"*.example.com", "https://a.example.com/", true},
		{"*.example.com", "https://a.b.example.com/", true},
		{"*.example.com", "https://example.com/", false},
		{"*.example.com", "https://.example.com/", false},
		{"*.example.com", "https://evilexample.com/", false},
		{"*.example.com", "https://a.example.com:8443/", false},
		{"bücher.example", "https://xn--bcher-kva.example/", true},
		{"xn--bcher-kva.example", "https://BÜCHER.example/", true},
		{"api.example.com", "https://api。example。com/", true},
		{"аpi.example.com", "https://api.example.com/", false}, // a Cyrillic а
		{"10.0.0.5:8443", "https://10.0.0.5:8443/", true},
		{"10.0.0.5", "https://10.0.0.50/", false},
		{"[::1]:8080", "http://[::1]:8080/", true},
	} {
		hosts, wrong := ParseHosts(x.host)
		u, err := url.Parse(x.at)
		if wrong != "" || err != nil {
			t.Fatalf("%s, %s: %s %v", x.host, x.at, wrong, err)
		}
		if got := bound(hosts, u); got != x.same {
			t.Errorf("a credential for %s goes to %s: %v, want %v", x.host, x.at, got, x.same)
		}
	}
}
