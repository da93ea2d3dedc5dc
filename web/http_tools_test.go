package web

import (
	"context"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"flowdeck/cards/schema"
	"flowdeck/connectors"
	"flowdeck/flows"
	"flowdeck/flows/store"
)

// service takes contacts, until it is told to refuse those without an e-mail address.
type service struct {
	mu   sync.Mutex
	got  []*http.Request
	body []string
}

func (s *service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.got, s.body = append(s.got, r), append(s.body, string(body))
	w.Header().Set("Content-Type", "application/json")
	if r.Method == http.MethodPost && !strings.Contains(string(body), "@") {
		w.WriteHeader(http.StatusUnprocessableEntity)
		_, _ = io.WriteString(w, `{"errors":[{"field":"email","message":"is missing"}]}`)
		return
	}
	_, _ = fmt.Fprintf(w, `{"id":%d}`, len(s.got))
}

func (s *service) calls() int { s.mu.Lock(); defer s.mu.Unlock(); return len(s.got) }

// toolsWorld has a flow that posts a contact with a connection.
func toolsWorld(t *testing.T) (*world, *service, flows.Flow) {
	api := &service{}
	w := newWorld(t, api.ServeHTTP)
	w.signIn()
	u, _ := url.Parse(w.upstream.URL)
	row := connectors.Connection{ID: store.NewID("c_"), Name: "Acme CRM", Type: "header", Hosts: []string{u.Host}, State: connectors.Ready}
	kind, _ := w.s.Types.Type("header")
	must(t, w.s.Vault.Change(kind, &row, schema.Values{"headers": []any{schema.Values{"name": "X-Api-Key", "value": "k-very-secret"}}}, nil))
	must(t, w.s.Store.CreateConnection(context.Background(), row))
	post := step("post", "http.post", schema.Values{"url": w.upstream.URL + "/contacts?source=it's", "body": `{"email":"{{endpoint.email}}","tags":["a"]}`})
	post.Title, post.Connection = "Post to CRM", row.ID
	f := w.publish("tools", public, endpointDoc([]any{input("email", "text", "body", false)}, post))
	return w, api, f
}

func (w *world) try(f flows.Flow, pairs ...string) reply {
	w.Helper()
	form := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	return w.send(w.browser, "POST", "/flows/"+f.ID+"/steps/post/test", form.Encode(), "Content-Type", "application/x-www-form-urlencoded", "HX-Request", "true")
}

var sends = regexp.MustCompile(`hx-vals="([^"]*)"`)

// offered is what the two buttons of a preview send.
func (w *world) offered(got reply) (sum, key string) {
	w.Helper()
	for _, m := range sends.FindAllStringSubmatch(got.body, -1) {
		var v struct{ Send, Key string }
		must(w.T, json.Unmarshal([]byte(html.UnescapeString(m[1])), &v))
		if v.Send != "recording" {
			return v.Send, v.Key
		}
	}
	w.Fatalf("no button sends anything in %s", got.body)
	return "", ""
}

func TestACardThatWritesShowsFirstWhatItWouldSend(t *testing.T) {
	w, api, f := toolsWorld(t)
	typed := []string{"in.0.ref", "endpoint.email", "in.0.value", "maya@acme.io"}
	shown := w.try(f, typed...)
	for _, part := range []string{"This would be sent to 127.0.0.1", "Nothing was sent yet", "/contacts?source=it&#39;s", "Idempotency-Key", "X-Api-Key", "from Acme CRM",
		"{&#34;email&#34;:&#34;maya@acme.io&#34;", "There is no recording", "Set ACME_CRM_X_API_KEY before"} {
		if !strings.Contains(shown.body, part) {
			t.Errorf("the preview lacks %q", part)
		}
	}
	if api.calls() != 0 || strings.Contains(shown.body, "k-very-secret") {
		t.Fatalf("%d calls before anybody said so, or the secret is shown", api.calls())
	}
	sum, key := w.offered(shown)
	w.want("sent with other values", w.try(f, "in.0.ref", "endpoint.email", "in.0.value", "ana@acme.io", "send", sum, "key", key), 200, "What would be sent has changed")
	w.want("sent without having been shown", w.try(f, append(typed, "send", "anything")...), 200, "What would be sent has changed")
	if api.calls() != 0 {
		t.Fatalf("%d calls, want none", api.calls())
	}
	w.want("sent", w.try(f, append(typed, "send", sum, "key", key)...), 200, "200 OK")
	if api.calls() != 1 || api.got[0].Header.Get("Idempotency-Key") != key || api.got[0].Header.Get("X-Api-Key") != "k-very-secret" || api.body[0] != `{"email":"maya@acme.io","tags":["a"]}` {
		t.Fatalf("%d calls; sent %v %q, want what was shown", api.calls(), api.got[0].Header, api.body[0])
	}

	again := w.try(f, typed...)
	w.want("a second test", again, 200, "in a test by Maya Ortiz")
	replayed := w.try(f, append(typed, "send", "recording")...)
	w.want("from the recording", replayed, 200, "From a recording made just now in a test. Nothing was sent.")
	if !strings.Contains(replayed.body, "200 OK") || api.calls() != 1 {
		t.Errorf("the recording is not shown, or %d calls were made", api.calls())
	}
	samples, err := w.s.Store.SampleOutputs(context.Background(), f.ID)
	must(t, err)
	if body, _ := samples["post"]["body"].(map[string]any); fmt.Sprint(body["id"]) != "1" {
		t.Errorf("later cards see %v, want the recorded answer", samples["post"])
	}
}

