package connectors

import (
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"flowdeck/cards/schema"
	"flowdeck/cards/trace"
)

// echo answers with what it was sent, as an API that repeats its callers does.
func echo(t *testing.T) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.Header().Set("X-Seen", r.Header.Get("Authorization")+r.Header.Get("X-Api-Key"))
		_, _ = io.WriteString(w, r.Method+" "+r.URL.String()+"\n"+r.Header.Get("Authorization")+"\n"+r.Header.Get("X-Api-Key")+"\n"+string(body))
	}))
	t.Cleanup(s.Close)
	return s
}

// seen is a server that notes what it is sent.
type seen struct {
	*httptest.Server
	requests chan *http.Request
}

func watch(t *testing.T, answer http.HandlerFunc) seen {
	t.Helper()
	s := seen{requests: make(chan *http.Request, 1000)}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.requests <- r.Clone(context.Background())
		answer(w, r)
	}))
	t.Cleanup(s.Close)
	return s
}

func (s seen) host() string { return strings.TrimPrefix(s.URL, "http://") }

func ok(http.ResponseWriter, *http.Request) {}

func (b *bench) get(id, at string) (*http.Response, string, error) {
	b.t.Helper()
	return b.getIn(context.Background(), id, at)
}

func (b *bench) getIn(ctx context.Context, id, at string) (*http.Response, string, error) {
	b.t.Helper()
	client, err := b.clients.Client(ctx, id)
	if err != nil {
		return nil, "", err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, at, nil)
	if err != nil {
		b.t.Fatal(err)
	}
	res, err := client.Do(r)
	if err != nil {
		return nil, "", err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return res, string(body), nil
}

func TestTypesSignRequests(t *testing.T) {
	for _, x := range []struct {
		kind     string
		settings schema.Values
		header   string
		want     string
		query    string
	}{
		{"none", nil, "Authorization", "", ""},
		{"basic", schema.Values{"username": "ünï", "password": "pä:ss wörd"}, "Authorization", "Basic w7xuw686cMOkOnNzIHfDtnJk", ""},
		{"basic", schema.Values{"username": "key-only"}, "Authorization", "Basic a2V5LW9ubHk6", ""},
		{"header", schema.Values{"headers": []any{schema.Values{"name": "x-api-key", "value": "k-1"}, schema.Values{"name": "X-Tenant", "value": "acme"}}}, "X-Api-Key", "k-1", ""},
		{"header", schema.Values{"query": []any{schema.Values{"name": "api key", "value": "a&b=c"}}}, "X-Api-Key", "", "a&b=c"},
	} {
		b, s := newBench(t), watch(t, ok)
		id := b.add(x.kind, x.settings, Token{}, s.host())
		if _, _, err := b.get(id, s.URL+"/v1?page=2"); err != nil {
			t.Fatalf("%s: %v", x.kind, err)
		}
		r := <-s.requests
		if got := r.Header.Get(x.header); got != x.want {
			t.Errorf("%s: %s = %q, want %q", x.kind, x.header, got, x.want)
		}
		if got := r.URL.Query().Get("api key"); got != x.query || r.URL.Query().Get("page") != "2" {
			t.Errorf("%s: query = %q, want the key %q beside page", x.kind, r.URL.RawQuery, x.query)
		}
	}
}

func TestTypesSayWhatIsWrongWithTheirSettings(t *testing.T) {
	oauth := func(change schema.Values) schema.Values {
		v := schema.Values{"authorize_url": "https://a.example/auth", "token_url": "https://a.example/token", "client_id": "id", "client_secret": "s"}
		for k, x := range change {
			v[k] = x
		}
		return v
	}
	for _, x := range []struct {
		kind, field string
		settings    schema.Values
	}{
		{"basic", "username", schema.Values{"password": "x"}},
		{"basic", "username", schema.Values{"username": "a:b"}},
		{"header", "headers", schema.Values{}},
		{"header", "headers.0.name", schema.Values{"headers": []any{schema.Values{"name": "a b", "value": "x"}}}},
		{"header", "headers.0.name", schema.Values{"headers": []any{schema.Values{"name": "Content-Length", "value": "1"}}}},
		{"header", "headers.1.name", schema.Values{"headers": []any{schema.Values{"name": "X-A", "value": "x"}, schema.Values{"name": "x-a", "value": "y"}}}},
		{"header", "headers.0.value", schema.Values{"headers": []any{schema.Values{"name": "X-A", "value": "x\r\nEvil: 1"}}}},
		{"oauth_code", "token_url", oauth(schema.Values{"token_url": "https://u:p@a.example/"})},
		{"oauth_code", "pkce", oauth(schema.Values{"client_secret": "", "pkce": "false"})},
		{"oauth_code", "authorize_params", oauth(schema.Values{"authorize_params": schema.Values{"state": "mine"}})},
		{"oauth_code", "client_auth", oauth(schema.Values{"client_auth": "magic"})},
		{"client_credentials", "client_secret", schema.Values{"token_url": "https://a.example/token", "client_id": "id"}},
	} {
		kind, _ := AllTypes().Type(x.kind)
		_, err := kind.Auth(x.settings)
		var p schema.Problems
		if !errors.As(err, &p) || p[0].Field != x.field {
			t.Errorf("%s with %v: got %v, want a problem of %s", x.kind, x.settings, err, x.field)
		}
	}
}

func TestCredentialsStayAtTheirHosts(t *testing.T) {
	b, home, other := newBench(t), watch(t, ok), watch(t, ok)
	id := b.add("header", schema.Values{"headers": []any{schema.Values{"name": "X-Api-Key", "value": "k-12345678"}}}, Token{}, home.host())
	if _, _, err := b.get(id, home.URL); err != nil {
		t.Fatal(err)
	}
	_, _, err := b.get(id, other.URL)
	var refused *SignInError
	if !errors.As(err, &refused) || refused.CardCode() != "sign_in" || !strings.Contains(err.Error(), other.host()) || !strings.Contains(err.Error(), home.host()) {
		t.Errorf("got %v, want an error that names both hosts", err)
	}
	if len(other.requests) != 0 {
		t.Error("the other host was called")
	}
	if strings.Contains(err.Error(), "k-12345678") {
		t.Error("the error holds the key")
	}
}

func TestHostsAreReadAndCompared(t *testing.T) {
	for _, x := range []struct{ text, want, wrong string }{
		{"API.acme.io", "api.acme.io", ""},
		{"https://api.acme.io/v1/x, *.acme.io:8443", "api.acme.io|*.acme.io:8443", ""},
		{"http://localhost:9000/x 10.0.0.5:8443 [::1]:80", "localhost:9000|10.0.0.5:8443|[::1]:80", ""},
		{"api.acme.io api.acme.io", "api.acme.io", ""},
		{"*", "", "cover too much"}, {"*.io", "", "cover too much"}, {"a.*.io", "", "cover too much"},
		{"user@api.acme.io", "", "not a host"}, {"acme", "", "not a whole host"}, {"", "", ""},
	} {
		got, wrong := ParseHosts(x.text)
		if strings.Join(got, "|") != x.want || !strings.Contains(wrong, x.wrong) || (wrong == "") != (x.wrong == "") {
			t.Errorf("ParseHosts(%q) = %v, %q, want %q, %q", x.text, got, wrong, x.want, x.wrong)
		}
	}
	hosts := []string{"api.acme.io", "*.acme.dev", "*.acme.test:8443", "10.0.0.5:9000"}
	for at, want := range map[string]bool{
		"https://api.acme.io/": true, "http://API.ACME.IO:80/": true, "https://api.acme.io:443/": true, "https://api.acme.io./": true,
		"https://api.acme.io:444/": false, "https://x.api.acme.io/": false, "https://acme.io/": false, "https://evilapi.acme.io/": false, "https://api.acme.io.evil.io/": false,
		"https://a.acme.dev/": true, "https://a.b.acme.dev/": true, "https://acme.dev/": false, "https://evilacme.dev/": false,
		"https://a.acme.test:8443/": true, "https://a.acme.test/": false, "http://10.0.0.5:9000/": true, "http://10.0.0.5/": false,
		"https://api.acme.io@evil.io/": false,
	} {
		u, err := url.Parse(at)
		if err != nil {
			t.Fatal(err)
		}
		if got := bound(hosts, u); got != want {
			t.Errorf("bound(%s) = %v, want %v", at, got, want)
		}
	}
}

func TestTracesShowEverythingButSecrets(t *testing.T) {
	b, s := newBench(t), echo(t)
	id := b.add("header", schema.Values{
		"headers": []any{schema.Values{"name": "X-Api-Key", "value": "k/12345678+\"é"}},
		"query":   []any{schema.Values{"name": "key", "value": "q-12345678"}, schema.Values{"name": "pin", "value": "42"}},
	}, Token{}, strings.TrimPrefix(s.URL, "http://"))
	tr := &trace.Trace{}
	client, err := b.clients.Client(context.Background(), id)
	if err != nil {
		t.Fatal(err)
	}
	r, _ := http.NewRequestWithContext(trace.With(context.Background(), tr), http.MethodPost, s.URL+"/v1?x=q-12345678", strings.NewReader(`{"k":"k/12345678+\"é"}`))
	res, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(res.Body)
	res.Body.Close()
	if err != nil {
		t.Fatal(err)
	}
	if len(tr.Exchanges) != 1 {
		t.Fatalf("%d exchanges, want 1", len(tr.Exchanges))
	}
	x := tr.Exchanges[0]
	for where, text := range map[string]string{"URL": x.URL, "request body": x.RequestBody, "answer": string(body), "answer's header": res.Header.Get("X-Seen"),
		"request headers": flat(x.RequestHeaders), "response headers": flat(x.ResponseHeaders)} {
		if strings.Contains(text, "12345678") || where != "answer" && strings.Contains(text, "pin=42") {
			t.Errorf("the %s shows a secret: %s", where, text)
		}
	}
	if !strings.Contains(x.URL, "x="+Mask) || !strings.Contains(x.URL, "pin="+Mask) || !strings.Contains(x.RequestBody, Mask) || !strings.Contains(string(body), Mask) {
		t.Errorf("no mask in %s, %s, %s", x.URL, x.RequestBody, body)
	}
	if x.Method != "POST" || x.Status != 200 || x.Total <= 0 || x.Wait <= 0 || x.Connect <= 0 || x.Address == "" || x.Proto != "HTTP/1.1" ||
		x.RequestSize != 23 || x.ResponseSize == 0 || !strings.Contains(flat(x.RequestHeaders), "User-Agent=Flowdeck") {
		t.Errorf("exchange = %+v", x)
	}
}

func flat(h [][2]string) string {
	var b strings.Builder
	for _, x := range h {
		b.WriteString(x[0] + "=" + x[1] + "\n")
	}
	return b.String()
}

func TestClientsFollowChangesOfTheirConnection(t *testing.T) {
	b, s := newBench(t), watch(t, ok)
	id := b.add("basic", schema.Values{"username": "u", "password": "old-password"}, Token{}, s.host())
	first, err := b.clients.Client(context.Background(), id)
	if err != nil {
		t.Fatal(err)
	}
	if again, _ := b.clients.Client(context.Background(), id); again != first {
		t.Error("a second client was made for an unchanged connection")
	}
	change := func() {
		err := b.storage.UpdateConnection(context.Background(), id, func(c *Connection) error {
			return b.vault.Seal(c, Secrets{Settings: schema.Values{"username": "u", "password": "new-password"}})
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	change()
	b.sleep(3e9)
	if again, _ := b.clients.Client(context.Background(), id); again == first {
		t.Error("a change by another process is not seen after 3 s")
	}
	before, _ := b.clients.Client(context.Background(), id)
	change()
	b.clients.Forget(id)
	if again, _ := b.clients.Client(context.Background(), id); again == before {
		t.Error("a change of our own is not seen at once")
	}
	delete(b.storage.rows, id)
	b.clients.Forget(id)
	_, err = b.clients.Client(context.Background(), id)
	var gone *SignInError
	if !errors.As(err, &gone) || !errors.Is(err, ErrNoConnection) {
		t.Errorf("got %v, want a sign-in error for a deleted connection", err)
	}
}

func TestUseIsNotedOncePerMinute(t *testing.T) {
	b, s := newBench(t), watch(t, ok)
	id := b.add("none", nil, Token{})
	for range 20 {
		if _, _, err := b.get(id, s.URL); err != nil {
			t.Fatal(err)
		}
	}
	b.sleep(61e9)
	if _, _, err := b.get(id, s.URL); err != nil {
		t.Fatal(err)
	}
	b.clients.Close()
	if b.storage.touched != 2 {
		t.Errorf("noted %d times, want 2", b.storage.touched)
	}
}

func TestPackedAnswersAndOddRedirectsShowNoSecret(t *testing.T) {
	b := newBench(t)
	s := watch(t, func(w http.ResponseWriter, r *http.Request) {
		key := r.Header.Get("X-Api-Key")
		switch r.URL.Path {
		case "/packed":
			w.Header().Set("Content-Encoding", "gzip")
			z := gzip.NewWriter(w)
			_, _ = io.WriteString(z, "your key is "+key)
			_ = z.Close()
		case "/choices":
			w.Header().Set("Location", "/?key="+key)
			w.WriteHeader(http.StatusMultipleChoices)
		case "/broken":
			w.Header().Set("Location", "http://[/?key="+key)
			w.WriteHeader(http.StatusFound)
		}
	})
	id := b.add("header", schema.Values{"headers": []any{schema.Values{"name": "X-Api-Key", "value": "k-12345678"}}}, Token{}, s.host())
	client, err := b.clients.Client(context.Background(), id)
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/packed", "/choices", "/broken"} {
		r, _ := http.NewRequest(http.MethodGet, s.URL+path, nil)
		r.Header.Set("Accept-Encoding", "gzip")
		res, err := client.Do(r)
		shown := fmt.Sprint(err)
		if err == nil {
			body, err := io.ReadAll(res.Body)
			res.Body.Close()
			shown = fmt.Sprint(string(body), res.Header, err)
		}
		if strings.Contains(shown, "12345678") || !strings.Contains(shown, Mask) && path != "/broken" {
			t.Errorf("%s shows %s", path, shown)
		}
	}
}
