package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"
)

func (w *world) post(path string, form url.Values, header ...string) reply {
	w.Helper()
	return w.send(w.browser, "POST", path, form.Encode(), append(header, "Content-Type", "application/x-www-form-urlencoded")...)
}

func endpointForms(alias string) url.Values {
	return url.Values{"alias": {alias}, "security": {"public"}, "method": {"POST", "PUT", "BREW"}, "origins": {"https://App.example.com/\nhttp://localhost:3000"},
		"timeout": {"20"}, "longest": {"5m"}, "max_body": {"2"}, "keep": {"7"}, "keep_mb": {"300"}, "off": {"503"}}
}

func TestEndpointSettingsAreSaved(t *testing.T) {
	w := newWorld(t, echoUpstream)
	w.signIn()
	f := w.publish("old-name", public, endpointDoc([]any{input("id", "text", "body", true), input("page", "number", "query", false)}))
	path := "/flows/" + f.ID + "/endpoint"
	w.has(path, w.url+"/api/flows/old-name/invoke", "curl -X POST", `-d &#39;{&#34;id&#34;:&#34;…&#34;}&#39;`, "page=", "There is none yet")
	if got := w.page(path, "HX-Request", "true"); !strings.HasPrefix(got.body, "<dialog") {
		t.Errorf("htmx gets %.80s, want a dialog", got.body)
	}
	got := w.post(path, endpointForms("new-name"), "HX-Request", "true", "HX-Current-URL", w.url+"/flows/"+f.ID)
	if got.status != http.StatusOK || got.header.Get("HX-Refresh") != "true" || !strings.Contains(got.header.Get("HX-Trigger"), "fd:close") {
		t.Fatalf("save: %d %v %s", got.status, got.header, got.body)
	}
	saved := w.flow(f.ID)
	set := saved.Settings
	if saved.Alias != "new-name" || saved.UpdatedBy != "Maya Ortiz" || set.Security != "public" || strings.Join(set.Methods, " ") != "POST PUT" ||
		strings.Join(set.Origins, " ") != "https://app.example.com http://localhost:3000" || set.ResponseTimeout.Duration != 20*time.Second ||
		set.RunTimeout.Duration != 5*time.Minute || set.MaxBody != 2<<20 || set.KeepDays != 7 || set.KeepMB != 300 || set.OffStatus != 503 {
		t.Errorf("saved %s %+v", saved.Alias, set)
	}
	w.want("the next call", w.call("GET", "/api/flows/new-name/invoke", ""), 405, "POST, PUT")
	w.has(path, `value="20s"`, `value="5m"`, "https://app.example.com")
}

// TestAPartOfAMiBIsShownAndKept: bytes that were set by the API are not rounded by whoever
// saves something else.
func TestAPartOfAMiBIsShownAndKept(t *testing.T) {
	w := newWorld(t, echoUpstream)
	w.signIn()
	for bytes, shown := range map[int64]string{1_572_864: "1.5", 500_000: "0.476837158203125", 100 << 20: "100"} {
		set := public
		set.MaxBody = bytes
		f := w.publish("sized-"+strconv.FormatInt(bytes, 10), set, endpointDoc(nil))
		path := "/flows/" + f.ID + "/endpoint"
		w.has(path, `name="max_body" type="text" value="`+shown+`"`)
		form := endpointForms(f.Alias)
		form.Set("max_body", shown)
		w.want("saving", w.post(path, form, "HX-Request", "true"), http.StatusOK, "")
		if got := w.flow(f.ID).Settings.MaxBody; got != bytes {
			t.Errorf("%d bytes are %d after they were saved as %s MiB", bytes, got, shown)
		}
	}
}

func TestWhatIsWrongWithEndpointSettingsIsSaidAtTheField(t *testing.T) {
	w := newWorld(t, echoUpstream)
	w.signIn()
	w.publish("taken", public, endpointDoc(nil))
	f := w.publish("mine", public, endpointDoc(nil))
	path := "/flows/" + f.ID + "/endpoint"
	for _, x := range []struct{ field, value, problem string }{
		{"alias", "no spaces please", "letters, digits, hyphens"},
		{"alias", "taken", "Is taken by another flow"},
		{"origins", "app.example.com", "is not an origin"},
		{"origins", "https://app.example.com/path", "is not an origin"},
		{"timeout", "soon", "Must be a time such as"},
		{"timeout", "11m", "between 1s and 10m"},
		{"longest", "25h", "between 1s and"},
		{"max_body", "0", "number of MiB up to 100"},
		{"max_body", "100.1", "number of MiB up to 100"},
		{"max_body", "NaN", "number of MiB up to 100"},
		{"keep", "x", "whole number of days"},
	} {
		form := endpointForms("mine")
		form.Set(x.field, x.value)
		got := w.post(path, form, "HX-Request", "true")
		if got.status != http.StatusUnprocessableEntity || !strings.Contains(got.body, x.problem) || !strings.Contains(got.body, `id="ep-`+x.field+`-m"`) {
			t.Errorf("%s %q: got %d, want 422 with %q at the field", x.field, x.value, got.status, x.problem)
		}
	}
	if saved := w.flow(f.ID); saved.Alias != "mine" || len(saved.Settings.Methods) != 0 {
		t.Errorf("a refused form changed the flow to %s %+v", saved.Alias, saved.Settings)
	}
}

func TestAClientTokenIsShownOnce(t *testing.T) {
	w := newWorld(t, echoUpstream)
	w.signIn()
	set := public
	set.Security = "token"
	f := w.publish("closed", set, endpointDoc(nil))
	path := "/flows/" + f.ID + "/endpoint"
	made := w.post(path+"/token", nil, "HX-Request", "true").body
	_, token, _ := strings.Cut(made, "fdt_")
	token = "fdt_" + token[:strings.IndexAny(token, "<\"&")]
	if len(token) < 30 {
		t.Fatalf("token %q in %s", token, made)
	}
	w.want("with it", w.call("POST", "/api/flows/closed/invoke", "", "x-api-client-token", token), 200, "run")
	w.has(path, "…"+token[len(token)-4:], "by Maya Ortiz")
	if got := w.page(path).body; strings.Contains(got, token) {
		t.Error("the page shows the token again")
	}
	w.post(path+"/token", url.Values{"overlap": {"1h"}}, "HX-Request", "true")
	w.want("while it may go on", w.call("POST", "/api/flows/closed/invoke", "", "x-api-client-token", token), 200, "run")
	w.has(path, "works until")
	w.post(path+"/token", url.Values{"overlap": {"0s"}}, "HX-Request", "true")
	w.want("after another took its place", w.call("POST", "/api/flows/closed/invoke", "", "x-api-client-token", token), 401, "unauthorized")
}