func TestTheDrawerBeginsWithWhatWasThere(t *testing.T) {
	w, _, f := toolsWorld(t)
	run := w.over(w.run(w.call("POST", "/api/flows/tools/invoke", `{"email":"run@acme.io"}`, "Content-Type", "application/json")).ID)
	path := "/flows/" + f.ID + "/steps/post/test"
	w.has(path, `value="run@acme.io"`, "from the last run or test", "Use values from a run", "Done", run.ID)
	w.try(f, "in.0.ref", "endpoint.email", "in.0.value", "typed@acme.io")
	w.has(path, `value="typed@acme.io"`, "as you typed it last")
	w.has(path+"?run="+run.ID, `value="run@acme.io"`, "from the run of ")
	if got := w.page(path + "?run=r_none"); got.status != http.StatusNotFound {
		t.Errorf("values of no run: %d, want 404", got.status)
	}
}

func TestAFailedAttemptIsComparedWithTheLastThatWorked(t *testing.T) {
	w, _, f := toolsWorld(t)
	call := func(body string) flows.Run {
		return w.over(w.run(w.call("POST", "/api/flows/tools/invoke", body, "Content-Type", "application/json")).ID)
	}
	first := call(`{}`)
	if got := w.page("/runs/" + first.ID + "/steps/post"); strings.Contains(got.body, "Since it last worked") || !strings.Contains(got.body, "Requests") {
		t.Errorf("a step that never worked is compared, or its requests are not listed")
	}
	good := call(`{"email":"maya@acme.io"}`)
	draft := f.Draft
	draft.Chain = slices.Clone(draft.Chain)
	draft.Chain[0].Inputs = schema.Values{"url": draft.Chain[0].Inputs["url"], "body": `{"tags":["a","b"]}`}
	w.publishAgain(f.ID, draft)
	bad := call(`{"email":"maya@acme.io"}`)
	w.has("/runs/"+bad.ID+"/steps/post", "Since it last worked", "the flow is v2 instead of v1", "the body lost “email”", "the body gained “tags[1]”", "Compare", "/runs/"+good.ID+"/steps/post",
		"Request body", "removed", "added", "Differs from call to call", "idempotency-key", "status", "<del>200</del>", "<ins>422</ins>", "ACME_CRM_X_API_KEY")
	w.has("/runs/"+good.ID+"/steps/post", "Copy as cURL", "Download this attempt as HAR")
	for path, n := range map[string]int{"/runs/" + bad.ID + "/har": 1, "/runs/" + bad.ID + "/har/post?try=1": 1} {
		got := w.page(path)
		var archive struct {
			Log struct {
				Version string
				Entries []struct {
					Request struct {
						Headers []struct{ Name, Value string }
					}
					Response struct {
						Status  int
						Content struct{ Text string }
					}
				}
			}
		}
		must(t, json.Unmarshal([]byte(got.body), &archive))
		if got.status != 200 || archive.Log.Version != "1.2" || len(archive.Log.Entries) != n || archive.Log.Entries[0].Response.Status != 422 || !strings.Contains(archive.Log.Entries[0].Response.Content.Text, "is missing") {
			t.Errorf("GET %s: %d %s", path, got.status, got.body)
		}
		if strings.Contains(got.body, "k-very-secret") || !strings.HasSuffix(got.header.Get("Content-Disposition"), `.har"`) {
			t.Errorf("GET %s holds a secret or is no file: %s", path, got.header)
		}
	}
	if got := w.page("/runs/" + bad.ID + "/har/none"); got.status != http.StatusNotFound {
		t.Errorf("archive of no step: %d, want 404", got.status)
	}
}

