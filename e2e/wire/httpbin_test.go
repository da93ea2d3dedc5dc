package wire

import (
	"net/http/httptest"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/mccutchen/go-httpbin/v2/httpbin"

	"flowdeck/cards"
	"flowdeck/cards/httpcard"
	"flowdeck/cards/schema"
)

// bin starts go-httpbin and returns its address.
func bin(t *testing.T) (base, host string) {
	t.Helper()
	s := httptest.NewServer(httpbin.New(httpbin.WithMaxDuration(10*time.Second), httpbin.WithUnsafeAllowDangerousResponses()))
	t.Cleanup(s.Close)
	return s.URL, strings.TrimPrefix(s.URL, "http://")
}

// at follows keys into what a card put out.
func at(v any, path ...any) any {
	for _, key := range path {
		switch x := v.(type) {
		case map[string]any:
			name, _ := key.(string)
			v = x[name]
		case []any:
			n, _ := key.(int)
			if n >= len(x) {
				return nil
			}
			v = x[n]
		default:
			return nil
		}
	}
	return v
}

func TestHTTPBin(t *testing.T) {
	base, host := bin(t)
	w := newWorld(t)
	file := schema.Values{"name": "logo.svg", "type": "image/svg+xml", "size": 6, "base64": "PHN2Zy8+"}
	for name, c := range map[string]struct {
		card cards.Card
		path string
		in   schema.Values
		conn string
		code string
		look []any // where in the outputs, or in the error's details
		want any
	}{
		"GET with a query":    {card: httpcard.Get, path: "/get?a=1", in: schema.Values{"query": schema.Values{"b": []any{"x", "y"}}}, look: []any{"body", "args", "b"}, want: []any{"x", "y"}},
		"POST with JSON":      {card: httpcard.Post, path: "/post", in: schema.Values{"body": schema.Values{"n": 1}}, look: []any{"body", "json", "n"}, want: int64(1)},
		"POST with a form":    {card: httpcard.Post, path: "/post", in: schema.Values{"body_type": "form", "form": schema.Values{"a": "ä&="}}, look: []any{"body", "form", "a", 0}, want: "ä&="},
		"POST with files":     {card: httpcard.Post, path: "/post", in: schema.Values{"body_type": "multipart", "parts": []any{schema.Values{"name": "logo", "kind": "file", "value": file}}}, look: []any{"body", "files", "logo", 0}, want: "<svg/>"},
		"PUT":                 {card: httpcard.Put, path: "/put", in: schema.Values{"body": []any{1}}, look: []any{"body", "json", 0}, want: int64(1)},
		"PATCH":               {card: httpcard.Patch, path: "/patch", in: schema.Values{"body": true}, look: []any{"body", "json"}, want: true},
		"DELETE":              {card: httpcard.Delete, path: "/delete", look: []any{"status_code"}, want: int64(200)},
		"HEAD":                {card: httpcard.Raw, path: "/head", in: schema.Values{"method": "HEAD"}, look: []any{"status_code"}, want: int64(200)},
		"any method":          {card: httpcard.Raw, path: "/anything", in: schema.Values{"method": "REPORT"}, code: "", look: []any{"status_code"}, want: int64(200)},
		"gzip":                {card: httpcard.Get, path: "/gzip", look: []any{"body", "gzipped"}, want: true},
		"deflate":             {card: httpcard.Get, path: "/deflate", look: []any{"body", "deflated"}, want: true},
		"UTF-8":               {card: httpcard.Get, path: "/encoding/utf8", look: []any{"status_code"}, want: int64(200)},
		"redirects":           {card: httpcard.Get, path: "/redirect/3", look: []any{"body", "url"}, want: base + "/get"},
		"relative redirects":  {card: httpcard.Get, path: "/relative-redirect/3", look: []any{"body", "url"}, want: base + "/get"},
		"absolute redirects":  {card: httpcard.Get, path: "/absolute-redirect/3", look: []any{"body", "url"}, want: base + "/get"},
		"too many redirects":  {card: httpcard.Get, path: "/redirect/12", code: cards.CodeTooManyRedirects},
		"a redirect as such":  {card: httpcard.Get, path: "/redirect/1", in: schema.Values{"redirects": 0}, look: []any{"status_code"}, want: int64(302)},
		"303 makes a GET":     {card: httpcard.Post, path: "/redirect-to?status_code=303&url=/get", in: schema.Values{"body": 1}, look: []any{"body", "method"}, want: "GET"},
		"307 stays a POST":    {card: httpcard.Post, path: "/redirect-to?status_code=307&url=/post", in: schema.Values{"body": schema.Values{"n": 2}}, look: []any{"body", "json", "n"}, want: int64(2)},
		"308 stays a PUT":     {card: httpcard.Put, path: "/redirect-to?status_code=308&url=/put", in: schema.Values{"body": schema.Values{"n": 3}}, look: []any{"body", "json", "n"}, want: int64(3)},
		"basic":               {card: httpcard.Get, path: "/basic-auth/maya/p%C3%A4ss", conn: w.connect("basic", schema.Values{"username": "maya", "password": "päss"}, host), look: []any{"body", "authenticated"}, want: true},
		"basic, refused":      {card: httpcard.Get, path: "/basic-auth/maya/other", conn: w.connect("basic", schema.Values{"username": "maya", "password": "wrong"}, host), code: "http_401", look: []any{"status_code"}, want: int64(401)},
		"digest":              {card: httpcard.Get, path: "/digest-auth/auth/maya/secret/SHA-256", conn: w.connect("digest", schema.Values{"username": "maya", "password": "secret"}, host), look: []any{"body", "authenticated"}, want: true},
		"bearer":              {card: httpcard.Get, path: "/bearer", conn: w.connect("header", schema.Values{"headers": []any{schema.Values{"name": "Authorization", "value": "Bearer tok-1234567890"}}}, host), look: []any{"body", "authenticated"}, want: true},
		"a short wait":        {card: httpcard.Get, path: "/delay/0.05", look: []any{"status_code"}, want: int64(200)},
		"a wait too long":     {card: httpcard.Get, path: "/delay/5", in: schema.Values{"timeout": "200ms"}, code: cards.CodeTimeout},
		"a first byte late":   {card: httpcard.Get, path: "/delay/5", in: schema.Values{"first_byte_timeout": "100ms"}, code: cards.CodeTimeout},
		"drip":                {card: httpcard.Get, path: "/drip?duration=0.1&numbytes=5&delay=0", look: []any{"body"}, want: "*****"},
		"drip too long":       {card: httpcard.Get, path: "/drip?duration=5&numbytes=50&delay=0", in: schema.Values{"timeout": "200ms"}, code: cards.CodeTimeout, look: []any{"status_code"}, want: int64(200)},
		"404":                 {card: httpcard.Get, path: "/status/404", code: "http_404", look: []any{"status_code"}, want: int64(404)},
		"404, accepted":       {card: httpcard.Get, path: "/status/404", in: schema.Values{"accept_status": "404"}, look: []any{"status_code"}, want: int64(404)},
		"503":                 {card: httpcard.Get, path: "/status/503", code: "http_503"},
		"204":                 {card: httpcard.Get, path: "/status/204", look: []any{"body"}, want: nil},
		"a stream of JSON":    {card: httpcard.Get, path: "/stream/3", in: schema.Values{"response_as": "text"}, look: []any{"status_code"}, want: int64(200)},
		"bytes as a file":     {card: httpcard.Get, path: "/bytes/10?seed=1", in: schema.Values{"response_as": "file"}, look: []any{"body", "size"}, want: int64(10)},
		"bytes in chunks":     {card: httpcard.Get, path: "/stream-bytes/1000?chunk_size=100", in: schema.Values{"response_as": "file"}, look: []any{"body", "size"}, want: int64(1000)},
		"more than is taken":  {card: httpcard.Get, path: "/stream-bytes/50000", in: schema.Values{"max_size": 0.01}, code: cards.CodeTooLarge},
		"a range":             {card: httpcard.Get, path: "/range/26", in: schema.Values{"headers": schema.Values{"Range": "bytes=0-3"}}, look: []any{"body"}, want: "abcd"},
		"XML":                 {card: httpcard.Raw, path: "/xml", look: []any{"status_code"}, want: int64(200)},
		"an ETag":             {card: httpcard.Get, path: "/etag/abc", in: schema.Values{"headers": schema.Values{"If-None-Match": `"abc"`}, "accept_status": "304"}, look: []any{"status_code"}, want: int64(304)},
		"an image as a file":  {card: httpcard.Get, path: "/image/png", in: schema.Values{"response_as": "file"}, look: []any{"body", "type"}, want: "image/png"},
		"headers come back":   {card: httpcard.Get, path: "/response-headers?X-A=1&X-A=2", look: []any{"headers", "x-a"}, want: "1, 2"},
		"a server that fails": {card: httpcard.Get, path: "/unstable?failure_rate=1", code: "http_500"},
	} {
		t.Run(name, func(t *testing.T) {
			w.t = t
			in := schema.Values{"url": base + c.path}
			for k, v := range c.in {
				in[k] = v
			}
			got := w.call(c.card, c.conn, in)
			switch {
			case c.code == "" && got.err != nil:
				t.Fatalf("failed: %v", got.err)
			case c.code != "" && (got.err == nil || got.err.Code != c.code):
				t.Fatalf("put out %v, %v, want the error %s", got.out, got.err, c.code)
			}
			from := got.out
			if got.err != nil {
				from = got.err.Details
			}
			if len(c.look) > 0 && !reflect.DeepEqual(at(from, c.look...), c.want) {
				t.Errorf("%v = %#v of %v, want %#v", c.look, at(from, c.look...), from, c.want)
			}
			if len(got.trace.Exchanges) == 0 {
				t.Error("nothing was traced")
			}
		})
	}
}

