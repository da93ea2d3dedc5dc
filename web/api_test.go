package web

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

// A walk through the whole API: every operation is called, in an order that makes sense,
// and every answer is what the document says.
func TestEveryOperationAnswersAsTheDocumentSays(t *testing.T) {
	w := newWorld(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `{"user": %q}`, r.Header.Get("Authorization"))
	})
	c := newClient(w)
	walkConnections(c)
	id := walkFlows(c)
	walkRuns(c, id)
	walkFiles(c, id)
	walkRedos(c)
	c.expect(http.StatusOK, nil, "GET", "/metrics", "")
	c.expect(http.StatusNoContent, nil, "DELETE", "/flows/"+id, "")
	c.expect(http.StatusNotFound, nil, "GET", "/flows/"+id, "")
	for _, item := range c.document["paths"].(map[string]any) {
		for method, op := range item.(map[string]any) {
			if o, ok := op.(map[string]any); ok && !c.called[o["operationId"].(string)] {
				t.Errorf("%s %v was never called with success", method, o["operationId"])
			}
		}
	}
}

func walkConnections(c *client) {
	var made apiConnection
	at := c.expect(http.StatusCreated, &made, "POST", "/connections", `{"name": "CRM", "type": "basic", "test_url": `+jsonOf(c.upstream.URL+"/me")+`,
		"settings": {"username": "ada", "password": "hunter2hunter2"}}`)
	if strings.Contains(at.body, "hunter2") || jsonOf(made.Secrets) != `["password"]` || made.Settings["username"] != "ada" {
		c.Errorf("a new connection: %s", at.body)
	}
	path := strings.TrimPrefix(at.header.Get("Location"), apiPrefix)
	got := c.expect(http.StatusOK, nil, "GET", path, "")
	c.expect(http.StatusOK, &made, "PATCH", path, `{"description": "of the sales team"}`, "If-Match", got.header.Get("ETag"))
	if made.Description != "of the sales team" || len(made.Secrets) != 1 {
		c.Errorf("a change of the description gives %+v", made)
	}
	c.expect(http.StatusPreconditionFailed, nil, "PATCH", path, `{"description": "late"}`, "If-Match", `"1"`)
	// whoever changes where a secret goes has to know it
	c.want("the host alone is changed", c.do("PATCH", path, `{"hosts": ["evil.example"], "test_url": ""}`), http.StatusUnprocessableEntity, "must be entered again")
	var tested apiTestResult
	c.expect(http.StatusOK, &tested, "POST", path+"/test", "")
	if !tested.OK || tested.Status != http.StatusOK {
		c.Errorf("test: %+v", tested)
	}
	c.expect(http.StatusCreated, nil, "POST", "/connections", `{"name": "Docs", "type": "none"}`)
	var page apiPage[apiConnection]
	c.expect(http.StatusOK, &page, "GET", "/connections?limit=1", "")
	first := page.Items[0].Name
	c.expect(http.StatusOK, &page, "GET", "/connections?limit=1&cursor="+page.Next, "")
	if first != "CRM" || page.Items[0].Name != "Docs" || page.Next != "" {
		c.Errorf("two pages of connections: %s, %s, then %q", first, page.Items[0].Name, page.Next)
	}
	c.expect(http.StatusNoContent, nil, "DELETE", "/connections/"+page.Items[0].ID, "")
}