// edited is the flow's draft after op=curl.
func (w *world) imported(f flows.Flow, pairs ...string) reply {
	w.Helper()
	form := url.Values{"op": {"curl"}, "rev": {fmt.Sprint(w.flow(f.ID).Revision)}}
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	return w.send(w.browser, "POST", "/flows/"+f.ID+"/edit", form.Encode(), "Content-Type", "application/x-www-form-urlencoded", "HX-Request", "true")
}

func TestACommandBecomesACard(t *testing.T) {
	w, api, f := toolsWorld(t)
	at := w.upstream.URL
	for command, want := range map[string]struct {
		card   string
		inputs schema.Values
	}{
		"curl '" + at + "/a?x=1&x=2&y=%7B%7Bz' -H 'X-A: {{b}}'": {"http.get", schema.Values{"url": at + "/a", "query": schema.Values{"x": []any{"1", "2"}, "y": "{{ '{' + '{' }}z"},
			"headers": schema.Values{"X-A": "{{ '{' + '{' }}b}}"}}},
		"curl " + at + `/a -H 'Content-Type: application/json' -d '{"email":"a@{{b","n":1}'`: {"http.post", schema.Values{"url": at + "/a", "body_type": "json", "body": `{"email":"a@{{ '{' + '{' }}b","n":1}`}},
		"curl -X PUT " + at + "/a -d a=1 -d b=2 -m 5":                                        {"http.put", schema.Values{"url": at + "/a", "body_type": "form", "form": schema.Values{"a": "1", "b": "2"}, "timeout": "5s"}},
		"curl " + at + "/a -F n=1 -F f=@x.png":                                               {"http.post", schema.Values{"url": at + "/a", "body_type": "multipart", "parts": []any{schema.Values{"name": "n", "kind": "text", "value": "1"}, schema.Values{"name": "f", "kind": "file", "value": ""}}}},
		"curl -X PATCH " + at + "/a -H 'Content-Type: text/plain' -d hi":                     {"http.patch", schema.Values{"url": at + "/a", "body_type": "text", "body": "hi", "headers": schema.Values{"Content-Type": "text/plain"}}},
		"curl -X DELETE " + at + "/a":                                                        {"http.delete", schema.Values{"url": at + "/a"}},
		"curl -I " + at:                                                                      {"http.raw", schema.Values{"url": at, "method": "HEAD"}},
		"curl -X PROPFIND " + at + "/a -d '<x/>' -H 'Content-Type: text/xml'":                {"http.raw", schema.Values{"url": at + "/a", "method": "PROPFIND", "body_type": "text", "body": "<x/>", "headers": schema.Values{"Content-Type": "text/xml"}}},
	} {
		w.want(command, w.imported(f, "command", command, "parent", "", "index", "0"), 200, "canvas")
		got := w.flow(f.ID).Draft.Chain[0]
		inputs := schema.Values{}
		for name := range want.inputs {
			inputs[name] = got.Inputs[name]
		}
		if got.Card != want.card || !schema.Equal(map[string]any(inputs), map[string]any(want.inputs)) {
			t.Errorf("%s\nmade %s %v\nwant %s %v", command, got.Card, got.Inputs, want.card, want.inputs)
		}
	}
	n := len(w.flow(f.ID).Draft.Chain)
	w.want("undo", w.send(w.browser, "POST", "/flows/"+f.ID+"/undo", url.Values{"rev": {fmt.Sprint(w.flow(f.ID).Revision)}}.Encode(), "Content-Type", "application/x-www-form-urlencoded", "HX-Request", "true"), 200, "canvas")
	if got := len(w.flow(f.ID).Draft.Chain); got != n-1 {
		t.Errorf("%d cards after one undo, want %d", got, n-1)
	}
	if api.calls() != 0 {
		t.Errorf("importing made %d calls", api.calls())
	}
}

func TestACommandFillsACardIn(t *testing.T) {
	w, _, f := toolsWorld(t)
	before := w.flow(f.ID).Draft.Chain[0]
	w.want("into the card", w.imported(f, "step", "post", "command", "curl -X PUT "+w.upstream.URL+`/b -u maya:hunter22 --json '{"a":1}'`), 200, "canvas")
	got := w.flow(f.ID).Draft.Chain[0]
	if got.ID != "post" || got.Card != "http.put" || got.Title != before.Title || got.Connection != before.Connection || got.Inputs["url"] != w.upstream.URL+"/b" || got.Inputs["body"] != `{"a":1}` {
		t.Errorf("the card became %+v, want a PUT with the id, title and connection that it had", got)
	}
	if text, _ := json.Marshal(w.flow(f.ID).Draft); strings.Contains(string(text), "hunter22") {
		t.Errorf("the password is in the flow: %s", text)
	}
	w.want("a card that is not there", w.imported(f, "step", "none", "command", "curl "+w.upstream.URL), 422, "canvas")
	w.want("no command", w.imported(f, "command", "wget x", "parent", "", "index", "0"), 422, "canvas")
}

