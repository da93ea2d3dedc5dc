package web

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"flowdeck/cards/schema"
	"flowdeck/flows"
)

// crm is a flow with a branch: customers that are active are posted on.
func crm(w *world) flows.Document {
	get := step("get", "http.get", schema.Values{"url": w.upstream.URL + "/customers/{{ endpoint.id }}"})
	get.Title = "Get customer"
	post := step("post", "http.post", schema.Values{"url": w.upstream.URL + "/contacts", "body": `{"email":"{{get.body.email}}"}`})
	post.Title = "Post to CRM"
	no := step("no", "http.close", schema.Values{"status_code": 409, "body_type": "text", "body": "inactive"})
	choose := step("choose", "control.if", schema.Values{"conditions": []any{schema.Values{"left": "{{ get.body.active }}", "operator": "is_true"}}})
	choose.Blocks = map[string]flows.Block{"then": {Chain: []flows.Step{post}}, "else": {Chain: []flows.Step{no}}}
	last := step("last", "text.compose", schema.Values{"text": "done"})
	return endpointDoc([]any{input("id", "text", "body", true)}, get, choose, last)
}

func crmUpstream(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	switch r.URL.Path {
	case "/customers/C-1":
		_, _ = fmt.Fprint(w, `{"active":true,"email":"ops@northwind.example"}`)
	case "/customers/C-2":
		_, _ = fmt.Fprint(w, `{"active":false}`)
	case "/contacts":
		w.WriteHeader(http.StatusUnprocessableEntity)
		_, _ = fmt.Fprint(w, `{"errors":[{"field":"email","message":"already in use"}]}`)
	}
}

// crmWorld has a flow, a run of it that failed and one that replied 409.
func crmWorld(t *testing.T) (w *world, f flows.Flow, failed, replied flows.Run) {
	w = newWorld(t, crmUpstream)
	w.signIn()
	f = w.publish("crm", public, crm(w))
	call := func(id string) flows.Run {
		return w.over(w.run(w.call("POST", "/api/flows/crm/invoke", `{"id":"`+id+`"}`, "Content-Type", "application/json")).ID)
	}
	return w, f, call("C-1"), call("C-2")
}

// over waits for a run's end.
func (w *world) over(id string) flows.Run {
	w.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	for range w.engine.Watch(ctx, id) {
		run, err := w.s.Store.Run(ctx, id)
		must(w.T, err)
		if run.Status.Done() {
			return run
		}
	}
	w.Fatalf("run %s does not end", id)
	return flows.Run{}
}

// page reads a page as Maya sees it, without its tags' order mattering.
func (w *world) page(path string, header ...string) reply {
	w.Helper()
	return w.send(w.browser, "GET", path, "", header...)
}

// has checks that a page says all of the parts.
func (w *world) has(path string, parts ...string) {
	w.Helper()
	got := w.page(path)
	if got.status != http.StatusOK {
		w.Fatalf("GET %s: %d %s", path, got.status, got.body)
	}
	for _, part := range parts {
		if !strings.Contains(got.body, part) {
			w.Errorf("GET %s lacks %q", path, part)
		}
	}
}

func TestTheListSaysHowRunsWent(t *testing.T) {
	w, f, failed, replied := crmWorld(t)
	for _, path := range []string{"/runs", "/flows/" + f.ID + "/runs"} {
		w.has(path, "Failed at Post to CRM", "<bdi>id C-1</bdi>", "Answered 409", "id C-2", "Today", `Failed <span class="c">1</span>`, `Running <span class="c">0</span>`)
	}
	for query, want := range map[string]string{
		"state=failed": failed.ID, "q=c-2": replied.ID, "q=" + failed.ID: failed.ID, "q=unprocessable": failed.ID,
	} {
		got := w.page("/flows/" + f.ID + "/runs?" + query).body
		for _, id := range []string{failed.ID, replied.ID} {
			if strings.Contains(got, "row-"+id) != (id == want) {
				t.Errorf("%s: row of %s is there: %t", query, id, id != want)
			}
		}
	}
	w.has("/runs?q=nowhere", "Nothing found", "nowhere")
	w.has("/runs?state=running", "No such runs")
	if got := w.page("/flows/f_none/runs"); got.status != 404 {
		t.Errorf("runs of no flow: %d, want 404", got.status)
	}
}

func TestARunIsDrawnInTheFlowsOrder(t *testing.T) {
	w, _, failed, replied := crmWorld(t)
	path := "/runs/" + failed.ID
	w.has(path, "Failed", "Caller got", "502", `data-view="run"`, "Get customer", "200 OK", "Took Then", "422 Unprocessable Entity", "Branch not taken", "Not reached")
	w.has("/runs/"+replied.ID, "Done", "409", "Took Else", "Sent 409 Conflict")
	text := w.page(path).body
	at := -1
	for _, id := range []string{"step-endpoint", "step-get", "step-choose", "step-post", "step-no", "step-last"} {
		next := strings.Index(text, `id="`+id+`"`)
		if next <= at {
			t.Errorf("%s stands before the step that it comes after", id)
		}
		at = next
	}
	if got := w.page("/runs/r_none"); got.status != 404 {
		t.Errorf("unknown run: %d, want 404", got.status)
	}
	if got := w.page(path + "/steps/nothing"); got.status != 404 {
		t.Errorf("unknown step: %d, want 404", got.status)
	}
}