func TestCookiesDoNotLeakFromOneCallToTheNext(t *testing.T) {
	base, _ := bin(t)
	w := newWorld(t)
	if set := w.call(httpcard.Get, "", schema.Values{"url": base + "/cookies/set?a=1", "redirects": 0}); set.err != nil || at(set.out, "headers", "set-cookie") == nil {
		t.Fatalf("no cookie was set: %v, %v", set.out, set.err)
	}
	seen := w.call(httpcard.Get, "", schema.Values{"url": base + "/cookies/set?b=2"})
	after := w.call(httpcard.Get, "", schema.Values{"url": base + "/cookies"})
	for _, o := range []outcome{seen, after} {
		if cookies := at(o.out, "body"); o.err != nil || strings.Contains(schema.Describe(cookies), "1") || !reflect.DeepEqual(at(o.out, "body", "cookies"), schema.Values{}) {
			t.Errorf("cookies = %v, %v, want none", cookies, o.err)
		}
	}
}

func TestLinksArePages(t *testing.T) {
	base, _ := bin(t)
	w := newWorld(t)
	next := url.QueryEscape(`</get?last=1>; rel="last"`)
	got := w.call(httpcard.Get, "", schema.Values{"url": base + "/response-headers?Link=" + next, "pagination": "link", "items_path": "Link"})
	if got.err != nil || got.out["pages"] != int64(1) || len(got.out["items"].([]any)) != 1 {
		t.Errorf("got %v, %v, want one page: its link is not to a next one", got.out, got.err)
	}
}
