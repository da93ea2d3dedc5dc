package har_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"flowdeck/cards/har"
	"flowdeck/cards/trace"
)

// required are the fields that HAR 1.2 asks for, by the object that has them.
var required = map[string][]string{
	"log": {"version", "creator", "entries"}, "creator": {"name", "version"},
	"pages":    {"startedDateTime", "id", "title", "pageTimings"},
	"entries":  {"startedDateTime", "time", "request", "response", "cache", "timings"},
	"request":  {"method", "url", "httpVersion", "cookies", "headers", "queryString", "headersSize", "bodySize"},
	"response": {"status", "statusText", "httpVersion", "cookies", "headers", "content", "redirectURL", "headersSize", "bodySize"},
	"headers":  {"name", "value"}, "queryString": {"name", "value"}, "postData": {"mimeType", "params", "text"}, "params": {"name"},
	"content": {"size", "mimeType"}, "timings": {"send", "wait", "receive"},
}

// optional are the other fields that HAR 1.2 knows.
var optional = map[string][]string{
	"log": {"pages", "browser", "comment"}, "pages": {"comment"}, "entries": {"pageref", "serverIPAddress", "connection", "comment"}, "request": {"postData", "comment"},
	"postData": {"comment"}, "params": {"value", "fileName", "contentType"}, "content": {"compression", "text", "encoding", "comment"},
	"timings": {"blocked", "dns", "connect", "ssl", "comment"}, "pageTimings": {"onContentLoad", "onLoad", "comment"},
}

// Check walks an archive and says what HAR 1.2 does not know or what is missing.
func check(t *testing.T, at string, v any) {
	switch v := v.(type) {
	case map[string]any:
		for _, name := range required[at] {
			if _, ok := v[name]; !ok {
				t.Errorf("%s lacks %s", at, name)
			}
		}
		for name, x := range v {
			if at != "" && !slices.Contains(required[at], name) && !slices.Contains(optional[at], name) {
				t.Errorf("%s has %s, which is not in HAR 1.2", at, name)
			}
			check(t, name, x)
		}
	case []any:
		for _, x := range v {
			check(t, at, x)
		}
	case nil:
		t.Errorf("%s is null", at)
	}
}

func TestArchivesAreHAR12(t *testing.T) {
	var b bytes.Buffer
	w := har.New(&b, "Flowdeck", "1")
	start := time.Date(2026, 11, 22, 5, 0, 0, 123e6, time.UTC)
	w.Add(har.Attempt{ID: "post#1", Title: "3.1 Post to CRM, attempt 1", Started: start, Body: `{"id":7}`, Comment: "as the card understood it", Trace: &trace.Trace{Exchanges: []trace.Exchange{
		{Method: "POST", URL: "https://id.acme.io/token", Purpose: "token", RequestHeaders: [][2]string{{"Content-Type", "application/x-www-form-urlencoded"}}, RequestBody: "grant_type=refresh_token&refresh_token=••••••••", RequestSize: 60, Status: 200, Proto: "HTTP/2.0", ResponseHeaders: [][2]string{{"Content-Type", "application/json"}}, ResponseSize: 90, Address: "203.0.113.7:443", At: start.UnixMicro(), DNS: 1500, Connect: 2000, TLS: 3000, Wait: 4000, Download: 500, Total: 12000},
		{Method: "POST", URL: "https://crm.acme.io/x?a=1&b=two+words&b=%C3%BC&c", RequestBody: `{"a":1}`, RequestSize: 7, RequestHeaders: [][2]string{{"Host", "crm.acme.io"}, {"Authorization", "Bearer ••••••••"}, {"Content-Type", "application/json"}}, Status: 201, Proto: "HTTP/1.1", ResponseHeaders: [][2]string{{"Content-Type", "application/json"}}, ResponseSize: 8, Address: "[2001:db8::1]:443", Reused: true, At: start.UnixMicro(), Wait: 100, Total: 150},
	}}})
	w.Add(har.Attempt{ID: "gone#1", Title: "no answer", Started: start, Trace: &trace.Trace{Exchanges: []trace.Exchange{{Method: "GET", URL: "https://gone.example/", Error: "no such host", At: start.UnixMicro(), DNS: 900, Total: 1000}}}})
	w.Add(har.Attempt{ID: "text#1", Title: "no request", Started: start})
	w.Add(har.Attempt{ID: "img#1", Title: "a picture", Started: start, Body: "iVBORw0KGgo=", Trace: &trace.Trace{Exchanges: []trace.Exchange{{Method: "GET", URL: "https://a.io/", Status: 200, ResponseHeaders: [][2]string{{"Content-Type", "image/png"}}, ResponseSize: 8}}}})
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := json.Unmarshal(b.Bytes(), &got); err != nil {
		t.Fatalf("%v in %s", err, b.String())
	}
	check(t, "", got)
	entries := got["log"].(map[string]any)["entries"].([]any)
	if len(entries) != 4 || len(got["log"].(map[string]any)["pages"].([]any)) != 4 {
		t.Fatalf("%d entries, want 4 and as many pages", len(entries))
	}
	for i, e := range entries {
		sum := 0.0
		timings := e.(map[string]any)["timings"].(map[string]any)
		for name, v := range timings {
			if name != "ssl" { // is in connect
				sum += max(v.(float64), 0)
			}
		}
		if time := e.(map[string]any)["time"].(float64); math.Abs(time-sum) > 0.001 {
			t.Errorf("entry %d takes %v, but its parts take %v", i, time, sum)
		}
	}
	at := func(i int, path ...string) any {
		v := entries[i]
		for _, name := range path {
			v = v.(map[string]any)[name]
		}
		return v
	}
	for what, c := range map[string]struct{ got, want any }{
		"the query":         {at(1, "request", "queryString"), `[map[name:a value:1] map[name:b value:two words] map[name:b value:ü] map[name:c value:]]`},
		"the form":          {at(0, "request", "postData", "params"), `[map[name:grant_type value:refresh_token] map[name:refresh_token value:••••••••]]`},
		"the connect time":  {at(0, "timings", "connect"), `5`},
		"the whole time":    {at(0, "time"), `12`},
		"time in a queue":   {at(0, "timings", "blocked"), `1`},
		"a reused socket":   {at(1, "timings", "connect"), `-1`},
		"the body":          {at(1, "response", "content", "text"), `{"id":7}`},
		"only the last one": {at(0, "response", "content", "text"), `<nil>`},
		"the address":       {at(0, "serverIPAddress"), `203.0.113.7`},
		"an IPv6 address":   {at(1, "serverIPAddress"), `2001:db8::1`},
		"no answer":         {at(2, "response", "status"), `0`},
		"why":               {at(2, "comment"), `no such host`},
		"a picture":         {at(3, "response", "content", "encoding"), `base64`},
		"the time":          {at(0, "startedDateTime"), `2026-11-22T05:00:00.123Z`},
	} {
		if got := fmt.Sprint(c.got); got != c.want {
			t.Errorf("%s: %s, want %s", what, got, c.want)
		}
	}
}

func TestAnEmptyArchiveIsAnArchive(t *testing.T) {
	var b bytes.Buffer
	if err := har.New(&b, "Flowdeck", "1").Close(); err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := json.Unmarshal(b.Bytes(), &got); err != nil {
		t.Fatalf("%v in %s", err, b.String())
	}
	check(t, "", got)
}