func walkFlows(c *client) string {
	var flow apiFlow
	made := c.expect(http.StatusCreated, &flow, "POST", "/flows", flowFile("Doubles", "doubles"))
	path := strings.TrimPrefix(made.header.Get("Location"), apiPrefix)
	c.expect(http.StatusOK, &flow, "PATCH", path, `{"name": "Echo", "folder": " demo / api ", "labels": ["x", "x"], "settings": {"security": "public", "keep_days": 7, "origins": ["https://app.example.com/"]}}`)
	if flow.Name != "Echo" || flow.Folder != "demo/api" || jsonOf(flow.Labels) != `["x"]` || flow.Settings.KeepDays != 7 || jsonOf(flow.Settings.Origins) != `["https://app.example.com"]` || flow.On {
		c.Errorf("a changed flow: %+v", flow)
	}
	draft := c.expect(http.StatusOK, nil, "GET", path+"/draft", "")
	changed := strings.Replace(draft.body, `"id":"reply"`, `"id":"answer"`, 1)
	c.expect(http.StatusPreconditionRequired, nil, "PUT", path+"/draft", changed)
	put := c.expect(http.StatusOK, &flow, "PUT", path+"/draft", changed, "If-Match", draft.header.Get("ETag"))
	if flow.Document.Chain[0].ID != "answer" || put.header.Get("ETag") == draft.header.Get("ETag") {
		c.Errorf("a replaced draft: %s", put.body)
	}
	c.expect(http.StatusPreconditionFailed, nil, "PUT", path+"/draft", changed, "If-Match", draft.header.Get("ETag"))
	c.expect(http.StatusPreconditionFailed, nil, "POST", path+"/publish", `{}`, "If-Match", draft.header.Get("ETag"))
	var version apiVersionSummary
	c.expect(http.StatusCreated, &version, "POST", path+"/publish", `{"message": "first"}`, "If-Match", put.header.Get("ETag"))
	if version.Number != 1 || version.Message != "first" || version.By != "Ada" || !version.Live {
		c.Errorf("published %+v", version)
	}
	c.want("the endpoint", c.call("POST", "/api/flows/doubles/invoke", `{"n": 4}`, "Content-Type", "application/json"), http.StatusOK, `"n":4`)
	c.expect(http.StatusOK, &flow, "PATCH", path, `{"on": false}`)
	c.expect(http.StatusOK, &flow, "GET", path, "")
	if flow.On {
		c.Errorf("a flow that was switched off is on")
	}
	c.expect(http.StatusOK, nil, "PATCH", path, `{"on": true}`)
	c.expect(http.StatusCreated, nil, "POST", path+"/publish", "")
	var versions apiPage[apiVersionSummary]
	c.expect(http.StatusOK, &versions, "GET", path+"/versions?limit=1", "")
	c.expect(http.StatusOK, &versions, "GET", path+"/versions?limit=1&cursor="+versions.Next, "")
	if len(versions.Items) != 1 || versions.Items[0].Number != 1 || versions.Items[0].Live || versions.Next != "" {
		c.Errorf("the second page of versions: %+v", versions)
	}
	c.expect(http.StatusOK, nil, "GET", path+"/versions/1", "")
	c.expect(http.StatusNotFound, nil, "GET", path+"/versions/9", "")
	c.want("a flow that is there", c.do("POST", "/flows", strings.Replace(flowFile("Again", "again"), `"kind"`, `"id": "`+flow.ID+`", "kind"`, 1)), http.StatusConflict, "There is a flow with this id")

	var list apiPage[apiFlowSummary]
	c.expect(http.StatusCreated, nil, "POST", "/flows", flowFile("Another", "another"))
	c.expect(http.StatusOK, &list, "GET", "/flows?folder=demo&q=ech", "")
	if len(list.Items) != 1 || list.Items[0].ID != flow.ID || list.Items[0].Version != 2 {
		c.Errorf("flows in a folder: %+v", list)
	}
	c.expect(http.StatusOK, &list, "GET", "/flows?limit=1", "")
	c.expect(http.StatusOK, &list, "GET", "/flows?limit=1&cursor="+list.Next, "")
	if list.Items[0].Name != "Echo" || list.Next != "" {
		c.Errorf("the second page of flows: %+v", list)
	}
	return flow.ID
}

