package since_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"flowdeck/cards/since"
)

func worked() since.Side {
	return since.Side{Method: "POST", URL: "https://crm.acme.io/v1/contacts?expand=1&page=2", RequestHeaders: [][2]string{{"Content-Type", "application/json"}, {"Idempotency-Key", "a"}, {"X-Tenant", "acme"}},
		RequestBody: `{"email":"maya@acme.io","tags":["a","b"],"n":1.0,"deep":{"x":[{"y":1}]}}`, RequestSize: 70, Status: 200,
		ResponseHeaders: [][2]string{{"Date", "Mon"}, {"Content-Type", "application/json"}, {"Content-Length", "8"}}, ResponseBody: map[string]any{"id": int64(7)},
		Wait: 180 * time.Millisecond, Took: 200 * time.Millisecond, Connection: "Acme", Version: "v6"}
}

// said lists the changes of a part as "kind path: before → after".
func said(list []since.Change) (all []string) {
	for _, c := range list {
		all = append(all, fmt.Sprintf("%s %s: %s → %s", c.Kind, c.Path, c.Before, c.After))
	}
	return all
}

func TestEveryPartIsCompared(t *testing.T) {
	a, b := worked(), worked()
	b.Method, b.URL = "PUT", "https://crm.acme.io/v2/contacts?page=3&q="
	b.RequestHeaders = [][2]string{{"content-type", "application/json"}, {"Idempotency-Key", "b"}, {"X-New", "1"}}
	b.RequestBody = `{"tags":["a","c","d"],"n":1,"deep":{"x":[{"y":"1"}]},"new":null}`
	b.Status, b.ResponseBody = 422, map[string]any{"errors": []any{map[string]any{"field": "email"}}}
	b.ResponseHeaders = [][2]string{{"Date", "Tue"}, {"Content-Type", "application/problem+json"}, {"Content-Length", "30"}, {"X-Request-Id", "7"}}
	b.Wait, b.Took, b.Connection, b.Version = 9700*time.Millisecond, 9800*time.Millisecond, "Acme EU", "v7"
	d := since.Compare(a, b)
	for title, want := range map[string][]string{
		since.Flow:            {"changed version of the flow: v6 → v7", "changed connection: Acme → Acme EU"},
		since.Address:         {"changed method: POST → PUT", "changed path: /v1/contacts → /v2/contacts", "removed query.expand: 1 → ", "changed query.page: 2 → 3", "added query.q:  → "},
		since.RequestHeaders:  {"added x-new:  → 1", "removed x-tenant: acme → "},
		since.RequestBody:     {`changed deep.x[0].y: 1 → "1"`, `removed email: "maya@acme.io" → `, "added new:  → null", `changed tags[1]: "b" → "c"`, `added tags[2]:  → "d"`},
		since.Answer:          {"changed status: 200 → 422"},
		since.ResponseHeaders: {"changed content-type: application/json → application/problem+json"},
		since.ResponseBody:    {`added errors:  → [{"field":"email"}]`, "removed id: 7 → "},
		since.Times:           {"changed waiting for the answer: 0.2 s → 9.7 s", "changed in all: 0.2 s → 9.8 s"},
	} {
		if got := said(d.Part(title)); !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", title, got, want)
		}
	}
	var ignored []string
	for _, c := range d.Ignored {
		ignored = append(ignored, c.Path)
	}
	if want := []string{"idempotency-key", "content-length", "date", "x-request-id"}; !slices.Equal(ignored, want) {
		t.Errorf("ignored %v, want %v", ignored, want)
	}
}

