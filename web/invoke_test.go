package web

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"flowdeck/cards/schema"
	"flowdeck/flows"
	"flowdeck/flows/store"
)

func echoUpstream(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case "/customer":
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"id":7,"name":"Northwind"}`))
	case "/broken":
		w.WriteHeader(http.StatusServiceUnavailable)
	default:
		w.WriteHeader(http.StatusNotFound)
	}
}

func TestWhatCallersGet(t *testing.T) {
	w := newWorld(t, echoUpstream)
	get := step("get", "http.get", schema.Values{"url": w.upstream.URL + "/customer"})
	reply := func(inputs schema.Values) flows.Step { return step("close", "http.close", inputs) }
	for _, x := range []struct {
		alias, about string
		chain        []flows.Step
		status       int
		kind, body   string
	}{
		{"close-json", "Close's JSON", []flows.Step{get, reply(schema.Values{"status_code": 201, "body": `{"name":"{{get.body.name}}"}`})}, 201, "application/json", `{"name":"Northwind"}` + "\n"},
		{"close-text", "Close's text", []flows.Step{reply(schema.Values{"body_type": "text", "body": "hello"})}, 200, "text/plain; charset=utf-8", "hello"},
		{"close-empty", "Close without a body", []flows.Step{reply(schema.Values{"status_code": 204})}, 204, "", ""},
		{"close-teapot", "a status of its own", []flows.Step{reply(schema.Values{"status_code": 418, "body_type": "text", "body": "short and stout"})}, 418, "text/plain; charset=utf-8", "short and stout"},
		{"close-type", "a type of its own", []flows.Step{reply(schema.Values{"headers": schema.Values{"content-type": "application/xml"}, "body_type": "text", "body": "<a/>"})}, 200, "application/xml", "<a/>"},
		{"return", "Return's output", []flows.Step{get, step("return", "control.return", schema.Values{"values": schema.Values{"id": "{{get.body.id}}"}})}, 200, "application/json", `{"id":7}` + "\n"},
	} {
		w.publish(x.alias, public, endpointDoc(nil, x.chain...))
		got := w.call("POST", "/api/flows/"+x.alias+"/invoke", "")
		if got.status != x.status || got.body != x.body || got.header.Get("Content-Type") != x.kind {
			t.Errorf("%s: got %d %s %q, want %d %s %q", x.about, got.status, got.header.Get("Content-Type"), got.body, x.status, x.kind, x.body)
		}
	}
}

func TestAFlowWithoutAnAnswerGivesItsRun(t *testing.T) {
	w := newWorld(t, echoUpstream)
	w.publish("quiet", public, endpointDoc(nil, step("text", "text.compose", schema.Values{"text": "hello"})))
	got := w.call("POST", "/invoke/quiet", "")
	want := `{"run":"` + got.header.Get("X-Flowdeck-Run") + `"}` + "\n"
	if got.status != 200 || got.body != want {
		t.Errorf("got %d %s, want 200 %s", got.status, got.body, want)
	}
	if run := w.run(got); run.Status != flows.Succeeded {
		t.Errorf("run is %s, want %s", run.Status, flows.Succeeded)
	}
}

func TestFailuresSayNothingOfTheInside(t *testing.T) {
	w := newWorld(t, echoUpstream)
	for _, x := range []struct {
		alias  string
		chain  []flows.Step
		status int
		code   string
	}{
		{"upstream", []flows.Step{step("get", "http.get", schema.Values{"url": w.upstream.URL + "/broken"})}, 502, "upstream_failed"},
		{"refused", []flows.Step{step("get", "http.get", schema.Values{"url": "http://127.0.0.1:1/"})}, 502, "upstream_failed"},
		{"mistake", []flows.Step{step("get", "http.get", schema.Values{"url": "{{ endpoint.body }}"})}, 500, "run_failed"},
	} {
		w.publish(x.alias, public, endpointDoc(nil, x.chain...))
		got := w.call("POST", "/api/flows/"+x.alias+"/invoke", "no address", "Content-Type", "text/plain")
		var problem struct {
			Status    int
			Code, Run string
		}
		if err := json.Unmarshal([]byte(got.body), &problem); err != nil {
			t.Fatalf("%s: %s is no JSON: %v", x.alias, got.body, err)
		}
		run := w.run(got)
		if got.status != x.status || problem.Status != x.status || problem.Code != x.code || problem.Run != run.ID {
			t.Errorf("%s: got %d %s, want %d %s of run %s", x.alias, got.status, got.body, x.status, x.code, run.ID)
		}
		if got.header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: type %s, want application/problem+json", x.alias, got.header.Get("Content-Type"))
		}
		if strings.Contains(got.body, "127.0.0.1") || strings.Contains(got.body, "get") {
			t.Errorf("%s: %s tells callers about the inside", x.alias, got.body)
		}
	}
}

func TestRefusals(t *testing.T) {
	w := newWorld(t, echoUpstream)
	answer := step("close", "http.close", schema.Values{"body": "{{ endpoint.body }}"})
	w.publish("any", public, endpointDoc(nil, answer))
	w.publish("posts", flows.Settings{Security: "public", Methods: []string{"POST"}, MaxBody: 10}, endpointDoc(nil, answer))
	off := w.publish("off", public, endpointDoc(nil, answer))
	away := w.publish("away", flows.Settings{Security: "public", OffStatus: 503}, endpointDoc(nil, answer))
	manual := endpointDoc(nil)
	manual.Trigger = flows.Step{ID: "manual", Card: "event.manual"}
	w.publish("manual", public, manual)
	for _, f := range []flows.Flow{off, away} {
		must(t, w.s.Store.UpdateFlow(context.Background(), f.ID, func(f *flows.Flow) error { f.On = false; return nil }))
	}
	unknown := w.call("POST", "/api/flows/unknown/invoke", "")
	w.want("unknown alias", unknown, 404, `"code":"not_found"`)
	for _, alias := range []string{"off", "manual"} {
		if got := w.call("POST", "/api/flows/"+alias+"/invoke", ""); got.status != 404 || got.body != unknown.body {
			t.Errorf("%s: got %d %s, want what an unknown alias gets: %s", alias, got.status, got.body, unknown.body)
		}
	}
	w.want("away", w.call("POST", "/api/flows/away/invoke", ""), 503, `"code":"off"`)
	got := w.call("GET", "/api/flows/posts/invoke", "")
	w.want("wrong method", got, 405, "method_not_allowed")
	if allow := got.header.Get("Allow"); allow != "POST, OPTIONS" {
		t.Errorf("Allow is %q, want POST, OPTIONS", allow)
	}
	w.want("too large", w.call("POST", "/api/flows/posts/invoke", strings.Repeat("x", 11)), 413, "at most 10 bytes")
	w.want("large enough", w.call("POST", "/api/flows/posts/invoke", strings.Repeat("x", 10), "Content-Type", "text/plain"), 200, "xxxxxxxxxx")
	w.want("malformed", w.call("POST", "/api/flows/any/invoke", "{\n  \"a\": 1,\n  \"b\" 2\n}", "Content-Type", "application/json"), 400, `"line":3,"column":7`)
	w.want("compressed", w.call("POST", "/api/flows/any/invoke", "x", "Content-Encoding", "gzip"), 415, "gzip")
	w.want("not text", w.call("POST", "/api/flows/any/invoke", "\xff\xfe", "Content-Type", "text/plain"), 415, "UTF-8")
	w.want("elsewhere", w.call("GET", "/api/nothing", ""), 404, "not_found")
	counts, err := w.s.Store.RunCounts(context.Background(), "")
	must(t, err)
	if rows, _, err := w.s.Store.Runs(context.Background(), store.RunFilter{}); err != nil || len(rows) != 1 {
		t.Errorf("%d runs (%v, %v), want only the one that was answered", len(rows), counts, err)
	}
}

func TestABodyOfUnknownLengthIsBounded(t *testing.T) {
	w := newWorld(t, echoUpstream)
	w.publish("small", flows.Settings{Security: "public", MaxBody: 10}, endpointDoc(nil))
	r, err := http.NewRequest("POST", w.url+"/api/flows/small/invoke", struct{ *strings.Reader }{strings.NewReader(strings.Repeat("x", 1000))})
	must(t, err)
	r.ContentLength = -1
	res, err := http.DefaultClient.Do(r)
	must(t, err)
	defer res.Body.Close()
	if res.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("got %d, want 413", res.StatusCode)
	}
}

func TestTheEventHoldsTheRequestAndNoSecret(t *testing.T) {
	w := newWorld(t, echoUpstream)
	f := w.publish("seen", flows.Settings{}, endpointDoc([]any{
		input("customer_id", "text", "body", true), input("limit", "number", "query", false), input("tag", "list", "query", false), input("request_id", "text", "header", false),
	}))
	setToken(w, f.ID, "fdt_secret")
	got := w.call("POST", "/api/flows/seen/invoke?clientToken=fdt_secret&limit=3&tag=a&tag=b", `{"customer_id":"C-1","amount":12345678901234567890.5}`,
		"Content-Type", "application/json", "Cookie", "a=b", "Authorization", "Bearer x", "Request-Id", "r1", "X-Many", "1", "X-Many", "2")
	w.want("call", got, 200, "run")
	event := w.run(got).Event
	text, err := schema.EncodeJSON(event)
	must(t, err)
	for _, part := range []string{`"customer_id":"C-1"`, `"limit":3`, `"tag":["a","b"]`, `"request_id":"r1"`, `"method":"POST"`, `"x-many":"1, 2"`, `12345678901234567890.5`} {
		if !strings.Contains(string(text), part) {
			t.Errorf("event %s lacks %s", text, part)
		}
	}
	for _, secret := range []string{"fdt_secret", "clientToken", "Bearer", "cookie", "authorization", "a=b"} {
		if strings.Contains(string(text), secret) {
			t.Errorf("event %s holds %s", text, secret)
		}
	}
}

func TestFormsAndTextsAreBodiesToo(t *testing.T) {
	w := newWorld(t, echoUpstream)
	w.publish("echo", public, endpointDoc(nil, step("close", "http.close", schema.Values{"body": "{{ endpoint.body }}"})))
	for _, x := range []struct{ kind, body, want string }{
		{"application/x-www-form-urlencoded", "a=1&b=2&b=3", `{"a":"1","b":["2","3"]}`},
		{"text/plain", "hello", `"hello"`},
		{"application/vnd.api+json; charset=utf-8", `{"a": 1}`, `{"a":1}`},
		{"application/json", "", ""},
		{"", `[1, 2]`, "[1,2]"},
		{"", "hello", `"hello"`},
	} {
		got := w.call("POST", "/api/flows/echo/invoke", x.body, "Content-Type", x.kind)
		if strings.TrimSpace(got.body) != x.want {
			t.Errorf("%s %q: got %q, want %q", x.kind, x.body, got.body, x.want)
		}
	}
}

func TestAllThatIsWrongWithTheInputsIsSaidAtOnce(t *testing.T) {
	w := newWorld(t, echoUpstream)
	w.publish("strict", public, endpointDoc([]any{
		input("customer_id", "text", "body", true), input("amount", "number", "body", true), input("page", "number", "query", true), input("tenant", "text", "header", true),
	}))
	got := w.call("POST", "/api/flows/strict/invoke", `{"amount":"many"}`, "Content-Type", "application/json")
	w.want("strict", got, 400, "invalid_input")
	for _, part := range []string{`"field":"customer_id","from":"body"`, `"field":"amount"`, `"field":"page","from":"query"`, `"field":"tenant","from":"header"`, "Tenant"} {
		if !strings.Contains(got.body, part) {
			t.Errorf("answer %s lacks %s", got.body, part)
		}
	}
	w.want("a form by mistake", w.call("POST", "/api/flows/strict/invoke?page=1", `{"customer_id":"C-1","amount":1}`,
		"Content-Type", "application/x-www-form-urlencoded", "Tenant", "t"), 400, "read as a form")
	w.want("all right", w.call("POST", "/api/flows/strict/invoke?page=1", `{"customer_id":"C-1","amount":"1.50"}`,
		"Content-Type", "application/json", "Tenant", "t"), 200, "run")
}

func setToken(w *world, flowID, token string) {
	sum := sha256.Sum256([]byte(token))
	must(w.T, w.s.Store.SetToken(context.Background(), flowID, hex.EncodeToString(sum[:]), "…cret", "Maya"))
}

func TestClientTokens(t *testing.T) {
	w := newWorld(t, echoUpstream)
	f := w.publish("closed", flows.Settings{}, endpointDoc(nil))
	path := "/api/flows/closed/invoke"
	w.want("no token made yet", w.call("POST", path, "", "x-api-client-token", "anything"), 401, "unauthorized")
	setToken(w, f.ID, "fdt_one")
	got := w.call("POST", path, "")
	w.want("none sent", got, 401, "x-api-client-token")
	if got.header.Get("WWW-Authenticate") == "" {
		t.Error("401 without WWW-Authenticate")
	}
	w.want("wrong", w.call("POST", path, "", "x-api-client-token", "fdt_two"), 401, "unauthorized")
	w.want("in the header", w.call("POST", path, "", "x-api-client-token", "fdt_one"), 200, "run")
	w.want("in the query", w.call("POST", path+"?clientToken=fdt_one", ""), 200, "run")
	setToken(w, f.ID, "fdt_two")
	w.want("the old one after a new one", w.call("POST", path, "", "x-api-client-token", "fdt_one"), 401, "unauthorized")
	w.want("the new one", w.call("POST", path, "", "x-api-client-token", "fdt_two"), 200, "run")
	w.set(f.ID, func(s *flows.Settings) { s.Security = "public" })
	w.want("public", w.call("POST", path, ""), 200, "run")
}

func TestPublishingIsSeenByTheNextCall(t *testing.T) {
	w := newWorld(t, echoUpstream)
	say := func(text string) flows.Document {
		return endpointDoc(nil, step("close", "http.close", schema.Values{"body_type": "text", "body": text}))
	}
	f := w.publish("news", public, say("old"))
	w.want("before", w.call("GET", "/api/flows/news/invoke", ""), 200, "old")
	w.publishAgain(f.ID, say("new"))
	w.want("after", w.call("GET", "/api/flows/news/invoke", ""), 200, "new")
	must(t, w.s.Store.UpdateFlow(context.Background(), f.ID, func(f *flows.Flow) error { f.Alias = "olds"; return nil }))
	w.want("old alias", w.call("GET", "/api/flows/news/invoke", ""), 404, "not_found")
	w.want("new alias", w.call("GET", "/api/flows/olds/invoke", ""), 200, "new")
}

func TestCORS(t *testing.T) {
	w := newWorld(t, echoUpstream)
	w.publish("page", flows.Settings{Security: "public", Origins: []string{"https://app.example.com"}, Methods: []string{"POST"}}, endpointDoc(nil))
	w.publish("open", flows.Settings{Security: "public", Origins: []string{"*"}}, endpointDoc(nil))
	w.publish("shut", public, endpointDoc(nil))
	for _, x := range []struct{ alias, method, origin, allow, methods string }{
		{"page", "OPTIONS", "https://app.example.com", "https://app.example.com", "POST, OPTIONS"},
		{"page", "OPTIONS", "https://evil.example.com", "", ""},
		{"page", "POST", "https://app.example.com", "https://app.example.com", ""},
		{"page", "GET", "https://app.example.com", "https://app.example.com", ""}, // a refusal can be read too
		{"open", "POST", "https://anywhere.example.com", "*", ""},
		{"shut", "OPTIONS", "https://app.example.com", "", ""},
		{"shut", "POST", "https://app.example.com", "", ""},
	} {
		got := w.call(x.method, "/api/flows/"+x.alias+"/invoke", "", "Origin", x.origin, "Access-Control-Request-Method", "POST", "Access-Control-Request-Headers", "content-type")
		if h := got.header; h.Get("Access-Control-Allow-Origin") != x.allow || h.Get("Access-Control-Allow-Methods") != x.methods || h.Get("Access-Control-Allow-Credentials") != "" {
			t.Errorf("%s %s from %s: got %v, want origin %q, methods %q", x.method, x.alias, x.origin, h, x.allow, x.methods)
		}
		if x.method == "OPTIONS" && got.status != 204 {
			t.Errorf("preflight of %s: %d, want 204", x.alias, got.status)
		}
	}
}

func TestHEADRunsTheFlowAndHasNoBody(t *testing.T) {
	w := newWorld(t, echoUpstream)
	w.publish("head", public, endpointDoc(nil, step("close", "http.close", schema.Values{"headers": schema.Values{"x-a": "1"}, "body_type": "text", "body": "hello"})))
	got := w.call("HEAD", "/api/flows/head/invoke", "")
	if got.status != 200 || got.body != "" || got.header.Get("Content-Length") != "5" || got.header.Get("X-A") != "1" {
		t.Errorf("got %d %q %v, want 200, no body, length 5, x-a 1", got.status, got.body, got.header)
	}
}

func TestAnswersCannotActAsPagesOfOurs(t *testing.T) {
	w := newWorld(t, echoUpstream)
	headers := schema.Values{"content-type": "text/html"}
	w.publish("html", public, endpointDoc(nil, step("close", "http.close", schema.Values{"headers": headers, "body_type": "text", "body": "<script>alert(1)</script>"})))
	got := w.call("GET", "/api/flows/html/invoke", "")
	if got.status != 200 || !strings.HasPrefix(got.header.Get("Content-Security-Policy"), "sandbox") || got.body != "<script>alert(1)</script>" {
		t.Errorf("got %d %q %v, want the whole body, sandboxed", got.status, got.body, got.header)
	}
}

func TestNoContentTypeEscapesTheSandbox(t *testing.T) {
	for _, types := range [][]string{{"text/html"}, {"text/html; charset=json"}, {"text/plain, text/html"}, {"text/plain", "text/html"}, {"application/json, text/html"},
		{"text/plainhtml"}, {"image/svg+xml;x=json"}, {"application/xhtml+xml"}, {"json"}} {
		rec := httptest.NewRecorder()
		must(t, writeResponse(rec, "GET", flows.Response{Status: 200, Body: "<script>", Headers: map[string][]string{"content-type": types}}))
		if !strings.HasPrefix(rec.Header().Get("Content-Security-Policy"), "sandbox") {
			t.Errorf("an answer of type %q is not sandboxed: %v", types, rec.Header())
		}
	}
	for _, kind := range []string{"text/plain", "text/plain; charset=utf-8", "application/json", "application/problem+json; charset=utf-8"} {
		rec := httptest.NewRecorder()
		must(t, writeResponse(rec, "GET", flows.Response{Status: 200, Body: "x", Headers: map[string][]string{"content-type": {kind}}}))
		if got := rec.Header().Get("Content-Security-Policy"); got != "" {
			t.Errorf("an answer of type %q has the policy %q, want none", kind, got)
		}
	}
}

func TestAnswersCannotSignBrowsersIn(t *testing.T) {
	rec := httptest.NewRecorder()
	must(t, writeResponse(rec, "GET", flows.Response{Status: 200, Body: "x", Headers: map[string][]string{
		"set-cookie":      {"flowdeck=planted", " __Host-flowdeck = planted; Path=/", "=flowdeck=planted", "FLOWDECK=a", "theme=dark"},
		"clear-site-data": {`"cookies"`}, "strict-transport-security": {"max-age=0"}, "service-worker-allowed": {"/"}}}))
	want := http.Header{"Set-Cookie": {"FLOWDECK=a", "theme=dark"}, "Content-Type": {"text/plain; charset=utf-8"}, "Content-Length": {"1"}, "X-Content-Type-Options": {"nosniff"}}
	if diff := cmp.Diff(want, rec.Header()); diff != "" {
		t.Errorf("headers (-want +got):\n%s", diff)
	}
}

func TestAFlowDoesNotSpeakForTheSite(t *testing.T) {
	rec := httptest.NewRecorder()
	must(t, writeResponse(rec, "GET", flows.Response{Status: 200, Body: "x", Headers: map[string][]string{
		"alt-svc": {`h3="evil.example:443"; ma=2592000`}, "NEL": {"{}"}, "Report-To": {"{}"}, "reporting-endpoints": {`default="https://evil.example"`}, "Accept-CH": {"Sec-CH-UA-Model"},
		"access-control-allow-origin": {"*"}, "Access-Control-Allow-Credentials": {"true"}, "ACCESS-CONTROL-EXPOSE-HEADERS": {"x"}, "x-mine": {"1"}}}))
	want := http.Header{"X-Mine": {"1"}, "Content-Type": {"text/plain; charset=utf-8"}, "Content-Length": {"1"}, "X-Content-Type-Options": {"nosniff"}}
	if diff := cmp.Diff(want, rec.Header()); diff != "" {
		t.Errorf("headers (-want +got):\n%s", diff)
	}
}

func TestTheSettingsDecideWhichPagesMayRead(t *testing.T) {
	w := newWorld(t, echoUpstream)
	headers := schema.Values{"access-control-allow-origin": "*", "access-control-allow-credentials": "true"}
	w.publish("page", flows.Settings{Security: "public", Origins: []string{"https://app.example.com"}}, endpointDoc(nil, step("close", "http.close", schema.Values{"headers": headers, "body": "1"})))
	for origin, want := range map[string]string{"https://app.example.com": "https://app.example.com", "https://evil.example": ""} {
		got := w.call("POST", "/api/flows/page/invoke", "", "Origin", origin)
		if h := got.header; h.Get("Access-Control-Allow-Origin") != want || h.Get("Access-Control-Allow-Credentials") != "" {
			t.Errorf("from %s: got %v, want origin %q", origin, h, want)
		}
	}
}

func TestHeadersOfTheConnectionAreNotTheFlows(t *testing.T) {
	rec := httptest.NewRecorder()
	must(t, writeResponse(rec, "GET", flows.Response{Status: 200, Body: "hello", Headers: map[string][]string{"connection": {"x"},
		"Transfer-Encoding": {"chunked"}, "content-length": {"3"}, "bad name": {"x"}, "x-split": {"a\r\nset-cookie: b"}, "set-cookie": {"a=1", "b=2"}}}))
	want := http.Header{"Content-Type": {"text/plain; charset=utf-8"}, "Content-Length": {"5"}, "X-Content-Type-Options": {"nosniff"},
		"X-Split": {"a  set-cookie: b"}, "Set-Cookie": {"a=1", "b=2"}}
	if diff := cmp.Diff(want, rec.Header()); diff != "" {
		t.Errorf("headers (-want +got):\n%s", diff)
	}
}

func TestACallerWhoHasWaitedLongEnoughIsToldWhereToAsk(t *testing.T) {
	release := make(chan struct{})
	w := newWorld(t, func(rw http.ResponseWriter, r *http.Request) { <-release })
	f := w.publish("slow", flows.Settings{ResponseTimeout: schema.Duration{Duration: 50 * time.Millisecond}}, endpointDoc(nil,
		step("get", "http.get", schema.Values{"url": w.upstream.URL}), step("close", "http.close", schema.Values{"status_code": 201, "body_type": "text", "body": "done"})))
	setToken(w, f.ID, "fdt_one")
	got := w.call("POST", "/api/flows/slow/invoke", "", "x-api-client-token", "fdt_one")
	address := "/api/runs/" + got.header.Get("X-Flowdeck-Run")
	w.want("later", got, 202, address)
	if got.header.Get("Location") != address {
		t.Errorf("Location is %q, want %q", got.header.Get("Location"), address)
	}
	w.want("without the token", w.call("GET", address, ""), 401, "unauthorized")
	w.want("meanwhile", w.call("GET", address, "", "x-api-client-token", "fdt_one"), 200, `"status":"running"`)
	close(release)
	_, err := w.engine.Wait(context.Background(), w.run(got).ID)
	must(t, err)
	w.want("in the end", w.call("GET", address, "", "x-api-client-token", "fdt_one"), 200, `"answer":{"body":"done","headers":{`)
	w.want("unknown run", w.call("GET", "/api/runs/r_nothing", "", "x-api-client-token", "fdt_one"), 404, "not_found")
}

func TestAStoppingServerStartsNothing(t *testing.T) {
	w := newWorld(t, echoUpstream)
	w.publish("late", public, endpointDoc(nil))
	must(t, w.engine.Shutdown(context.Background()))
	got := w.call("POST", "/api/flows/late/invoke", "")
	w.want("stopping", got, 503, "overloaded")
	if got.header.Get("Retry-After") == "" {
		t.Error("503 without Retry-After")
	}
}