func TestTheDialogShowsWhatACommandMakes(t *testing.T) {
	w, _, f := toolsWorld(t)
	w.has("/flows/"+f.ID+"/curl?parent=&index=0", "Import cURL", "curl-command", `name="index" value="0"`)
	w.has("/flows/"+f.ID+"/curl?step=post", "Import cURL into “Post to CRM”")
	show := func(command string) reply {
		return w.send(w.browser, "POST", "/flows/"+f.ID+"/curl", url.Values{"command": {command}, "index": {"0"}}.Encode(), "Content-Type", "application/x-www-form-urlencoded", "HX-Request", "true")
	}
	got := show("curl -k -u maya:hunter22 -H 'X-Api-Key: k-very-secret' https://api.acme.io/v1/contacts?page=2 -d '{\"a\":1}'")
	w.want("a preview", got, 200, "This makes a Post card")
	for _, part := range []string{"https://api.acme.io/v1/contacts", "certificates are always checked", "Basic as “maya”, the header X-Api-Key", "Add and set up the connection"} {
		if !strings.Contains(got.body, part) {
			t.Errorf("the preview lacks %q", part)
		}
	}
	if strings.Contains(got.body, "hunter22") || strings.Contains(got.body, "k-very-secret") {
		t.Error("the preview shows a secret")
	}
	w.want("a mistake", show("curl https://a.io \\\n -H 'x"), 422, "Line 2, column 5: the &#39; that begins here is not closed.")
}

func TestTheSignInOfACommandBecomesAConnection(t *testing.T) {
	w, _, f := toolsWorld(t)
	for command, c := range map[string]struct {
		form  url.Values
		parts []string
		want  schema.Values
	}{
		"curl -u maya:hunter22 https://api.acme.io/x": {url.Values{"type": {"basic"}, "auth.username": {"maya"}, "auth.password": {""}}, []string{`value="maya"`, `value="api.acme.io"`},
			schema.Values{"username": "maya", "password": "hunter22"}},
		"curl -H 'Authorization: Bearer t-very-secret' https://api.acme.io/x": {url.Values{"type": {"header"}, "auth.headers.0.name": {"Authorization"}, "auth.headers.0.value": {""}}, []string{`value="Authorization"`},
			schema.Values{"headers": []any{schema.Values{"name": "Authorization", "value": "Bearer t-very-secret"}}}},
	} {
		dialog := w.send(w.browser, "POST", "/connections/curl", url.Values{"command": {command}, "flow": {f.ID}, "step": {"post"}}.Encode(), "Content-Type", "application/x-www-form-urlencoded", "HX-Request", "true")
		for _, part := range append(c.parts, "Filled in from the command", "data-from-command") {
			if dialog.status != 200 || !strings.Contains(dialog.body, part) {
				t.Errorf("%s: %d, the dialog lacks %q", command, dialog.status, part)
			}
		}
		if strings.Contains(dialog.body, "hunter22") || strings.Contains(dialog.body, "very-secret") {
			t.Errorf("%s: the dialog shows the secret", command)
		}
		c.form.Set("curl", command)
		c.form.Set("name", "From "+c.form.Get("type"))
		c.form.Set("hosts", "api.acme.io")
		c.form.Set("shown", c.form.Get("type"))
		saved := w.send(w.browser, "POST", "/connections", c.form.Encode(), "Content-Type", "application/x-www-form-urlencoded", "HX-Request", "true")
		list, err := w.s.Store.Connections(context.Background())
		must(t, err)
		i := slices.IndexFunc(list, func(x connectors.Connection) bool { return x.Name == c.form.Get("name") })
		if i < 0 {
			t.Fatalf("%s: not saved: %d %s", command, saved.status, saved.body)
		}
		secrets, err := w.s.Vault.Open(list[i])
		must(t, err)
		for name, want := range c.want {
			if !schema.Equal(secrets.Settings[name], want) {
				t.Errorf("%s: saved %v, want %v", command, secrets.Settings, c.want)
			}
		}
	}
}