func walkRuns(c *client, flow string) {
	var run apiRun
	at := c.expect(http.StatusOK, &run, "POST", "/flows/"+flow+"/runs", `{"inputs": {"n": 2}}`, "Prefer", "respond-async, wait=20")
	if run.Status != "succeeded" || run.Response == nil || run.Version != 2 || run.Source != "Ada (API)" {
		c.Errorf("a run that was waited for: %s", at.body)
	}
	var first, second apiRun
	key := []string{"Idempotency-Key", "k1", "Prefer", "wait=20"}
	c.expect(http.StatusOK, &first, "POST", "/flows/"+flow+"/runs", `{"inputs": {"n": 3}, "draft": true}`, key...)
	c.expect(http.StatusOK, &second, "POST", "/flows/"+flow+"/runs", `{"inputs": {"n": 3}, "draft": true}`, key...)
	if first.ID != second.ID || first.Version != 0 {
		c.Errorf("one key began %s and %s, of version %d", first.ID, second.ID, first.Version)
	}
	c.want("the key of another request", c.do("POST", "/flows/"+flow+"/runs", `{"inputs": {"n": 4}}`, key...), http.StatusUnprocessableEntity, "key_reused")
	c.want("an input is missing", c.do("POST", "/flows/"+flow+"/runs", `{}`, "Idempotency-Key", "k2"), http.StatusUnprocessableEntity, `"field":"n"`)
	c.expect(http.StatusOK, nil, "POST", "/flows/"+flow+"/runs", `{"inputs": {"n": 1}}`, "Idempotency-Key", "k2", "Prefer", "wait=20") // nothing began, so the key is free

	var again apiRun
	c.expect(http.StatusOK, &again, "POST", "/runs/"+run.ID+"/rerun", `{"version": "same"}`, "Prefer", "wait=20")
	if again.RerunOf != run.ID || jsonOf(again.Event) != jsonOf(run.Event) {
		c.Errorf("a re-run: %+v, want the event of %+v", again, run)
	}
	var attempts apiPage[apiAttempt]
	c.expect(http.StatusOK, &attempts, "GET", "/runs/"+run.ID+"/attempts?values=true&limit=1", "")
	if len(attempts.Items) != 1 || attempts.Items[0].Status != "succeeded" || attempts.Items[0].Input == nil {
		c.Errorf("attempts: %+v", attempts)
	}
	var runs apiPage[apiRunSummary]
	seen := map[string]bool{}
	for next := "/runs?limit=2&flow=" + flow; next != ""; {
		runs = apiPage[apiRunSummary]{}
		c.expect(http.StatusOK, &runs, "GET", next, "")
		for _, r := range runs.Items {
			seen[r.ID] = true
		}
		if next = ""; runs.Next != "" {
			next = "/runs?limit=2&flow=" + flow + "&cursor=" + runs.Next
		}
	}
	if !seen[run.ID] || !seen[first.ID] || len(seen) != 5 {
		c.Errorf("pages of runs hold %d: %v", len(seen), seen)
	}
	c.expect(http.StatusOK, &run, "GET", "/runs/"+run.ID, "")
	c.want("a run that has ended", c.do("POST", "/runs/"+run.ID+"/cancel", ""), http.StatusConflict, "ended")

	c.walkWaiting()
	var result apiCardResult
	c.expect(http.StatusOK, &result, "POST", "/flows/"+c.calling().ID+"/steps/get/test", `{"values": {"endpoint": {"path": "me"}}}`)
	if result.Error != nil || result.Calls != 1 || !strings.HasSuffix(fmt.Sprint(result.Input["url"]), "/me") {
		c.Errorf("a tested card: %s", jsonOf(result))
	}
}

