package bundle

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"flowdeck/cards/all"
	"flowdeck/cards/schema"
	"flowdeck/connectors"
	"flowdeck/flows"
	"flowdeck/flows/store"
	"flowdeck/flows/store/storetest"
)

var ctx = context.Background()

func newBundle(t testing.TB) *Bundle {
	t.Helper()
	db, err := store.Open(ctx, storetest.SQLite(t), store.Options{})
	must(t, err)
	t.Cleanup(func() { _ = db.Close() })
	vault, err := connectors.NewVault([]byte(strings.Repeat("k", connectors.KeySize)))
	must(t, err)
	return &Bundle{Store: db, Vault: vault, Types: connectors.AllTypes(), Cards: all.Registry(), Now: time.Now}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// filled has two flows in folders and two connections, of which one keeps a secret.
func filled(t testing.TB) *Bundle {
	t.Helper()
	b := newBundle(t)
	for id, name := range map[string]string{"c_crm": "CRM", "c_other": "CRM!"} {
		c := connectors.Connection{ID: id, Name: name, Type: "basic", Hosts: []string{"api.acme.io"}}
		basic, _ := b.Types.Type("basic")
		must(t, b.Vault.Change(basic, &c, schema.Values{"username": "ada", "password": "hunter2hunter2"}, nil))
		must(t, b.Store.CreateConnection(ctx, c))
	}
	for _, f := range []flows.Flow{
		{ID: "f_sync", Name: "Sync <all>", Alias: "sync", Folder: "crm/nightly", Labels: []string{"crm"}, Settings: flows.Settings{KeepDays: 7}, Draft: calling("c_crm")},
		{ID: "f_none", Name: "Nothing yet", Alias: "none", Draft: flows.Document{Format: flows.Format}},
	} {
		must(t, b.Store.CreateFlow(ctx, f))
	}
	return b
}

func calling(connection string) flows.Document {
	return flows.Document{Format: flows.Format, Trigger: flows.Step{ID: "endpoint", Card: "event.endpoint"},
		Chain: []flows.Step{{ID: "get", Card: "http.get", Connection: connection, Inputs: schema.Values{"url": "https://api.acme.io/a?b=1&c=2", "headers": schema.Values{"B": "2", "A": "1"}}}}}
}

func export(t testing.TB, b *Bundle, flows ...string) []File {
	t.Helper()
	files, err := b.Export(ctx, Selection{Flows: flows})
	must(t, err)
	return files
}

func paths(files []File) string {
	var list []string
	for _, f := range files {
		list = append(list, f.Path)
	}
	return strings.Join(list, " ")
}

// actions says what an import does: "created connections/crm-c_crm.json".
func actions(list []Change) string {
	var words []string
	for _, c := range list {
		words = append(words, string(c.Action)+" "+c.File)
	}
	return strings.Join(words, ", ")
}

func TestWhatIsExportedIsImportedAndExportedTheSame(t *testing.T) {
	here := filled(t)
	files := export(t, here)
	if got, want := paths(files), "connections/crm-_other.json connections/crm-c_crm.json flows/crm/nightly/sync.json flows/none.json"; got != want {
		t.Fatalf("files are %s, want %s", got, want)
	}
	for _, f := range files {
		if bytes.Contains(f.Text, []byte("hunter2")) {
			t.Errorf("%s holds a secret:\n%s", f.Path, f.Text)
		}
	}
	if text := string(files[2].Text); !strings.Contains(text, `"url": "https://api.acme.io/a?b=1&c=2"`) || !strings.Contains(text, `"name": "Sync <all>"`) || strings.Index(text, `"A"`) > strings.Index(text, `"B"`) {
		t.Errorf("a flow's file is hard to read:\n%s", text)
	}
	there := newBundle(t)
	dry, err := there.Import(ctx, files, Options{DryRun: true})
	must(t, err)
	if left, _, _ := there.Store.Flows(ctx, store.FlowFilter{}); len(left) != 0 {
		t.Errorf("a dry run made %d flows", len(left))
	}
	done, err := there.Import(ctx, files, Options{By: store.User{Name: "Ada"}})
	must(t, err)
	if actions(dry) != actions(done) || strings.Count(actions(done), "created ") != 4 || !strings.HasPrefix(actions(done), "created connections/") {
		t.Errorf("the dry run says %s; done was %s", actions(dry), actions(done))
	}
	if len(done[0].Notes) != 1 {
		t.Errorf("nobody is told that %s needs its secret: %v", done[0].Name, done[0].Notes)
	}
	if c, err := there.Store.Connection(ctx, "c_crm"); err != nil || c.State != connectors.NeedsSignIn || c.Name != "CRM" {
		t.Errorf("the connection there is %+v, %v", c, err)
	}
	for i, f := range export(t, there) {
		if !bytes.Equal(f.Text, files[i].Text) || f.Path != files[i].Path {
			t.Errorf("exported from there, %s is\n%s\nwant\n%s", f.Path, f.Text, files[i].Text)
		}
	}
	again, err := there.Import(ctx, files, Options{})
	must(t, err)
	if strings.Count(actions(again), "unchanged ") != 4 {
		t.Errorf("importing again: %s, want nothing changed", actions(again))
	}
}

func TestImportingAgainUpdates(t *testing.T) {
	b := filled(t)
	files := export(t, b)
	change := func(i int, from, to string) {
		t.Helper()
		if !bytes.Contains(files[i].Text, []byte(from)) {
			t.Fatalf("%s has no %s", files[i].Path, from)
		}
		files[i].Text = bytes.Replace(files[i].Text, []byte(from), []byte(to), 1)
	}
	change(1, `"name": "CRM"`, `"name": "CRM of sales"`)
	change(2, `"name": "Sync <all>"`, `"name": "Sync some"`)
	change(2, "/a?b=1", "/a?b=9")
	done, err := b.Import(ctx, files, Options{By: store.User{ID: "u_1", Name: "Ada"}, Publish: false})
	must(t, err)
	if got, want := actions(done), "unchanged connections/crm-_other.json, updated connections/crm-c_crm.json, updated flows/crm/nightly/sync.json, unchanged flows/none.json"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	f, err := b.Store.Flow(ctx, "f_sync")
	must(t, err)
	if f.Name != "Sync some" || f.Draft.Chain[0].Inputs["url"] != "https://api.acme.io/a?b=9&c=2" || f.UpdatedBy != "Ada" {
		t.Errorf("the flow is now %+v", f)
	}
	if e, err := b.Store.LastEdit(ctx, "f_sync", "u_1", false); err != nil || e.Label != "Replace the draft" {
		t.Errorf("the import cannot be undone: %+v, %v", e, err)
	}
	c, err := b.Store.Connection(ctx, "c_crm")
	must(t, err)
	basic, _ := b.Types.Type("basic")
	if facts, err := b.Vault.Facts(basic, c); err != nil || !facts.Saved["password"] || c.Name != "CRM of sales" {
		t.Errorf("the connection is now %+v with %+v, %v; want its secret kept", c, facts, err)
	}
	// whoever changes where a secret goes has to know it
	change(1, `"api.acme.io"`, `"evil.example"`)
	_, err = b.Import(ctx, files, Options{})
	if err == nil || !strings.Contains(err.Error(), "connections/crm-c_crm.json:") || !strings.Contains(err.Error(), "must be entered again") {
		t.Errorf("a file sends a secret elsewhere: %v", err)
	}
}

func TestImportsFindTheConnectionsThatAreHere(t *testing.T) {
	here := filled(t)
	files := export(t, here, "sync")
	if got, want := paths(files), "connections/crm-c_crm.json flows/crm/nightly/sync.json"; got != want {
		t.Errorf("one flow with what it uses: %s, want %s", got, want)
	}
	there := newBundle(t)
	ours := connectors.Connection{ID: "c_ours", Name: "crm", Type: "basic", Hosts: []string{"api.acme.io"}}
	basic, _ := there.Types.Type("basic")
	must(t, there.Vault.Change(basic, &ours, schema.Values{"username": "ada", "password": "hunter2hunter2"}, nil))
	must(t, there.Store.CreateConnection(ctx, ours))
	for _, some := range [][]File{files, files[1:]} { // with the connection's file, and without
		if _, err := there.Import(ctx, some, Options{}); err != nil {
			t.Fatal(err)
		}
		f, err := there.Store.Flow(ctx, "f_sync")
		must(t, err)
		if got := f.Draft.Chain[0].Connection; got != "c_ours" {
			t.Errorf("the step refers to %s, want the connection of that name", got)
		}
	}
	done, err := newBundle(t).Import(ctx, files[1:], Options{})
	must(t, err)
	if len(done[0].Notes) != 1 || !strings.Contains(done[0].Notes[0], "“CRM” is not here") {
		t.Errorf("a connection that is not here: %v", done[0].Notes)
	}
	_, err = newBundle(t).Import(ctx, files[1:], Options{Publish: true})
	if err == nil || !strings.Contains(err.Error(), "sync.json: step get: connection is not on this server") {
		t.Errorf("publishing without the connection: %v", err)
	}
	must(t, here.Store.DeleteFlow(ctx, "f_sync"))
	back, err := here.Import(ctx, files, Options{Publish: true})
	must(t, err)
	if f, err := here.Store.Flow(ctx, "f_sync"); err != nil || !f.On || f.Version != 1 || back[1].Version != 1 {
		t.Errorf("a deleted flow comes back as %+v, %v", f, err)
	}
	copies, err := here.Import(ctx, files[1:], Options{Copy: true})
	must(t, err)
	if copies[0].ID == "f_sync" || copies[0].Action != Created {
		t.Errorf("a copy: %+v", copies[0])
	}
}

func TestBadFilesAreRefusedWithTheirPlace(t *testing.T) {
	b := filled(t)
	flow := func(rest string) string {
		return `{"flowdeck": 1, "kind": "flow", "name": "x", "document": {"format": 1, "trigger": {"id": "e", "card": "event.endpoint"}, "chain": []}` + rest + "}"
	}
	basic := func(rest string) string {
		return `{"flowdeck": 1, "kind": "connection", "name": "x", "type": "basic", "hosts": ["a.io"]` + rest + "}"
	}
	deep := `{"flowdeck": 1, "kind": "flow", "document": {"format": 1, "trigger": {"id": "e", "card": "event.endpoint"}, "chain": ` +
		strings.Repeat(`[{"id": "a", "card": "control.if", "blocks": {"then": {"chain": `, 80) + "[]" + strings.Repeat(`}}}]`, 80) + "}}"
	for _, tt := range []struct{ name, text, want string }{
		{"nothing", "", "a.json: is empty"},
		{"no JSON", "{\n  oops", "a.json:2:3: is not JSON"},
		{"no text", "\xff\xfe", "is not a text file"},
		{"a list", "[1]", "a.json:1:1: must be an object"},
		{"a key twice", `{"flowdeck": 1, "flowdeck": 1}`, `the key "flowdeck" twice`},
		{"something else", `{"nodes": []}`, "is JSON, but not a file of Flowdeck"},
		{"a newer format", `{"flowdeck": 2, "kind": "flow"}`, "a.json:1:2: flowdeck is format 2; this Flowdeck reads format 1"},
		{"a kind that is none", `{"flowdeck": 1, "kind": "song"}`, "kind must be one of connection, table, variable, flow, flow test"},
		{"a wrong type", "{\"flowdeck\": 1, \"kind\": \"flow\",\n \"name\": 7}", "a.json:2:2: name must be text"},
		{"an unknown key", flow(`, "colour": 1`), "colour is not a key that belongs here"},
		{"an unknown key deep inside", strings.Replace(flow(""), `"chain"`, "\n\"chian\"", 1), "a.json:2:1: document.chian is not a key"},
		{"an id that leads out", flow(`, "id": "f_../../x"`), "id must be f_ and"},
		{"a folder that leads out", flow(`, "folder": "../../etc"`), "folder “..” cannot be the name"},
		{"an alias that is none", flow(`, "alias": "a/b"`), "alias must be letters"},
		{"an alias that is taken", flow(`, "id": "f_new", "alias": "sync"`), "“sync” belongs to another flow here, “Sync <all>”"},
		{"settings beyond bounds", flow(`, "settings": {"keep_days": -1}`), "settings.keep_days must be"},
		{"an unknown card", strings.Replace(flow(""), `"chain": []`, `"chain": [{"id": "a", "card": "slack.post"}]`, 1), `document.chain.0.card is a card that this Flowdeck does not have: "slack.post"`},
		{"two steps with one id", strings.Replace(flow(""), `"chain": []`, `"chain": [{"id": "e", "card": "http.get"}]`, 1), "document.chain.0.id is the id of another step too"},
		{"a secret that was typed", strings.Replace(flow(""), `"chain": []`, `"chain": [{"id": "a", "card": "crypto.hmac", "inputs": {"key": "hunter2"}}]`, 1), "document.chain.0.inputs.key cannot be typed"},
		{"steps that are too deep", deep, "nested"},
		{"a document of the future", strings.Replace(flow(""), `"format": 1`, `"format": 3`, 1), "document.format is 3"},
		{"a type that is none", strings.Replace(basic(""), "basic", "magic", 1), "type is not a kind of sign-in"},
		{"a type that differs", basic(`, "id": "c_crm"`), "name"},
		{"a secret in a file", basic(`, "settings": {"username": "a", "password": "b"}`), "settings.password is a secret, which no file may hold"},
		{"a setting that is none", basic(`, "settings": {"user": "a"}`), "settings.user is not a setting"},
		{"no hosts", `{"flowdeck": 1, "kind": "connection", "name": "x", "type": "basic"}`, "hosts is required"},
	} {
		if tt.name == "a type that differs" {
			tt.text = strings.Replace(tt.text, `"basic"`, `"header"`, 1)
			tt.want = "type is header, but the connection here is basic"
		}
		_, err := b.Import(ctx, []File{{Path: "a.json", Text: []byte(tt.text)}}, Options{})
		var wrong Problems
		if !errors.As(err, &wrong) || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %s", tt.name, err, tt.want)
		}
	}
	twice := []File{{Path: "a.json", Text: []byte(flow(`, "id": "f_1", "alias": "q"`))}, {Path: "b.json", Text: []byte(flow(`, "id": "f_1", "alias": "r"`))}}
	if _, err := b.Import(ctx, twice, Options{}); err == nil || !strings.Contains(err.Error(), "b.json:1:109: id is the id of a.json too") && !strings.Contains(err.Error(), "id is the id of a.json too") {
		t.Errorf("one id in two files: %v", err)
	}
	twice[1].Text = []byte(flow(`, "id": "f_2", "alias": "q"`))
	if _, err := b.Import(ctx, twice, Options{}); err == nil || !strings.Contains(err.Error(), "alias “q” is the alias of a.json too") {
		t.Errorf("one alias in two files: %v", err)
	}
	if left, _, _ := b.Store.Flows(ctx, store.FlowFilter{}); len(left) != 2 {
		t.Errorf("%d flows are left after imports that failed, want the 2 there were", len(left))
	}
}

