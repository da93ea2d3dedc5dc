package connectors

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"

	rfc7616 "github.com/icholy/digest"
	"github.com/mccutchen/go-httpbin/v2/httpbin"

	"flowdeck/cards/schema"
	"flowdeck/cards/trace"
)

func TestDigestAndBasicAreTakenByAnotherServer(t *testing.T) {
	s := httptest.NewServer(httpbin.New())
	defer s.Close()
	host := strings.TrimPrefix(s.URL, "http://")
	for _, x := range []struct {
		kind, path, user, password string
		status                     int
	}{
		{"digest", "/digest-auth/auth/jo/sesame", "jo", "sesame", 200},
		{"digest", "/digest-auth/auth/jo/sesame/MD5", "jo", "sesame", 200},
		{"digest", "/digest-auth/auth/jo/sesame/SHA-256", "jo", "sesame", 200},
		{"digest", "/digest-auth/auth/jo/sesame", "jo", "wrong", 401},
		{"basic", "/basic-auth/jo/sesame", "jo", "sesame", 200},
		{"basic", "/basic-auth/j%C3%B6/p%C3%A4%3Ass%20w%C3%B6rd%E2%82%AC", "jö", "pä:ss wörd€", 200},
		{"basic", "/basic-auth/" + url.PathEscape(`a"b\c'd`) + "/" + url.PathEscape("!@#$%^&*()+=~`?<>{}|😀"), `a"b\c'd`, "!@#$%^&*()+=~`?<>{}|😀", 200},
		{"basic", "/basic-auth/jo/sesame", "jo", "wrong", 401},
	} {
		b := newBench(t)
		id := b.add(x.kind, schema.Values{"username": x.user, "password": x.password}, Token{}, host)
		tr := &trace.Trace{}
		res, _, err := b.getIn(trace.With(context.Background(), tr), id, s.URL+x.path)
		if err != nil || res.StatusCode != x.status {
			t.Errorf("%s %s as %s: %v, %v, want %d", x.kind, x.path, x.user, res, err, x.status)
			continue
		}
		for _, e := range tr.Exchanges {
			for _, h := range e.RequestHeaders {
				if h[0] == "Authorization" && h[1] != "Digest "+Mask && h[1] != "Basic "+Mask {
					t.Errorf("the trace shows %q", h[1])
				}
			}
		}
	}
}

// gate is a server that asks for digest answers and checks them by the formulas of RFC 7616.
type gate struct {
	seen
	mu     sync.Mutex
	nonce  string
	counts map[string]bool // nonce and nc that were used
	bodies []string
	asked  int // 401s
}

func newGate(t *testing.T, offer func(nonce string) []string, check func(g *gate, r *http.Request, c map[string]string) bool) *gate {
	t.Helper()
	g := &gate{nonce: "nonce-0", counts: map[string]bool{}}
	g.seen = watch(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		g.mu.Lock()
		defer g.mu.Unlock()
		g.bodies = append(g.bodies, string(body))
		c := parameters(r.Header.Get("Authorization"))
		once := c["nonce"] + "/" + c["nc"]
		if c["nonce"] == g.nonce && !g.counts[once] && check(g, r, c) {
			g.counts[once] = true
			return
		}
		g.asked++
		for _, line := range offer(g.nonce) {
			w.Header().Add("WWW-Authenticate", line)
		}
		w.WriteHeader(http.StatusUnauthorized)
	})
	return g
}

var parameter = regexp.MustCompile(`([a-z*]+)=(?:"((?:[^"\\]|\\.)*)"|([^,\s]+))`)

func parameters(header string) map[string]string {
	c := map[string]string{}
	for _, m := range parameter.FindAllStringSubmatch(header, -1) {
		c[m[1]] = m[2] + m[3]
	}
	return c
}

func sum256(parts ...string) string {
	h := sha256.Sum256([]byte(strings.Join(parts, ":")))
	return hex.EncodeToString(h[:])
}

// right checks a SHA-256 answer of jo with the password sesame.
func right(a1 func(c map[string]string) string) func(*gate, *http.Request, map[string]string) bool {
	return func(_ *gate, r *http.Request, c map[string]string) bool {
		return c["response"] == sum256(a1(c), c["nonce"], c["nc"], c["cnonce"], c["qop"], sum256(r.Method, r.URL.RequestURI())) && c["uri"] == r.URL.RequestURI()
	}
}