func walkFiles(c *client, flow string) {
	file := c.expect(http.StatusOK, nil, "GET", "/export?flow="+flow, "")
	if again := c.do("GET", "/export?flow=doubles", ""); again.body != file.body {
		c.Errorf("two exports of one flow differ")
	}
	var done apiImport
	c.expect(http.StatusOK, &done, "POST", "/import?dry_run=true", file.body, "Content-Type", "application/zip")
	if done.Applied || len(done.Changes) != 1 || done.Changes[0].Action != "unchanged" || done.Changes[0].File != "flows/demo/api/doubles.json" {
		c.Errorf("a dry run: %+v", done)
	}
	c.expect(http.StatusOK, &done, "POST", "/import?publish=true", flowFile("Third", "third"))
	if !done.Applied || done.Changes[0].Action != "created" || done.Changes[0].Version != 1 {
		c.Errorf("imported and published: %+v", done)
	}
	c.want("a broken file", c.do("POST", "/import", "{\n  \"flowdeck\": 1,\n  \"kind\": \"song\"\n}"), http.StatusUnprocessableEntity, `"line":3`)
}

// walkWaiting begins a run that goes on for long, and ends it.
func (c *client) walkWaiting() {
	c.Helper()
	release := make(chan struct{})
	defer close(release)
	c.upstream.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/slow" {
			select {
			case <-release:
			case <-r.Context().Done():
			}
		}
		fmt.Fprint(w, "{}")
	})
	f := c.calling()
	var run apiRun
	got := c.expect(http.StatusAccepted, &run, "POST", "/flows/"+f.ID+"/runs", `{"body": {"path": "slow"}}`)
	if got.header.Get("Location") != apiPrefix+"/runs/"+run.ID {
		c.Errorf("Location is %q", got.header.Get("Location"))
	}
	c.expect(http.StatusConflict, nil, "DELETE", "/flows/"+f.ID, "")
	c.expect(http.StatusAccepted, nil, "POST", "/runs/"+run.ID+"/cancel", "")
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	must(c.T, c.s.awaitEnd(ctx, run.ID, 10*time.Second))
	c.expect(http.StatusOK, &run, "GET", "/runs/"+run.ID, "")
	if run.Status != "cancelled" {
		c.Errorf("a cancelled run is %s", run.Status)
	}
}

// calling is a flow that calls the upstream at the path that its caller names.
func (c *client) calling() (f struct{ ID string }) {
	c.Helper()
	var list apiPage[apiFlowSummary]
	c.expect(http.StatusOK, &list, "GET", "/flows?q=calling", "")
	if len(list.Items) == 0 {
		made := c.publish("calling", public, endpointDoc([]any{input("path", "text", "body", true)},
			step("get", "http.get", map[string]any{"url": c.upstream.URL + "/{{endpoint.path}}"})))
		f.ID = made.ID
		return f
	}
	f.ID = list.Items[0].ID
	return f
}