func TestHostileZipFilesAreRefused(t *testing.T) {
	pack := func(name string, size int) []byte {
		var b bytes.Buffer
		w := zip.NewWriter(&b)
		part, err := w.Create(name)
		must(t, err)
		_, err = part.Write(bytes.Repeat([]byte(" "), size))
		must(t, err)
		must(t, w.Close())
		return b.Bytes()
	}
	for _, tt := range []struct {
		name string
		data []byte
		want string
	}{
		{"no zip", []byte("PK\x03\x04 no"), "cannot be read"},
		{"a path that leads out", pack("../../etc/x.json", 1), "leads out"},
		{"an absolute path", pack("/etc/x.json", 1), "leads out"},
		{"a path of Windows", pack(`a\x.json`, 1), "leads out"},
		{"a bomb", pack("a.json", MaxFile+1), "is longer than"},
	} {
		if _, err := Unzip(tt.data); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %s", tt.name, err, tt.want)
		}
	}
	if files, err := Unzip(pack(".git/config.json", 1)); err != nil || len(files) != 0 {
		t.Errorf("what Git keeps is read: %v, %v", files, err)
	}
	if _, err := newBundle(t).Import(ctx, nil, Options{}); err == nil || !strings.Contains(err.Error(), "There is no .json file") {
		t.Errorf("an empty bundle: %v", err)
	}
}

