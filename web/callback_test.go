package web

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"flowdeck/cards/schema"
	"flowdeck/flows"
)

// asking publishes a flow that waits for an answer, runs it, and returns its link and its run.
func (w *world) asking(alias string, inputs schema.Values) (link string, run flows.Run) {
	w.Helper()
	set := public
	set.ResponseTimeout.Duration = time.Millisecond
	w.publish(alias, set, endpointDoc(nil, flows.Step{ID: "ask", Card: "control.wait_callback", Inputs: inputs},
		step("out", "control.return", schema.Values{"values": schema.Values{"all": "{{ask}}"}})))
	started := w.call("POST", "/api/flows/"+alias+"/invoke", "")
	run = w.until(started.header.Get("X-Flowdeck-Run"), func(r flows.Run) bool { return r.Status == flows.Waiting })
	link, _ = w.s.Link(run.ID, "ask")
	return link, run
}

// until waits for a run to be as it should.
func (w *world) until(id string, is func(flows.Run) bool) flows.Run {
	w.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	for range w.engine.Watch(ctx, id) {
		run, err := w.s.Store.Run(context.Background(), id)
		must(w.T, err)
		if is(run) {
			return run
		}
	}
	w.Fatalf("run %s does not become what it should", id)
	return flows.Run{}
}

func (w *world) answers(run flows.Run) schema.Values {
	w.Helper()
	run = w.until(run.ID, func(r flows.Run) bool { return r.Status.Done() })
	all, _ := run.Output["all"].(map[string]any)
	if all == nil {
		w.Fatalf("run ended %s, %v with %v", run.Status, run.Error, run.Output)
	}
	return all
}

var approval = schema.Values{"title": "Leave for Maya", "description": "Five days.\n\nFrom <Monday>.", "fields": []any{
	schema.Values{"name": "days", "type": "number", "required": true, "help": "How many days?"},
	schema.Values{"name": "kind", "options": "paid, unpaid"},
	schema.Values{"name": "cover", "type": "boolean", "help": "Somebody stands in"}}}

func TestAPersonAnswersByAForm(t *testing.T) {
	w := newWorld(t, echoUpstream)
	w.signIn()
	link, run := w.asking("leave", approval)
	post := func(client *http.Client, form url.Values, more ...string) reply {
		return w.send(client, "POST", link, form.Encode(), append(more, "Content-Type", "application/x-www-form-urlencoded")...)
	}
	page := w.call("GET", link, "")
	w.want("the page", page, 200, "From &lt;Monday&gt;.")
	w.want("the page asks for a name", page, 200, `name="name"`)
	if page.header.Get("Cache-Control") != "no-store" || strings.Contains(page.body, run.ID) {
		t.Errorf("the page is kept (%s) or names the run", page.header.Get("Cache-Control"))
	}
	w.want("the page of who is signed in", w.send(w.browser, "GET", link, ""), 200, "You answer as Maya Ortiz")
	wrong := post(http.DefaultClient, url.Values{"q.days": {"many"}, "q.kind": {"free"}, "decision": {"approve"}})
	for _, part := range []string{"It must be a number", "It must be one of paid, unpaid", "Say who you are.", ">many</input", `value="many"`} {
		if strings.HasPrefix(part, ">") {
			continue
		}
		w.want("a wrong form", wrong, 422, part)
	}
	w.want("a form without a button", post(http.DefaultClient, url.Values{"q.days": {"5"}, "name": {"Ann"}}), 422, "Choose one of the buttons.")
	w.want("another site's form", post(http.DefaultClient, url.Values{"decision": {"approve"}}, "Sec-Fetch-Site", "cross-site"), 403, "another site")
	w.want("the run's page", w.send(w.browser, "GET", "/runs/"+run.ID+"/steps/ask", ""), 200, "Open the form")

	w.want("an answer", post(http.DefaultClient, url.Values{"q.days": {"5"}, "q.kind": {"paid"}, "q.cover": {"true"}, "name": {" Ann  Lee "}, "decision": {"reject"}}), 200, "Your rejection was taken down")
	got := w.answers(run)
	for name, want := range map[string]any{"outcome": "rejected", "approved": false, "answered_by": "Ann Lee", "signed_in": false, "days": int64(5), "kind": "paid", "cover": true} {
		if got[name] != want {
			t.Errorf("output %s = %v, want %v", name, got[name], want)
		}
	}
	w.want("a second answer", post(http.DefaultClient, url.Values{"q.days": {"5"}, "name": {"Bo"}, "decision": {"approve"}}), 410, "Already answered")
	w.want("the page afterwards", w.call("GET", link, ""), 410, "Already answered")

	link, run = w.asking("again", approval)
	w.want("who is signed in", post(w.browser, url.Values{"q.days": {"1"}, "name": {"Somebody else"}, "decision": {"approve"}}), 200, "Approved")
	if got := w.answers(run); got["answered_by"] != "Maya Ortiz" || got["signed_in"] != true || got["approved"] != true || got["cover"] != false || got["kind"] != nil {
		t.Errorf("outputs = %v, want Maya Ortiz, signed in, approved", got)
	}
}

func TestAProgramAnswersByARequest(t *testing.T) {
	w := newWorld(t, echoUpstream)
	link, run := w.asking("resume", schema.Values{"kind": "request"})
	w.want("GET is not taken", w.call("GET", link, ""), 405, "takes POST")
	w.want("HEAD is not taken", w.call("HEAD", link, ""), 405, "")
	w.want("broken JSON", w.call("POST", link, `{"a":`, "Content-Type", "application/json"), 400, "malformed")
	w.want("too long a body", w.call("POST", link, strings.Repeat("a", callbackBody+1)), 413, "too_large")
	w.want("an answer", w.call("POST", link+"?n=1", `{"a":1.50}`, "Content-Type", "application/json", "X-From", "me", "Cookie", "flowdeck=x"), 200, "answered")
	got := w.answers(run)
	headers, _ := got["headers"].(map[string]any)
	if body, _ := got["body"].(map[string]any); got["outcome"] != "answered" || body["a"] != 1.5 || got["method"] != "POST" || headers["x-from"] != "me" || headers["cookie"] != nil {
		t.Errorf("outputs = %v, want the JSON, the method and the headers without secrets", got)
	}
	w.want("a second answer", w.call("POST", link, "x"), 409, "already_answered")
	w.want("an unknown link", w.call("POST", "/callback/nonsense", "{}", "Content-Type", "application/json"), 404, "not_found")

	link, run = w.asking("open", schema.Values{"kind": "request", "methods": "any"})
	w.want("GET where it is taken", w.call("GET", link+"?ok=yes", ""), 200, "answered")
	if got := w.answers(run); got["method"] != "GET" || got["query"].(map[string]any)["ok"] != "yes" {
		t.Errorf("outputs = %v, want the query", got)
	}

	link, run = w.asking("ended", schema.Values{"kind": "request"})
	must(t, w.engine.Cancel(context.Background(), run.ID))
	w.want("an answer to a run that was stopped", w.call("POST", link, "x"), 410, "ended")
	for range callbackBurst {
		w.call("GET", "/callback/guess", "")
	}
	w.want("too many guesses", w.call("GET", "/callback/guess", ""), 429, "Too many requests")

	link, _ = w.asking("behind", schema.Values{"kind": "request"})
	w.want("an answer from where others guess", w.call("POST", link, "x"), 200, "answered")
}