func TestTheAPIRefusesWhatItCannotDo(t *testing.T) {
	w := newWorld(t, func(http.ResponseWriter, *http.Request) {})
	c := newClient(w)
	made := c.expect(http.StatusCreated, nil, "POST", "/flows", flowFile("One", "one"))
	one := strings.TrimPrefix(made.header.Get("Location"), apiPrefix)
	for _, tt := range []struct {
		name, method, path, body string
		header                   []string
		status                   int
		says                     string
	}{
		{"nothing there", "GET", "/nothing", "", nil, 404, "not_found"},
		{"the root", "GET", "", "", nil, 404, "openapi.json"},
		{"a path with two slashes", "GET", "//flows", "", nil, 404, "not_found"},
		{"a flow that is none", "GET", "/flows/f_none", "", nil, 404, "not_found"},
		{"a version that is no number", "GET", one + "/versions/x", "", nil, 404, "not_found"},
		{"a run that is none", "GET", "/runs/r_none/attempts", "", nil, 404, "not_found"},
		{"a method that is not taken", "PUT", "/flows", "{}", nil, 405, "It takes GET, HEAD, POST, OPTIONS"},
		{"a body of another type", "POST", "/flows", "name=x", []string{"Content-Type", "application/x-www-form-urlencoded"}, 415, "Send application/json"},
		{"a body in gzip", "POST", "/flows", "x", []string{"Content-Type", "application/json", "Content-Encoding", "gzip"}, 415, "gzip"},
		{"no body", "POST", "/flows", "", nil, 400, "missing_body"},
		{"a body that is too long", "POST", "/flows", strings.Repeat(" ", maxAPIBody+1), nil, 413, "too_large"},
		{"no JSON", "POST", "/flows", "{\n oops }", nil, 400, `"line":2,"column":2`},
		{"an unknown key", "PATCH", one, "{\n \"nmae\": 1}", nil, 422, `"pointer":"/nmae","line":2,"column":2`},
		{"a wrong type", "PATCH", one, `{"labels": "x"}`, nil, 422, "must be a list"},
		{"an unknown card", "PUT", one + "/draft", "{\"format\": 1, \"trigger\": {\"id\": \"e\", \"card\": \"event.endpoint\"},\n \"chain\": [{\"id\": \"x\", \"card\": \"slack.post\"}]}", []string{"If-Match", "*"}, 422, `"pointer":"/chain/0/card"`},
		{"a newer document", "PUT", one + "/draft", `{"format": 9, "trigger": {"id": "e", "card": "event.endpoint"}, "chain": []}`, []string{"If-Match", "*"}, 422, "Update Flowdeck"},
		{"a filter that is none", "GET", "/runs?flwo=x", "", nil, 400, "there are flow, status, open, q, limit, cursor"},
		{"a status that is none", "GET", "/runs?status=fine", "", nil, 400, "must be one of queued"},
		{"a limit without end", "GET", "/flows?limit=100000", "", nil, 400, "from 1 to 200"},
		{"a cursor of another list", "GET", "/runs?cursor=" + cursor("flows", "x"), "", nil, 400, "is not one that this list gave"},
		{"a name that is too long", "PATCH", one, `{"name": "` + strings.Repeat("x", 201) + `"}`, nil, 422, `"field":"name"`},
		{"a folder that leads out", "PATCH", one, `{"folder": "a/../b"}`, nil, 422, `"field":"folder"`},
		{"settings beyond bounds", "PATCH", one, `{"settings": {"keep_days": 99999}}`, nil, 422, `"field":"settings.keep_days"`},
		{"an alias that is none", "PATCH", one, `{"alias": "a b"}`, nil, 422, `"field":"alias"`},
		{"a flow that was never published is switched on", "PATCH", one, `{"on": true}`, nil, 422, "never published"},
		{"a flow that was never published is run", "POST", one + "/runs", `{}`, nil, 409, "never_published"},
		{"a kind of sign-in that is none", "POST", "/connections", `{"name": "x", "type": "magic"}`, nil, 422, "there are oauth"},
		{"a setting that is none", "POST", "/connections", `{"name": "x", "type": "basic", "hosts": ["a.io"], "settings": {"user": "x"}}`, nil, 422, `"field":"user"`},
		{"a secret that is missing", "POST", "/connections", `{"name": "x", "type": "basic", "hosts": ["a.io"], "settings": {}}`, nil, 422, "is required"},
		{"a card that is none", "POST", one + "/steps/none/test", `{}`, nil, 404, "not_found"},
		{"a flow to export that is none", "GET", "/export?flow=none", "", nil, 404, "none"},
		{"a file that is not JSON", "POST", "/import", "PK\x03\x04 and so on", []string{"Content-Type", "application/zip"}, 422, "zip file cannot be read"},
	} {
		got := c.do(tt.method, tt.path, tt.body, tt.header...)
		if got.status != tt.status || !strings.Contains(got.body, tt.says) {
			t.Errorf("%s: %d %s, want %d with %s", tt.name, got.status, got.body, tt.status, tt.says)
		}
	}
	if got := c.call("HEAD", apiPrefix+one, "", "Authorization", "Bearer "+c.token); got.status != 200 || got.body != "" || got.header.Get("ETag") == "" {
		t.Errorf("HEAD: %d %q", got.status, got.body)
	}
	if got := c.call("OPTIONS", apiPrefix+one, ""); got.status != 204 || got.header.Get("Allow") != "GET, HEAD, PATCH, DELETE, OPTIONS" {
		t.Errorf("OPTIONS: %d, Allow %q", got.status, got.header.Get("Allow"))
	}
}

