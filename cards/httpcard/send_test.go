package httpcard

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"flowdeck/cards"
	"flowdeck/cards/cardtest"
	"flowdeck/cards/schema"
)

// sent runs a card and returns the request that came out of it.
func sent(t *testing.T, c cards.Card, in schema.Values) (*http.Request, string, error) {
	t.Helper()
	var got *http.Request
	var body []byte
	env := cardtest.Env(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got = r
		body, _ = io.ReadAll(r.Body)
	}))
	in["url"] = "https://api.example.com/a"
	if in["address"] != nil {
		in["url"] = in["address"]
		delete(in, "address")
	}
	_, err := c.Call(t.Context(), env, in)
	return got, string(body), err
}

func TestRequestSaysWhoItIs(t *testing.T) {
	for _, c := range []struct {
		card cards.Card
		key  string
	}{{Get, ""}, {Post, "r_1/step"}, {Put, ""}, {Patch, "r_1/step"}, {Delete, ""}} {
		r, _, err := sent(t, c.card, schema.Values{})
		if err != nil || r.Header.Get("User-Agent") != "Flowdeck" || r.Header.Get("Idempotency-Key") != c.key {
			t.Errorf("%s sent %v, %v, want the key %q", c.card.Name, r.Header, err, c.key)
		}
	}
	r, _, err := sent(t, Raw, schema.Values{"method": "post", "headers": schema.Values{"idempotency-key": "own", "User-Agent": "me"}})
	if err != nil || r.Method != "POST" || r.Header.Get("Idempotency-Key") != "own" || r.Header.Get("User-Agent") != "me" {
		t.Errorf("raw sent %s %v, %v, want the author's own headers", r.Method, r.Header, err)
	}
}

func TestBodies(t *testing.T) {
	for _, c := range []struct {
		in         schema.Values
		body, kind string
	}{
		{schema.Values{"body": schema.Values{"n": json.Number("12345678901234567890")}}, `{"n":12345678901234567890}`, "application/json"},
		{schema.Values{"body": []any{int64(1), "a"}}, `[1,"a"]`, "application/json"},
		{schema.Values{"body": "text"}, `"text"`, "application/json"},
		{schema.Values{"body": false}, `false`, "application/json"},
		{schema.Values{"body": nil}, "", ""},
		{schema.Values{"body_type": "text", "body": "a=1"}, "a=1", "text/plain; charset=utf-8"},
		{schema.Values{"body_type": "text", "body": 7}, "7", "text/plain; charset=utf-8"},
		{schema.Values{"body": schema.Values{}, "headers": schema.Values{"content-TYPE": "application/vnd.api+json"}}, "{}", "application/vnd.api+json"},
	} {
		r, body, err := sent(t, Post, c.in)
		if err != nil || body != c.body || r.Header.Get("Content-Type") != c.kind {
			t.Errorf("Post(%v) sent %q as %q, %v, want %q as %q", c.in, body, r.Header.Get("Content-Type"), err, c.body, c.kind)
		}
	}
}

func TestAddresses(t *testing.T) {
	for _, c := range []struct {
		url   string
		query schema.Values
		want  string
	}{
		{"https://api.example.com", nil, "/"},
		{" https://api.example.com/a b/ü?x=1#part ", nil, "/a%20b/%C3%BC?x=1"},
		{"https://api.example.com/a?q=a b&p=ü\"", nil, "/a?q=a%20b&p=%C3%BC%22"},
		{"https://api.example.com/a%2Fb?q=%20", schema.Values{"n": int64(1), "ok": true, "none": nil, "l": []any{"x", nil, 2.5}}, "/a%2Fb?q=%20&l=x&l=2.5&n=1&ok=true"},
		{"https://api.example.com/a?", schema.Values{"a&b": "c d&e"}, "/a?a%26b=c+d%26e"},
	} {
		r, _, err := sent(t, Get, schema.Values{"address": c.url, "query": c.query})
		if err != nil {
			t.Errorf("%s: %v", c.url, err)
		} else if got := r.URL.RequestURI(); got != c.want {
			t.Errorf("%s with %v asked for %s, want %s", c.url, c.query, got, c.want)
		}
	}
}

