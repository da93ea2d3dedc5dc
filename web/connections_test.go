package web

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"flowdeck/connectors"
	"flowdeck/flows"
)

// form posts a form as htmx does, or as a browser without a script does.
func (w *world) form(htmx bool, path string, pairs ...string) reply {
	w.Helper()
	v := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		v.Add(pairs[i], pairs[i+1])
	}
	header := []string{"Content-Type", "application/x-www-form-urlencoded"}
	if htmx {
		header = append(header, "HX-Request", "true")
	}
	return w.send(w.browser, http.MethodPost, path, v.Encode(), header...)
}

func (w *world) visit(path string) reply {
	w.Helper()
	return w.send(w.browser, http.MethodGet, path, "")
}

func (w *world) part(path string) reply {
	w.Helper()
	return w.send(w.browser, http.MethodGet, path, "", "HX-Request", "true")
}

// only returns the one connection there is.
func (w *world) only() connectors.Connection {
	w.Helper()
	list, err := w.s.Store.Connections(context.Background())
	must(w.T, err)
	if len(list) != 1 {
		w.Fatalf("%d connections, want 1", len(list))
	}
	return list[0]
}

// triggers checks that an answer asks the page for these events.
func (w *world) triggers(what string, got reply, events ...string) {
	w.Helper()
	for _, e := range events {
		if !strings.Contains(got.header.Get("HX-Trigger"), e) {
			w.Errorf("%s: HX-Trigger is %s, want %s in it", what, got.header.Get("HX-Trigger"), e)
		}
	}
}

func (w *world) host() string { return strings.TrimPrefix(w.upstream.URL, "http://") }

func TestConnectionsAreMadeTestedAndSealed(t *testing.T) {
	w := newWorld(t, func(rw http.ResponseWriter, r *http.Request) {
		if r.Header.Get("X-Api-Key") != "key-of-acme-1234" {
			rw.WriteHeader(http.StatusUnauthorized)
		}
	})
	w.signIn()
	w.want("the empty page", w.visit("/connections"), 200, "No connections yet")
	w.want("the form", w.part("/connections/new?type=header"), 200, "Header name")
	got := w.form(true, "/connections", "type", "header", "name", "Acme · API key", "auth.headers.0.name", "X-Api-Key",
		"auth.headers.0.value", "key-of-acme-1234", "test_url", w.upstream.URL+"/me", "flow", "f_1", "step", "get")
	w.want("create", got, http.StatusNoContent, "")
	w.triggers("create", got, "fd:close", "200 in", `"fd:connect":{"connection":"c_`, `"step":"get"`)
	row := w.only()
	if row.State != connectors.Ready || row.UpdatedBy != "Maya Ortiz" || row.Hosts[0] != w.host() {
		t.Errorf("row = %+v", row)
	}
	for _, path := range []string{"/connections", "/connections/" + row.ID, "/connections/" + row.ID + "/edit"} {
		page := w.visit(path)
		w.want(path, page, 200, "Acme · API key")
		if strings.Contains(page.body, "key-of-acme-1234") {
			t.Errorf("%s shows the key", path)
		}
	}
	got = w.form(true, "/connections/"+row.ID, "name", "Acme · key", "auth.headers.0.name", "X-Api-Key", "auth.headers.0.value", "",
		"hosts", w.host(), "test_url", w.upstream.URL+"/me", "seen", fmt.Sprint(row.Updated.UnixMicro()))
	w.triggers("edit without a new value", got, "fd:toast", "200 in")
	if w.only().Name != "Acme · key" {
		t.Errorf("the name is %q", w.only().Name)
	}
	got = w.form(true, "/connections/"+row.ID, "name", "Mine", "auth.headers.0.name", "X-Api-Key", "hosts", w.host(), "seen", fmt.Sprint(row.Updated.UnixMicro()))
	w.want("an edit of an old page", got, http.StatusConflict, "Maya Ortiz changed this connection")
	w.triggers("rename", w.form(true, "/connections/"+row.ID+"/rename", "name", "Acme"), "Renamed")
	w.triggers("test", w.form(true, "/connections/"+row.ID+"/test"), "works: 200 in")
}