func TestTokensOpenWhatTheyAreGoodFor(t *testing.T) {
	w := newWorld(t, func(http.ResponseWriter, *http.Request) {})
	w.signIn()
	clock := &forward{}
	w.s.Now = clock.now
	all := newClient(w)
	reader := newClient(w, "flows:read")
	for _, tt := range []struct {
		name   string
		header []string
		says   string
	}{
		{"no token", nil, `Bearer realm="flowdeck"`},
		{"a token of nobody", []string{"Authorization", "Bearer fdp_nobody"}, `error="invalid_token"`},
		{"another way", []string{"Authorization", "Basic " + all.token}, `Bearer realm="flowdeck"`},
		{"in another header", []string{"X-Api-Client-Token", all.token}, `Bearer realm="flowdeck"`},
	} {
		got := w.call("GET", apiPrefix+"/flows", "", tt.header...)
		all.check("GET", "/flows", got)
		if got.status != http.StatusUnauthorized || !strings.Contains(got.header.Get("WWW-Authenticate"), tt.says) {
			t.Errorf("%s: %d, WWW-Authenticate %q", tt.name, got.status, got.header.Get("WWW-Authenticate"))
		}
	}
	if got := w.send(w.browser, "GET", apiPrefix+"/flows", ""); got.status != http.StatusUnauthorized {
		t.Errorf("a cookie opens the API: %d", got.status)
	}
	if got := w.call("GET", "/flows", "", "Authorization", "Bearer "+all.token); got.status != http.StatusSeeOther {
		t.Errorf("a token opens a page: %d", got.status)
	}
	reader.expect(http.StatusOK, nil, "GET", "/flows", "")
	for path, scope := range map[string]string{"/runs": "runs:read", "/connections": "connections:read", "/export": "connections:read"} {
		got := reader.do("GET", path, "")
		if got.status != http.StatusForbidden || !strings.Contains(got.header.Get("WWW-Authenticate"), `scope="`+scope+`"`) {
			t.Errorf("%s with flows:read alone: %d, %q", path, got.status, got.header.Get("WWW-Authenticate"))
		}
	}
	mine, err := w.s.Store.APITokenByHash(context.Background(), hashToken(reader.token))
	must(t, err)
	if mine.LastUsed.IsZero() {
		t.Error("nobody noted that the token was used")
	}
	must(t, w.s.Store.DeleteAPIToken(context.Background(), mine.User.ID, mine.ID))
	w.s.api.tokens.forget()
	reader.expect(http.StatusUnauthorized, nil, "GET", "/flows", "")
}

func TestCallsAreLimited(t *testing.T) {
	w := newWorld(t, func(http.ResponseWriter, *http.Request) {})
	now := time.Now()
	l := newCallLimits(func() time.Time { return now })
	for range callBurst {
		if l.wait("k_1") != 0 {
			t.Fatal("a burst is refused")
		}
	}
	if l.wait("k_1") == 0 || l.wait("k_2") != 0 {
		t.Error("one token is not limited, or takes from another")
	}
	c := newClient(w)
	wrong := func() reply { return w.call("GET", apiPrefix+"/flows", "", "Authorization", "Bearer fdp_wrong") }
	for range addressBurst {
		wrong()
	}
	got := wrong()
	if got.status != http.StatusTooManyRequests || got.header.Get("Retry-After") == "" {
		t.Errorf("after many wrong tokens: %d, want 429 with Retry-After", got.status)
	}
	if got := c.do("GET", "/flows", ""); got.status != http.StatusOK {
		t.Errorf("a right token after many wrong ones: %d, want 200", got.status)
	}
	var p apiProblem
	must(t, json.Unmarshal([]byte(got.body), &p))
}