func plainKey(map[string]string) string { return sum256("jo", "all", "sesame") }

func sessionKey(c map[string]string) string {
	return sum256(sum256("jo", "all", "sesame"), c["nonce"], c["cnonce"])
}

func TestDigestChallengesOfEveryKind(t *testing.T) {
	for _, x := range []struct {
		name  string
		offer []string
		check func(*gate, *http.Request, map[string]string) bool
		works bool
	}{
		{"SHA-256", []string{`Digest realm="all", qop="auth", algorithm=SHA-256, nonce="%s"`}, right(plainKey), true},
		{"the strongest of several", []string{`Digest realm="all", qop="auth", algorithm=MD5, nonce="%s"`, `Digest realm="all", qop="auth", algorithm=SHA-256, nonce="%[1]s"`}, right(plainKey), true},
		{"several on one line", []string{`Basic realm="x, y", Digest realm="all", qop="auth, auth-int", algorithm=SHA-256, nonce="%s", opaque="o,p", Negotiate`}, right(plainKey), true},
		{"SHA-256-sess", []string{`Digest realm="all", qop="auth", algorithm=SHA-256-sess, nonce="%s"`}, right(sessionKey), true},
		{"auth behind auth-int", []string{`Digest realm="all", qop="auth-int, auth", algorithm=SHA-256, nonce="%s"`}, right(plainKey), true},
		{"small letters", []string{`digest realm="all", qop="AUTH", algorithm=sha-256, nonce="%s"`}, right(plainKey), true},
		{"a comma at the end", []string{`Digest realm="all", qop="auth", algorithm=SHA-256, nonce="%s",`}, right(plainKey), true},
		{"nothing between commas", []string{`Digest realm="all",, qop="auth", ,algorithm=SHA-256, nonce="%s"`}, right(plainKey), true},
		{"tabs", []string{"Digest realm=\"all\",\tqop=\"auth\",\talgorithm=SHA-256\t,\tnonce=\"%s\""}, right(plainKey), true},
		{"names in capitals", []string{`Digest Realm="all", QOP="auth", Algorithm=SHA-256, Nonce="%s"`}, right(plainKey), true},
		{"nothing in quotes", []string{`Digest realm=all, qop=auth, algorithm=SHA-256, nonce=%s, opaque=a_b.c==`},
			func(g *gate, r *http.Request, c map[string]string) bool {
				return c["opaque"] == "a_b.c==" && right(plainKey)(g, r, c)
			}, true},
		{"userhash", []string{`Digest realm="all", qop="auth", algorithm=SHA-256, nonce="%s", userhash=true`},
			func(g *gate, r *http.Request, c map[string]string) bool {
				return c["username"] == sum256("jo", "all") && c["userhash"] == "true" && right(plainKey)(g, r, c)
			}, true},
		{"Basic alone", []string{`Basic realm="all"`}, right(plainKey), false},
		{"an algorithm nobody knows", []string{`Digest realm="all", qop="auth", algorithm=SHA-1, nonce="%s"`}, right(plainKey), false},
		{"no nonce", []string{`Digest realm="all", qop="auth"`}, right(plainKey), false},
		{"nonsense", []string{`Digest ,,=;"`, `"`, ``}, right(plainKey), false},
	} {
		g := newGate(t, func(nonce string) (list []string) {
			for _, o := range x.offer {
				if strings.Contains(o, "%") {
					o = fmt.Sprintf(o, nonce)
				}
				list = append(list, o)
			}
			return list
		}, x.check)
		b := newBench(t)
		id := b.add("digest", schema.Values{"username": "jo", "password": "sesame"}, Token{}, g.host())
		for i := range 3 {
			res, _, err := b.get(id, g.URL+fmt.Sprintf("/a%%20b?n=%d&x=%%2F", i))
			if err != nil || (res.StatusCode == 200) != x.works {
				t.Errorf("%s: got %v, %v, want it to work: %v", x.name, res.StatusCode, err, x.works)
			}
		}
		if x.works && g.asked != 1 {
			t.Errorf("%s: asked %d times, want once for three requests", x.name, g.asked)
		}
	}
}