func TestNoSecretIsInTheDatabase(t *testing.T) {
	w := newWorld(t, func(http.ResponseWriter, *http.Request) {})
	w.signIn()
	w.form(true, "/connections", "type", "basic", "name", "B", "auth.username", "maya", "auth.password", "pässwort-nobody-knows", "hosts", "api.acme.io")
	w.form(true, "/connections", "type", "client_credentials", "name", "C", "auth.token_url", w.upstream.URL, "auth.client_id", "id", "auth.client_secret", "secret-nobody-knows", "hosts", "api.acme.io")
	list, err := w.s.Store.Connections(context.Background())
	must(t, err)
	if len(list) != 2 {
		t.Fatalf("%d connections, want 2", len(list))
	}
	files := 0
	must(t, filepath.Walk(w.dir, func(path string, info os.FileInfo, err error) error {
		if err != nil || info.IsDir() {
			return err
		}
		files++
		data, err := os.ReadFile(path)
		if strings.Contains(string(data), "nobody-knows") {
			t.Errorf("%s holds a secret", path)
		}
		return err
	}))
	if files == 0 {
		t.Error("there are no files to look at")
	}
}

func TestTheFormSaysWhatIsWrongAtTheField(t *testing.T) {
	w := newWorld(t, func(http.ResponseWriter, *http.Request) {})
	w.signIn()
	w.form(true, "/connections", "type", "none", "name", "Taken")
	for _, x := range []struct {
		field string
		form  []string
		words string
	}{
		{"conn-name", []string{"type", "none"}, "Is required"},
		{"conn-name", []string{"type", "none", "name", "TAKEN"}, "Belongs to another connection"},
		{"conn-username", []string{"type", "basic", "name", "x", "hosts", "a.io"}, "Is required"},
		{"conn-hosts", []string{"type", "basic", "name", "x", "auth.username", "u"}, "Is required"},
		{"conn-hosts", []string{"type", "basic", "name", "x", "auth.username", "u", "hosts", "*"}, "cover too much"},
		{"conn-test", []string{"type", "basic", "name", "x", "auth.username", "u", "hosts", "a.io", "test_url", "https://b.io/"}, "not one of the hosts"},
		{"conn-token_url", []string{"type", "client_credentials", "name", "x", "hosts", "a.io", "auth.token_url", "token", "auth.client_id", "i", "auth.client_secret", "s"}, "Must be a whole address"},
		{"conn-token_params", []string{"type", "client_credentials", "name", "x", "hosts", "a.io", "auth.token_url", "https://a.io", "auth.client_id", "i", "auth.client_secret", "s",
			"auth.token_params.0.key", "grant_type", "auth.token_params.0.value", "x"}, "set by the sign-in itself"},
		{"conn-headers-0-name", []string{"type", "header", "name", "x", "hosts", "a.io", "auth.headers.0.name", "a b", "auth.headers.0.value", "v"}, "Is not a header name"},
	} {
		for _, htmx := range []bool{true, false} {
			got := w.form(htmx, "/connections", x.form...)
			w.want(x.field, got, http.StatusUnprocessableEntity, x.words)
			at := regexp.MustCompile(`id="` + x.field + `-m"[^>]*>(?s:.*?)</p>`).FindString(got.body)
			if !strings.Contains(at, x.words) {
				t.Errorf("%v: at %s stands %q, want %q", x.form, x.field, at, x.words)
			}
			if strings.Contains(got.body, `value="s"`) {
				t.Errorf("%v: the secret came back", x.form)
			}
		}
	}
}

func TestTheFormFollowsItsType(t *testing.T) {
	w := newWorld(t, func(http.ResponseWriter, *http.Request) {})
	w.signIn()
	got := w.form(true, "/connections/form", "type", "basic", "name", "Kept", "hosts", "kept.io", "auth.password", "typed")
	w.want("another type", got, 200, `value="Kept"`)
	if !strings.Contains(got.body, "auth.username") || strings.Contains(got.body, "auth.token_url") || strings.Contains(got.body, "typed") {
		t.Error("the form is not that of Basic, or shows what was typed into the password")
	}
	got = w.form(false, "/connections", "type", "oauth_code", "shown", "basic", "name", "Kept")
	w.want("another type without a script", got, 200, `name="auth.pkce" value="true" checked`)
	got = w.form(true, "/connections/form", "type", "header", "add", "headers", "auth.headers.0.name", "X-One")
	w.want("another row", got, 200, `name="auth.headers.1.name"`)
	got = w.part("/connections/new")
	w.want("OAuth first", got, 200, w.url+"/oauth/callback")
	if !strings.Contains(got.body, `id="conn-pkce" name="auth.pkce" value="true" checked`) {
		t.Error("PKCE is not on in a new form")
	}
	doc := endpointDoc(nil, flows.Step{ID: "get", Card: "http.get", Inputs: map[string]any{"url": "https://api.acme.io/customers/{{ endpoint.query.id }}"}})
	f := w.publish("crm", public, doc)
	w.want("from a card", w.part("/connections/new?flow="+f.ID+"&step=get"), 200, `value="api.acme.io"`)
}