func TestInputsThatCannotBeSent(t *testing.T) {
	for _, c := range []struct {
		in   schema.Values
		want string
	}{
		{schema.Values{"address": "api.example.com/a"}, `url: must begin with https:// or http://, got text "api.example.com/a"`},
		{schema.Values{"address": "ftp://a/b"}, `url: must begin with https:// or http://, got "ftp:"`},
		{schema.Values{"address": "https:///a"}, "url: has no host; write it as https://host/path"},
		{schema.Values{"address": "https://maya:hunter2@a/b"}, "url: must not hold a user name or password; put them in a connection of type Basic"},
		{schema.Values{"address": "https://a:99999/"}, "url: has the port 99999; ports go from 1 to 65535"},
		{schema.Values{"address": "https://a/%zz?token=hunter2"}, "url: cannot be read as an address: a % must be followed by two hexadecimal digits; check for spaces and stray characters"},
		{schema.Values{"address": "https://exa mple.com/"}, "url: cannot be read as an address: the host has a character that hosts cannot have; check for spaces and stray characters"},
		{schema.Values{"address": "https://a/\x00hunter2"}, "url: cannot be read as an address: net/url: invalid control character in URL; check for spaces and stray characters"},
		{schema.Values{"address": "https://a:b\"hunter2/"}, "url: cannot be read as an address: invalid port; check for spaces and stray characters"},
		{schema.Values{"query": schema.Values{"a": []any{"x", []any{}}}}, "query.a.1: must be text, got a list of 0; only lists written with indices can hold it"},
		{schema.Values{"headers": schema.Values{"X-A": schema.Values{}}}, "headers.X-A: must be text or a list of texts, got an object"},
		{schema.Values{"headers": schema.Values{"X Y": "a"}}, "headers.X Y: is not a header name; use letters, digits and dashes"},
		{schema.Values{"headers": schema.Values{"X-A": "a\r\nX-B: b"}}, "headers.X-A: must be one line without control characters; remove its line breaks"},
		{schema.Values{"headers": schema.Values{"host": "evil"}}, "headers.host: cannot be set: it is worked out from the rest; remove it"},
		{schema.Values{"timeout": "2h"}, `timeout: must be more than 0s and at most 1h, got text "2h"`},
		{schema.Values{"accept_status": "40x"}, `accept_status: must be statuses such as 404 or 5xx, with commas between them, got text "40x"`},
		{schema.Values{"body_type": "text", "body": schema.Values{}}, "body: must be text, got an object; choose the body type JSON to send it"},
	} {
		r, _, err := sent(t, Post, c.in)
		if e := cards.ErrorOf(err); r != nil || e == nil || e.Code != cards.CodeInvalidInput || e.Message != c.want {
			t.Errorf("Post(%v) = %v\nwant %s", c.in, err, c.want)
		}
	}
	for method, want := range map[string]string{"CONNECT": "cannot be CONNECT", "a b": "must be a method such as GET"} {
		if _, _, err := sent(t, Raw, schema.Values{"method": method}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Raw %q = %v, want %s", method, err, want)
		}
	}
}

func TestAnswers(t *testing.T) {
	for _, c := range []struct {
		name, kind, body string
		want             any
	}{
		{"JSON", "application/json; charset=utf-8", `{"n":12345678901234567890}`, schema.Values{"n": json.Number("12345678901234567890")}},
		{"a dialect of JSON", "application/problem+json", `[1]`, []any{int64(1)}},
		{"JSON with a mark", "application/json", "\xef\xbb\xbf{}", schema.Values{}},
		{"JSON in UTF-16", "application/json", "\xff\xfe1\x00", int64(1)},
		{"empty JSON", "application/json", " ", nil},
		{"no type", "-", `{"a":1}`, schema.Values{"a": int64(1)}},
		{"no type and no JSON", "-", `hello`, "hello"},
		{"unknown type", "application/octet-stream", `true`, true},
		{"plain text that is an object", "text/plain; charset=utf-8", ` {"a":1} `, schema.Values{"a": int64(1)}},
		{"plain text", "text/plain", `12`, "12"},
		{"HTML", "text/html", `{"a":1}`, `{"a":1}`},
		{"Latin-1", "text/plain; charset=iso-8859-1", "M\xfcller", "Müller"},
		{"Shift JIS", "text/plain; charset=Shift_JIS", "\x93\xfa", "日"},
		{"HTML that names its set", "text/html", "<meta charset=iso-8859-1>M\xfcller", "<meta charset=iso-8859-1>Müller"},
		{"JSON in Latin-1", "application/json; charset=latin1", "\"M\xfcller\"", "Müller"},
		{"bytes", "image/png", "\x89PNG\xff", "iVBOR/8="},
		{"nothing", "text/plain", "", nil},
	} {
		out, e := get(t, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", c.kind)
			if c.kind == "-" {
				w.Header()["Content-Type"] = nil
			}
			fmt.Fprint(w, c.body)
		}, nil)
		if e != nil || !reflect.DeepEqual(out["body"], c.want) {
			t.Errorf("%s = %#v, %v, want %#v", c.name, out["body"], e, c.want)
		}
	}
}

