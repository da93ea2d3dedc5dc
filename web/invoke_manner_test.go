package web

import (
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"flowdeck/cards/schema"
	"flowdeck/flows"
)

// gated is an upstream whose answers wait until the gate is opened.
func gated() (handler http.HandlerFunc, open func()) {
	gate := make(chan struct{})
	return func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/slow" {
			select {
			case <-gate:
			case <-r.Context().Done():
			}
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"path":"` + r.URL.Path + `"}`))
	}, sync.OnceFunc(func() { close(gate) })
}

func slowDoc(w *world) flows.Document {
	return endpointDoc(nil, step("get", "http.get", schema.Values{"url": w.upstream.URL + "/slow"}),
		step("return", "control.return", schema.Values{"values": schema.Values{"path": "{{get.body.path}}", "run": "{{run.id}}"}}))
}

// eventually asks for the end of a run as a caller does.
func (w *world) eventually(location string) string {
	w.Helper()
	for range 200 {
		if got := w.call("GET", location, ""); strings.Contains(got.body, `"finished"`) {
			return got.body
		}
		time.Sleep(20 * time.Millisecond)
	}
	w.Fatalf("%s does not end", location)
	return ""
}

func TestCallersThatDoNotWait(t *testing.T) {
	handler, open := gated()
	w := newWorld(t, handler)
	w.publish("slow", public, slowDoc(w))
	w.publish("later", flows.Settings{Security: "public", Async: true}, slowDoc(w))
	for _, x := range []struct {
		about, alias, prefer, applied string
	}{
		{"respond-async", "slow", "respond-async", "respond-async"},
		{"among others", "slow", "handling=lenient, Respond-Async; foo=bar", "respond-async"},
		{"wait for a second", "slow", "respond-async, wait=1", ""},
		{"only so long", "slow", "wait=1", ""},
		{"as the flow is set", "later", "", ""},
		{"as the flow is set, also for who would wait", "later", "wait=10", ""},
		{"and for who would wait a little", "later", "respond-async, wait=10", "respond-async"},
	} {
		var headers []string
		if x.prefer != "" {
			headers = []string{"Prefer", x.prefer}
		}
		begun := time.Now()
		got := w.call("POST", "/api/flows/"+x.alias+"/invoke", "{}", headers...)
		w.want(x.about, got, 202, `"status":"running"`)
		run := got.header.Get("X-Flowdeck-Run")
		if got.header.Get("Location") != "/api/runs/"+run || got.header.Get("Preference-Applied") != x.applied {
			t.Errorf("%s: Location %q, Preference-Applied %q", x.about, got.header.Get("Location"), got.header.Get("Preference-Applied"))
		}
		if took := time.Since(begun); took > 3*time.Second {
			t.Errorf("%s took %s", x.about, took)
		}
		w.want(x.about+", asked", w.call("GET", got.header.Get("Location"), ""), 200, `"run":"`+run+`"`)
	}
	open()
	got := w.call("POST", "/api/flows/slow/invoke", "{}", "Prefer", "wait=20")
	w.want("an answer within the time", got, 200, `"path":"/slow"`)
	got = w.call("POST", "/api/flows/slow/invoke", "{}", "Prefer", "respond-async")
	if body := w.eventually(got.header.Get("Location")); !strings.Contains(body, `"path":"/slow"`) {
		t.Errorf("the run's address answers %s", body)
	}
}

func TestIdempotencyKeys(t *testing.T) {
	handler, open := gated()
	w := newWorld(t, handler)
	flow := w.publish("pay", public, slowDoc(w))
	other := w.publish("pay-too", public, slowDoc(w))
	const key = "8e03978e-40d5-43dd-bc93-6894a57f9324"
	call := func(alias, body string, headers ...string) reply {
		return w.call("POST", "/api/flows/"+alias+"/invoke", body, append([]string{"Content-Type", "application/json"}, headers...)...)
	}
	// many at once, all in flight: they wait for the one run
	answers := make([]reply, 12)
	var all sync.WaitGroup
	for i := range answers {
		all.Go(func() { answers[i] = call("pay", `{"a":1}`, "Idempotency-Key", key) })
	}
	time.Sleep(300 * time.Millisecond)
	open()
	all.Wait()
	fresh := 0
	for _, a := range answers {
		if a.status != 200 || a.body != answers[0].body || a.header.Get("X-Flowdeck-Run") != answers[0].header.Get("X-Flowdeck-Run") {
			t.Errorf("got %d %s, want 200 %s", a.status, a.body, answers[0].body)
		}
		if a.header.Get("Idempotent-Replayed") == "" {
			fresh++
		}
	}
	if runs := w.runsOf(flow.ID); fresh != 1 || len(runs) != 1 {
		t.Errorf("%d answers are fresh, of %d runs", fresh, len(runs))
	}
	w.want("quoted", call("pay", `{"a":1}`, "Idempotency-Key", `"`+key+`"`), 200, answers[0].body)
	w.want("another body", call("pay", `{"a":2}`, "Idempotency-Key", key), 422, "idempotency_key_reused")
	w.want("another query", w.call("POST", "/api/flows/pay/invoke?x=1", `{"a":1}`, "Content-Type", "application/json", "Idempotency-Key", key), 422, "idempotency_key_reused")
	w.want("another flow", call("pay-too", `{"a":2}`, "Idempotency-Key", key), 200, `"path"`)
	w.want("no key that can be used", call("pay", `{}`, "Idempotency-Key", strings.Repeat("k", 256)), 400, "invalid_idempotency_key")
	w.want("an empty key", call("pay", `{}`, "Idempotency-Key", `""`), 400, "invalid_idempotency_key")
	before := len(w.runsOf(flow.ID))
	w.call("GET", "/api/flows/pay/invoke", "", "Idempotency-Key", key)
	w.call("GET", "/api/flows/pay/invoke", "", "Idempotency-Key", key)
	if after := len(w.runsOf(flow.ID)); after != before+2 {
		t.Errorf("two calls that only read began %d runs, want 2", after-before)
	}
	if n := len(w.runsOf(other.ID)); n != 1 {
		t.Errorf("the other flow ran %d times", n)
	}

	// a failed run is an answer too
	w.publish("fails", public, endpointDoc(nil, step("fail", "control.return_error", schema.Values{"message": "No stock"})))
	first := call("fails", "{}", "Idempotency-Key", "f")
	second := call("fails", "{}", "Idempotency-Key", "f")
	if first.status < 400 || second.status != first.status || second.body != first.body {
		t.Errorf("a failure: first %d %s, then %d %s", first.status, first.body, second.status, second.body)
	}

	// without waiting, the same run is named again
	first = call("pay", `{}`, "Idempotency-Key", "later", "Prefer", "respond-async")
	second = call("pay", `{}`, "Idempotency-Key", "later", "Prefer", "respond-async")
	if first.status != 202 || second.status != 202 || first.header.Get("Location") != second.header.Get("Location") {
		t.Errorf("without waiting: %d %s, then %d %s", first.status, first.header.Get("Location"), second.status, second.header.Get("Location"))
	}

}

func TestAKeyAnswersAlsoWhenAnotherVersionAsksForMore(t *testing.T) {
	w := newWorld(t, echoUpstream)
	answer := func(text string) flows.Step {
		return step("close", "http.close", schema.Values{"body_type": "text", "body": text})
	}
	flow := w.publish("orders", public, endpointDoc(nil, answer("first")))
	call := func(key string) reply {
		return w.call("POST", "/api/flows/orders/invoke", `{"a":1}`, "Content-Type", "application/json", "Idempotency-Key", key)
	}
	w.want("the first", call("z"), 200, "first")
	w.publishAgain(flow.ID, endpointDoc([]any{input("customer_id", "text", "body", true)}, answer("second")))
	got := call("z")
	w.want("again", got, 200, "first")
	if got.header.Get("Idempotent-Replayed") != "true" {
		t.Errorf("again: %v, want Idempotent-Replayed", got.header)
	}
	w.want("another key", call("y"), 400, "invalid_input")
	if n := len(w.runsOf(flow.ID)); n != 1 {
		t.Errorf("%d runs, want 1", n)
	}
}

func TestKeysBelongToTheirCaller(t *testing.T) {
	who := func(client string) caller { return caller{level: levelOAuth, client: client} }
	ep := withSettings(flows.Settings{})
	name := func(w caller, raw string) [2]string {
		r, err := http.NewRequest("POST", "/", nil)
		must(t, err)
		r.Header.Set("Idempotency-Key", "k")
		m, err := ep.manner(r, w, nil, sent{raw: raw}, time.Now())
		must(t, err)
		return [2]string{m.once.Name, m.once.Request}
	}
	if name(who("a"), "x")[0] == name(who("b"), "x")[0] {
		t.Error("two clients share a key")
	}
	if a := name(who("a"), "x"); a != name(who("a"), "x") || a[1] == name(who("a"), "y")[1] {
		t.Error("a key does not stand for its request")
	}
}

func TestRunsAtATime(t *testing.T) {
	handler, open := gated()
	w := newWorld(t, handler)
	w.publish("few", flows.Settings{Security: "public", Concurrency: 2}, slowDoc(w))
	w.publish("many", public, slowDoc(w))
	var waiting sync.WaitGroup
	begin := func(alias string, headers ...string) reply {
		return w.call("POST", "/api/flows/"+alias+"/invoke", "{}", append([]string{"Prefer", "respond-async"}, headers...)...)
	}
	w.want("the first", begin("few", "Idempotency-Key", "one"), 202, "")
	waiting.Go(func() { w.want("the second", w.call("POST", "/api/flows/few/invoke", "{}"), 200, `"path"`) })
	for range 100 {
		if w.s.crowd.inside.Load() == 2 {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	third := begin("few")
	w.want("the third", third, 429, "too_many_runs")
	if third.header.Get("Retry-After") != "1" {
		t.Errorf("Retry-After %q", third.header.Get("Retry-After"))
	}
	w.want("a key that has its run", begin("few", "Idempotency-Key", "one"), 202, "")
	w.want("another endpoint", begin("many"), 202, "")
	open()
	waiting.Wait()
	for range 200 {
		if w.s.crowd.inside.Load() == 0 {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	w.want("when they are over", w.call("POST", "/api/flows/few/invoke", "{}"), 200, `"path"`)
	if c := &w.s.crowd; len(c.runs) > 1 || len(c.flows) > 1 {
		t.Errorf("%d runs of %d flows are still counted", len(c.runs), len(c.flows))
	}
}

func TestPreflightsRunNothing(t *testing.T) {
	w := newWorld(t, echoUpstream)
	flow := w.publish("pages", flows.Settings{Origins: []string{"https://app.example.com"}, Methods: []string{"POST", "OPTIONS"}}, endpointDoc(nil))
	got := w.call("OPTIONS", "/api/flows/pages/invoke", "", "Origin", "https://app.example.com", "Access-Control-Request-Method", "POST", "Access-Control-Request-Headers", "idempotency-key, prefer")
	if got.status != 204 || got.header.Get("Access-Control-Allow-Origin") != "https://app.example.com" || got.header.Get("Access-Control-Allow-Headers") != "idempotency-key, prefer" ||
		!strings.Contains(got.header.Get("Access-Control-Allow-Methods"), "POST") {
		t.Errorf("a preflight: %d %v", got.status, got.header)
	}
	got = w.call("OPTIONS", "/api/flows/pages/invoke", "", "Origin", "https://evil.example", "Access-Control-Request-Method", "POST")
	if got.status != 204 || got.header.Get("Access-Control-Allow-Origin") != "" || got.header.Get("Access-Control-Allow-Methods") != "" {
		t.Errorf("a preflight of another page: %d %v", got.status, got.header)
	}
	w.want("OPTIONS of a program", w.call("OPTIONS", "/api/flows/pages/invoke", ""), 401, "unauthorized")
	if n := len(w.runsOf(flow.ID)); n != 0 {
		t.Errorf("they began %d runs", n)
	}
}

func TestReturnWithHeaders(t *testing.T) {
	w := newWorld(t, echoUpstream)
	w.publish("headers", public, endpointDoc(nil, step("return", "control.return", schema.Values{"values": schema.Values{"id": "7"},
		"headers": schema.Values{"x-request-cost": "3", "cache-control": "max-age=60"}})))
	got := w.call("POST", "/api/flows/headers/invoke", "{}")
	if got.status != 200 || got.body != `{"id":"7"}`+"\n" || got.header.Get("X-Request-Cost") != "3" || got.header.Get("Cache-Control") != "max-age=60" || got.header.Get("Content-Type") != "application/json" {
		t.Errorf("got %d %s %v", got.status, got.body, got.header)
	}
	if run := w.run(got); run.Status != flows.Succeeded || run.Output["id"] != "7" {
		t.Errorf("the run is %s with %v", run.Status, run.Output)
	}
	w.publish("both", public, endpointDoc(nil, step("close", "http.close", schema.Values{"status_code": 201, "body": "1"}),
		step("return", "control.return", schema.Values{"values": schema.Values{"id": "7"}, "headers": schema.Values{"x-a": "1"}})))
	got = w.call("POST", "/api/flows/both/invoke", "{}")
	if got.status != 201 {
		t.Errorf("after Close: %d %s", got.status, got.body)
	}
	for range 100 {
		if run := w.run(got); run.Status.Done() {
			if run.Status != flows.Succeeded {
				data, _ := json.Marshal(run.Error)
				t.Errorf("after Close the run is %s: %s", run.Status, data)
			}
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Error("the run does not end")
}

func BenchmarkAPlainCall(b *testing.B) {
	r, err := http.NewRequest("POST", "/", nil)
	if err != nil {
		b.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	ep, now := withSettings(flows.Settings{}), time.Now()
	for b.Loop() {
		if _, err := ep.manner(r, caller{}, nil, sent{raw: "{}"}, now); err != nil {
			b.Fatal(err)
		}
	}
}