func TestConnectionsInUseAreNotDeleted(t *testing.T) {
	w := newWorld(t, func(http.ResponseWriter, *http.Request) {})
	w.signIn()
	w.form(true, "/connections", "type", "none", "name", "Status page")
	id := w.only().ID
	f := w.publish("crm", public, endpointDoc(nil, flows.Step{ID: "get_status", Card: "http.get", Connection: id, Inputs: map[string]any{"url": "https://status.acme.io/"}}))
	for _, got := range []reply{w.form(true, "/connections/"+id+"/delete"), w.form(false, "/connections/"+id+"/delete")} {
		w.want("delete in use", got, http.StatusConflict, f.Name)
		w.want("delete in use", got, http.StatusConflict, "Get status")
	}
	w.want("the drawer", w.part("/connections/"+id), 200, "Get status")
	w.want("the list", w.visit("/connections"), 200, "1 flow")
	must(t, w.s.Store.DeleteFlow(context.Background(), f.ID))
	w.triggers("delete", w.form(true, "/connections/"+id+"/delete"), "fd:gone", "Deleted")
	w.want("after delete", w.part("/connections/"+id), http.StatusNotFound, "")
}

func TestTheListShowsProblemsFirst(t *testing.T) {
	w := newWorld(t, func(http.ResponseWriter, *http.Request) {})
	w.signIn()
	now := time.Now()
	for name, change := range map[string]func(*connectors.Connection){
		"A fine":   func(c *connectors.Connection) { c.State = connectors.Ready },
		"B ending": func(c *connectors.Connection) { c.State, c.Expires = connectors.Ready, now.Add(50*time.Hour) },
		"C out": func(c *connectors.Connection) {
			c.State, c.StateDetail = connectors.NeedsSignIn, "Refresh token revoked"
		},
		"D ended": func(c *connectors.Connection) { c.State, c.Expires = connectors.Ready, now.Add(-time.Hour) },
		"E stuck": func(c *connectors.Connection) { c.State, c.Updated = connectors.SigningIn, now.Add(-time.Hour) },
	} {
		c := connectors.Connection{ID: name[:1], Name: name, Type: "oauth_code", Hosts: []string{"api.acme.io"}}
		kind, _ := w.s.Types.Type(c.Type)
		must(t, w.s.Vault.Change(kind, &c, map[string]any{"authorize_url": "https://a.io/", "token_url": "https://a.io/", "client_id": "x"}, nil))
		change(&c)
		must(t, w.s.Store.CreateConnection(context.Background(), c))
	}
	page := w.visit("/connections").body
	var order string
	for _, m := range regexp.MustCompile(`id="row-(\w)"`).FindAllStringSubmatch(page, -1) {
		order += m[1]
	}
	if order != "CDEBA" {
		t.Errorf("order %s, want what stops flows, then what will, then the rest", order)
	}
	for _, words := range []string{"Refresh token revoked", "Ends in 2 days", "The sign-in was not finished", "gave no refresh token"} {
		if !strings.Contains(page, words) {
			t.Errorf("the list does not say %q", words)
		}
	}
	if rows := strings.Count(w.visit("/connections?show=attention").body, `id="row-`); rows != 4 {
		t.Errorf("%d need attention, want 4", rows)
	}
	if rows := strings.Count(w.visit("/connections?q=ending+acme").body, `id="row-`); rows != 1 {
		t.Errorf("%d found, want 1", rows)
	}
	w.want("nothing found", w.visit("/connections?q=zzz"), 200, "Nothing found")
}

// oauthServer answers the token endpoint; say replaces its answer.
func oauthServer(t *testing.T, say *string) *httptest.Server {
	s := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if *say != "" {
			rw.WriteHeader(http.StatusBadRequest)
			fmt.Fprint(rw, *say)
			return
		}
		fmt.Fprint(rw, `{"access_token":"access-nobody-knows","refresh_token":"refresh-nobody-knows","expires_in":3600,"scope":"read"}`)
	}))
	t.Cleanup(s.Close)
	return s
}