func TestACardExplainsItself(t *testing.T) {
	w, _, failed, _ := crmWorld(t)
	steps := "/runs/" + failed.ID + "/steps/"
	w.has(steps+string(failed.ErrorPath), "turned the request down (422): “email” already in use.", "the caller got 502", "ops@northwind.example", "already in use",
		`data-view="card"`, "What happened", "Where the time went", "Response headers", "422 Unprocessable Entity", "1 attempt")
	w.has(steps+"get", "200 OK", "northwind")
	w.has(steps+"endpoint", "Event", "raw_body", "POST from 127.0.0.1")
	w.has(steps+"last", "Not reached.")
	got := w.page("/runs/" + failed.ID + "/raw/get?part=output")
	if got.status != 200 || !strings.HasPrefix(got.header.Get("Content-Disposition"), "attachment") || !json.Valid([]byte(got.body)) || !strings.Contains(got.body, `"status_code":200`) {
		t.Errorf("download: %d %v %s", got.status, got.header, got.body)
	}
}

func TestLongValuesAreCutOnThePageAndWholeInTheFile(t *testing.T) {
	var b strings.Builder
	for i := range 5000 {
		_, _ = fmt.Fprintf(&b, `%c"k%04d":"%s"`, "{,"[min(i, 1)], i, strings.Repeat("v", 100))
	}
	w := newWorld(t, func(rw http.ResponseWriter, _ *http.Request) {
		rw.Header().Set("Content-Type", "application/json")
		_, _ = fmt.Fprint(rw, b.String()+"}")
	})
	w.signIn()
	w.publish("long", public, endpointDoc(nil, step("get", "http.get", schema.Values{"url": w.upstream.URL})))
	run := w.over(w.run(w.call("POST", "/api/flows/long/invoke", "")).ID)
	path := "/runs/" + run.ID + "/steps/get"
	w.has(path, "k0199", "4800 more keys")
	if got := w.page(path); strings.Contains(got.body, "k0200") || len(got.body) > 200_000 {
		t.Errorf("the page is %d bytes long", len(got.body))
	}
	if got := w.page("/runs/" + run.ID + "/raw/get?part=output"); !strings.Contains(got.body, "k4999") {
		t.Errorf("the file of %d bytes lacks the last key", len(got.body))
	}
}

func TestARunIsRunAgainWithItsEvent(t *testing.T) {
	w, f, failed, _ := crmWorld(t)
	again := func(form url.Values) flows.Run {
		t.Helper()
		res := w.send(w.browser, "POST", "/runs/"+failed.ID+"/rerun", form.Encode(), "Content-Type", "application/x-www-form-urlencoded")
		if res.status != http.StatusSeeOther {
			t.Fatalf("re-run: %d %s", res.status, res.body)
		}
		return w.over(strings.TrimPrefix(res.header.Get("Location"), "/runs/"))
	}
	run := again(nil)
	if run.RerunOf != failed.ID || run.Event["id"] != "C-1" || run.Version != 1 || run.Source != "Maya Ortiz (re-run)" {
		t.Errorf("got %+v, want the event of %s with version 1", run, failed.ID)
	}
	w.has("/runs/"+run.ID, "nothing: it is a re-run", failed.ID)
	w.publishAgain(f.ID, endpointDoc(nil, step("text", "text.compose", schema.Values{"text": "better"})))
	if run := again(nil); run.Version != 2 || run.Status != flows.Succeeded {
		t.Errorf("got version %d, %s, want version 2, succeeded", run.Version, run.Status)
	}
	if run := again(url.Values{"version": {"same"}}); run.Version != 1 || run.Status != flows.Failed {
		t.Errorf("got version %d, %s, want version 1, failed", run.Version, run.Status)
	}
	w.has("/runs/"+failed.ID, "With v2, which is live now", "With v1, as it ran")
}

func TestARunIsStopped(t *testing.T) {
	begun := make(chan struct{})
	w := newWorld(t, func(_ http.ResponseWriter, r *http.Request) { close(begun); <-r.Context().Done() })
	w.signIn()
	w.publish("slow", public, endpointDoc(nil, step("get", "http.get", schema.Values{"url": w.upstream.URL})))
	answered := make(chan reply)
	go func() { answered <- w.call("POST", "/api/flows/slow/invoke", "") }()
	<-begun
	path := "/runs/" + w.newest()
	w.has(path, "Running", path+"/cancel")
	if got := w.send(w.browser, "POST", path+"/cancel", ""); got.status != http.StatusSeeOther {
		t.Fatalf("stop: %d %s", got.status, got.body)
	}
	w.want("the caller", <-answered, 500, "run_cancelled")
	w.has(path, "Stopped", "The run was cancelled while this card was under way.")
	got := w.send(w.browser, "POST", path+"/cancel", "", "HX-Request", "true")
	if got.status != http.StatusNoContent || !strings.Contains(got.header.Get("HX-Trigger"), "already ended") {
		t.Errorf("stop again: %d %v", got.status, got.header)
	}
}

func TestPagesOfRunsFollowOneAnother(t *testing.T) {
	w := newWorld(t, echoUpstream)
	w.signIn()
	f := w.publish("many", public, endpointDoc(nil))
	for range firstPage + 5 {
		w.call("POST", "/api/flows/many/invoke", "")
	}
	first := w.page("/flows/" + f.ID + "/runs").body
	_, more, found := strings.Cut(first, `class="btn sm" href="`)
	if n := strings.Count(first, `id="row-`); n != firstPage || !found {
		t.Fatalf("the first page has %d runs, more: %t", n, found)
	}
	more, _, _ = strings.Cut(more, `"`)
	more = strings.ReplaceAll(more, "&amp;", "&")
	rest := w.page(more, "HX-Request", "true").body
	if n := strings.Count(rest, `id="row-`); n != 5 || strings.Contains(rest, "Today") || strings.Contains(rest, "Load more") || strings.Contains(rest, "<html") {
		t.Errorf("the second page has %d runs, want 5 under the day that stands there: %s", n, rest)
	}
}