func TestAnswersWithoutABody(t *testing.T) {
	for _, status := range []int{204, 205, 304} {
		out, e := get(t, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(status)
		}, schema.Values{"accept_status": "304"})
		if e != nil || out["body"] != nil || out["status_code"] != int64(status) {
			t.Errorf("%d = %v, %v, want no body", status, out, e)
		}
	}
}

func TestHeadersComeOut(t *testing.T) {
	out, e := get(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header()["X-Many"] = []string{"a", "b"}
		w.Header()["Set-Cookie"] = []string{"a=1", "b=2"}
		w.Header().Set("X-One", "c")
	}, nil)
	h, _ := out["headers"].(schema.Values)
	if e != nil || h["x-many"] != "a, b" || h["x-one"] != "c" || !reflect.DeepEqual(h["set-cookie"], []any{"a=1", "b=2"}) {
		t.Errorf("headers = %v, %v", h, e)
	}
}

func TestRefusalKeepsTheAnswer(t *testing.T) {
	refuse := func(status int, after string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.Header().Set("Retry-After", after)
			w.WriteHeader(status)
			fmt.Fprint(w, `{"error":"taken"}`)
		}
	}
	for status, retryable := range map[int]bool{400: false, 404: false, 408: true, 409: false, 422: false, 425: true, 429: true, 500: true, 501: true, 503: true, 599: true} {
		_, e := get(t, refuse(status, "7"), nil)
		wantError(t, e, fmt.Sprint("http_", status), fmt.Sprint("answered ", status), retryable)
		if e.After != 7*time.Second || e.Details["status_code"] != int64(status) || !schema.Equal(e.Details["body"], schema.Values{"error": "taken"}) {
			t.Errorf("%d: after %v, details %v", status, e.After, e.Details)
		}
		_, e = get(t, refuse(status, ""), schema.Values{"accept_status": fmt.Sprintf("302, %dxx", status/100)})
		if e != nil {
			t.Errorf("%d was not accepted by its class: %v", status, e)
		}
	}
}

func TestRetryAfter(t *testing.T) {
	now := func() time.Time { return cardtest.Now }
	for header, want := range map[string]time.Duration{"": 0, "3": 3 * time.Second, "-3": 0, "soon": 0, "99999999999": 24 * time.Hour,
		cardtest.Now.Add(90 * time.Second).Format(http.TimeFormat): 90 * time.Second, cardtest.Now.Add(-time.Hour).Format(http.TimeFormat): 0} {
		if got := retryAfter(header, now); got != want {
			t.Errorf("retryAfter(%q) = %v, want %v", header, got, want)
		}
	}
}

func TestStatuses(t *testing.T) {
	var s statuses
	if err := s.UnmarshalText([]byte("404, 409 5xx,4XX")); err != nil || !s.include(404) || !s.include(503) || !s.include(418) || s.include(302) {
		t.Errorf("statuses = %v, %v", s, err)
	}
	for _, bad := range []string{"x", "40x", "99", "600", "4x", "xxx", "4040"} {
		if err := s.UnmarshalText([]byte(bad)); err == nil {
			t.Errorf("%q was accepted", bad)
		}
	}
}

func TestConnectionsAreUsedAgain(t *testing.T) {
	var opened atomic.Int32
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/404" {
			w.WriteHeader(http.StatusNotFound)
		}
		fmt.Fprint(w, strings.Repeat("x", 10_000))
	}))
	s.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			opened.Add(1)
		}
	}
	s.Start()
	defer s.Close()
	for i := range 20 {
		path := "/200"
		if i%2 == 1 {
			path = "/404"
		}
		_, err := Get.Call(t.Context(), cards.Env{HTTP: s.Client()}, schema.Values{"url": s.URL + path})
		if e := cards.ErrorOf(err); e != nil && e.Code != "http_404" {
			t.Fatal(e)
		}
	}
	if n := opened.Load(); n != 1 {
		t.Errorf("20 calls opened %d connections, want 1", n)
	}
}