func TestTheSummarySaysWhatMatters(t *testing.T) {
	for want, change := range map[string]func(*since.Side){
		"the body lost “email”; the answer took 9.8 s instead of 0.2 s": func(s *since.Side) {
			s.RequestBody, s.Took = `{"tags":["a","b"],"n":1.0,"deep":{"x":[{"y":1}]}}`, 9800*time.Millisecond
		},
		"the same request was sent, and got 503 instead of 200": func(s *since.Side) { s.Status, s.Took = 503, s.Took+time.Millisecond },
		"the same request was sent, and got no answer instead of 200; the answer took 30 s instead of 0.2 s": func(s *since.Side) {
			s.Status, s.Took = 0, 30*time.Second
		},
		"the connection is none instead of Acme":                   func(s *since.Side) { s.Connection = "" },
		"the flow is v7 instead of v6; the address changed “host”": func(s *since.Side) { s.Version, s.URL = "v7", strings.Replace(s.URL, "crm", "crm2", 1) },
		"the body is gone":            func(s *since.Side) { s.RequestBody = "" },
		"the headers lost “x-tenant”": func(s *since.Side) { s.RequestHeaders = s.RequestHeaders[:2] },
		"the body gained “a”, “b” and 2 more": func(s *since.Side) {
			s.RequestBody = strings.Replace(s.RequestBody, "{", `{"a":1,"b":1,"c":1,"d":1,`, 1)
		},
	} {
		b := worked()
		change(&b)
		if got := since.Compare(worked(), b).Summary(); got != want {
			t.Errorf("summary %q, want %q", got, want)
		}
	}
}

func TestBodiesAreComparedAsWhatTheyAre(t *testing.T) {
	formed := [][2]string{{"Content-Type", "application/x-www-form-urlencoded"}}
	for name, c := range map[string]struct {
		a, b    string
		headers [][2]string
		want    []string
	}{
		"numbers written differently": {`{"a":1e2}`, `{"a":100}`, nil, nil},
		"a form":                      {"a=1&b=2", "b=3&c=4", formed, []string{"removed a: 1 → ", "changed b: 2 → 3", "added c:  → 4"}},
		"text":                        {"one\ntwo\nthree", "one\n2\nthree", nil, []string{"changed line 2: two → 2"}},
		"a line more":                 {"one\nthree", "one\ntwo\nthree", nil, []string{"added line 2:  → two"}},
		"JSON that broke":             {`{"a":1}`, `{"a":`, nil, []string{`changed line 1: {"a":1} → {"a":`}},
		"another type":                {`{"a":1}`, `[1]`, nil, []string{`changed : {"a":1} → [1]`}},
		"digits of large numbers":     {`{"a":12345678901234567890123}`, `{"a":12345678901234567890124}`, nil, []string{"changed a: 12345678901234567890123 → 12345678901234567890124"}},
	} {
		d := since.Compare(since.Side{RequestBody: c.a, RequestHeaders: c.headers}, since.Side{RequestBody: c.b, RequestHeaders: c.headers})
		if got := said(d.Part(since.RequestBody)); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestComparingIsBounded(t *testing.T) {
	large := func(n int) any {
		m := map[string]any{}
		for i := range n {
			m[fmt.Sprintf("k%06d", i)] = strings.Repeat("x", 100)
		}
		return m
	}
	var deepA, deepB any = "a", "b"
	for range 10_000 {
		deepA, deepB = []any{deepA}, []any{deepB}
	}
	cut := since.Side{RequestBody: strings.Repeat("a", 64<<10), RequestSize: 10 << 20, ResponseBody: large(1), ResponseCut: true}
	now := since.Side{RequestBody: strings.Repeat("b", 64<<10), RequestSize: 10 << 20, ResponseBody: large(100_000)}
	began := time.Now()
	d := since.Compare(cut, now)
	if n := len(d.Part(since.ResponseBody)); n != 201 || d.Part(since.ResponseBody)[200].After != "99799 more differences" {
		t.Errorf("%d differences, want 200 and how many more there are", n)
	}
	if len(d.Notes) != 2 || !strings.Contains(d.Notes[0], "64 KiB") {
		t.Errorf("notes %q, want that only the kept parts were compared", d.Notes)
	}
	if got := since.Compare(since.Side{ResponseBody: deepA}, since.Side{ResponseBody: deepB}).Part(since.ResponseBody); len(got) != 1 {
		t.Errorf("%d differences in deep lists, want 1", len(got))
	}
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("comparing took %v", took)
	}
}