func TestDigestSendsTheBodyAgainAndGoesWithNewNonces(t *testing.T) {
	g := newGate(t, func(nonce string) []string {
		return []string{`Digest realm="all", qop="auth", algorithm=SHA-256, stale=true, nonce="` + nonce + `"`}
	}, right(plainKey))
	b := newBench(t)
	id := b.add("digest", schema.Values{"username": "jo", "password": "sesame"}, Token{}, g.host())
	client, err := b.clients.Client(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	for i, nonce := range []string{"nonce-1", "nonce-1", "nonce-2"} {
		g.mu.Lock()
		g.nonce = nonce
		g.mu.Unlock()
		res, err := client.Post(g.URL, "text/plain", strings.NewReader("the whole body"))
		if err != nil || res.StatusCode != 200 {
			t.Fatalf("request %d: %v, %v", i, res, err)
		}
		res.Body.Close()
	}
	if g.asked != 2 || len(g.bodies) != 5 {
		t.Errorf("asked %d times for %d requests, want 2 and 5", g.asked, len(g.bodies))
	}
	for _, body := range g.bodies {
		if body != "the whole body" {
			t.Errorf("the body was %q", body)
		}
	}
	res, err := client.Post(g.URL+"?", "text/plain", io.MultiReader(strings.NewReader("cannot be sent again")))
	if err != nil || res.StatusCode != 200 {
		t.Errorf("a body that is read once, with a nonce at hand: %v, %v", res, err)
	}
	res.Body.Close()
}

func TestAWrongDigestPasswordIsTriedOncePerRequest(t *testing.T) {
	g := newGate(t, func(nonce string) []string {
		return []string{`Digest realm="all", qop="auth", algorithm=SHA-256, nonce="` + nonce + `"`}
	}, right(plainKey))
	b := newBench(t)
	id := b.add("digest", schema.Values{"username": "jo", "password": "wrong-pass"}, Token{}, g.host())
	for range 3 {
		if res, _, err := b.get(id, g.URL); err != nil || res.StatusCode != 401 {
			t.Fatal(res, err)
		}
	}
	tries := 0
	for range 6 {
		if r := <-g.requests; r.Header.Get("Authorization") != "" {
			tries++
		}
	}
	if tries != 3 || g.asked != 6 {
		t.Errorf("%d answers in %d requests, want one per request", tries, g.asked)
	}
}

func TestDigestAnswersAsTheRFCDoes(t *testing.T) {
	// RFC 7616, section 3.9.1.
	d := &digest{Username: "Mufasa", Password: "Circle of Life"}
	u, _ := url.Parse("http://www.example.org/dir/index.html")
	for algorithm, want := range map[string]string{"MD5": "8ca523f5e9506fed4657c9700eebdbec", "SHA-256": "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"} {
		d.known = map[string]*challenge{origin(u): {cnonce: "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ",
			Challenge: rfc7616.Challenge{Realm: "http-auth@example.org", Nonce: "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", QOP: []string{"auth"}, Algorithm: algorithm, Opaque: "FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"}}}
		r, _ := http.NewRequest(http.MethodGet, u.String(), nil)
		if err := d.Sign(r, Token{}); err != nil {
			t.Fatal(err)
		}
		if got := parameters(r.Header.Get("Authorization"))["response"]; got != want {
			t.Errorf("%s: %s, want %s", algorithm, got, want)
		}
	}
	// A name that is not ASCII is written as section 3.4 says.
	d = &digest{Username: "Jäsøn \"J\" Doe", Password: "x"}
	d.known = map[string]*challenge{origin(u): {cnonce: "c", Challenge: rfc7616.Challenge{Realm: "r", Nonce: "n", QOP: []string{"auth"}, Algorithm: "SHA-256", Charset: "UTF-8"}}}
	r, _ := http.NewRequest(http.MethodGet, u.String(), nil)
	if err := d.Sign(r, Token{}); err != nil {
		t.Fatal(err)
	}
	if got := r.Header.Get("Authorization"); !strings.HasPrefix(got, `Digest username*=UTF-8''J%C3%A4s%C3%B8n%20%22J%22%20Doe, realm="r"`) {
		t.Errorf("got %s", got)
	}
}