func TestSafeToRepeat(t *testing.T) {
	for _, c := range []struct {
		card cards.Card
		in   schema.Values
		want bool
	}{
		{Get, nil, true}, {Put, nil, true}, {Delete, nil, true}, {Post, nil, false}, {Patch, nil, false}, {Raw, schema.Values{}, true},
		{Raw, schema.Values{"method": "get"}, true}, {Raw, schema.Values{"method": "POST"}, false}, {Raw, schema.Values{"method": "REPORT"}, false},
	} {
		if got := c.card.SafeToRepeat(c.in); got != c.want {
			t.Errorf("%s(%v) safe to repeat = %v, want %v", c.card.Name, c.in, got, c.want)
		}
	}
}

func TestCloseAnswersOnce(t *testing.T) {
	flow := &cardtest.Flow{}
	in := schema.Values{"body": "a \"quoted\" text"}
	if _, err := Close.Control(flow, in); err != nil || flow.Answer.Body != `"a \"quoted\" text"` || flow.Answer.Headers["Content-Type"][0] != "application/json" {
		t.Errorf("Close = %+v, %v, want JSON text", flow.Answer, err)
	}
	if _, err := Close.Control(flow, in); cards.ErrorOf(err).Code != cards.CodeResponded {
		t.Errorf("a second Close = %v, want already_responded", err)
	}
	for _, in := range []schema.Values{{"status_code": 204, "body": "x"}, {"status_code": 600}, {"status_code": "abc"}, {"status_code": 200.5},
		{"headers": schema.Values{"a b": "c"}}, {"body_type": "text", "body": []any{}}, {"body_type": "xml"}} {
		if _, err := Close.Control(&cardtest.Flow{}, in); cards.ErrorOf(err) == nil || cards.ErrorOf(err).Code != cards.CodeInvalidInput {
			t.Errorf("Close(%v) = %v, want invalid_input", in, err)
		}
	}
}

func FuzzRequest(f *testing.F) {
	f.Add("https://a/b?c=d", "q", "v", "X-A", "b")
	f.Add("http://[::1]:80/%41?\xff", "", "\x00", "a:b", "\r\n")
	f.Add("https://u:p@h/", "a b", "ü", "Content-Length", "\u2028")
	client := &http.Client{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
		var b bytes.Buffer
		if err := r.Write(&b); err != nil {
			return nil, err
		}
		line, rest, _ := strings.Cut(b.String(), "\r\n")
		if strings.Count(line, " ") != 2 {
			return nil, fmt.Errorf("request line %q", line)
		}
		head, _, _ := strings.Cut(rest, "\r\n\r\n")
		if n := strings.Count(head, "\n"); n != strings.Count(head, "\r\n") || n > 6 {
			return nil, fmt.Errorf("headers %q", head)
		}
		return nil, &cards.Error{Code: "sent"}
	})}
	f.Fuzz(func(t *testing.T, url, key, value, header, text string) {
		_, err := Get.Call(t.Context(), cards.Env{HTTP: client}, schema.Values{"url": url, "query": schema.Values{key: value}, "headers": schema.Values{header: text}})
		if e := cards.ErrorOf(err); e == nil || e.Code != "sent" && e.Code != cards.CodeInvalidInput {
			t.Fatalf("Get = %v (%v)", err, e.Err)
		}
	})
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func BenchmarkGet(b *testing.B) {
	body := []byte(`{"id":7,"email":"maya@example.com","active":true,"plan":{"name":"pro","seats":12},"tags":["new","eu"]}`)
	client := &http.Client{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: 200, Header: http.Header{"Content-Type": {"application/json"}, "Date": {"x"}, "X-Request-Id": {"1"}},
			Body: io.NopCloser(bytes.NewReader(body)), ContentLength: int64(len(body)), Request: r}, nil
	})}
	env := cards.Env{HTTP: client, Key: "k"}
	b.Run("get", func(b *testing.B) {
		in := schema.Values{"url": "https://api.acme.io/v2/customers/7", "query": schema.Values{"expand": "plan"}, "headers": schema.Values{"Accept": "application/json"}}
		b.ReportAllocs()
		for b.Loop() {
			if _, err := Get.Call(b.Context(), env, in); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("post", func(b *testing.B) {
		in := schema.Values{"url": "https://api.acme.io/v2/contacts", "body": schema.Values{"email": "maya@example.com", "name": "Maya"}}
		b.ReportAllocs()
		for b.Loop() {
			if _, err := Post.Call(b.Context(), env, in); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("client alone", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			req, _ := http.NewRequestWithContext(b.Context(), "GET", "https://api.acme.io/v2/customers/7", nil)
			res, err := client.Do(req)
			if err != nil {
				b.Fatal(err)
			}
			io.Copy(io.Discard, res.Body)
		}
	})
}