// FuzzRead feeds files to the reader: it never panics, it says what is wrong within the
// text, and what it takes it writes and reads again the same.
func FuzzRead(f *testing.F) {
	b := &Bundle{Types: connectors.AllTypes(), Cards: all.Registry(), Now: time.Now}
	for _, seed := range []string{
		`{"flowdeck": 1, "kind": "flow", "id": "f_1", "name": "x", "folder": "a/b", "labels": ["x"], "alias": "x", "settings": {"keep_days": 7, "run_timeout": "1h"}, "connections": {"c_1": {"name": "n", "type": "basic"}}, "document": {"format": 1, "trigger": {"id": "e", "card": "event.endpoint"}, "chain": [{"id": "a", "card": "http.get", "connection": "c_1", "inputs": {"url": "https://a.io/{{e.body}}"}, "policy": {"retry": [{"match": ["any"], "attempts": 3, "interval": "1s"}]}}]}}`,
		`{"flowdeck": 1, "kind": "connection", "id": "c_1", "name": "x", "type": "basic", "hosts": ["a.io"], "settings": {"username": "a"}}`,
		`{"format": 1, "trigger": {"id": "e", "card": "event.manual"}, "chain": [{"id": "i", "card": "control.if", "blocks": {"then": {"chain": [], "result": {"x": 1.50}}}}]}`,
		`{"flowdeck": 9}`, `{"flowdeck": 1, "kind": "song"}`, `[`, `{"flowdeck": 1e400}`, "", "\xff",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var wrong Problems
		it := b.read(&source{File: File{"f.json", text}, problems: &wrong})
		if (it == nil) != (len(wrong) > 0) {
			t.Fatalf("item %v with problems %v", it, wrong)
		}
		for _, p := range wrong {
			if p.Line < 0 || p.Line > bytes.Count(text, []byte("\n"))+1 || p.Message == "" {
				t.Fatalf("a problem outside of the text: %+v", p)
			}
		}
		flow, ok := it.(*flowItem)
		if !ok {
			return
		}
		flow.file.Flowdeck, flow.file.Kind = Format, flowName
		once, err := flow.file.Encode()
		must(t, err)
		again := b.read(&source{File: File{"f.json", once}, problems: &wrong})
		if again == nil {
			t.Fatalf("what was written cannot be read: %v\n%s", wrong, once)
		}
		if twice, err := again.(*flowItem).file.Encode(); err != nil || !bytes.Equal(once, twice) {
			t.Fatalf("written again it differs: %v\n%s\n%s", err, once, twice)
		}
	})
}
