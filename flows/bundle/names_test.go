package bundle

import (
	"strings"
	"testing"

	"flowdeck/cards"
	"flowdeck/cards/schema"
	"flowdeck/connectors"
	"flowdeck/flows"
)

// connectionText is a connection as a file.
func connectionText(id, name string) File {
	return File{Path: "connections/" + id + ".json", Text: []byte(`{"flowdeck":1,"kind":"connection","id":"` + id + `","name":"` + name + `","type":"basic","hosts":["api.acme.io"],"settings":{"username":"ada"}}`)}
}

// Two things of a bundle never become one here: the steps of both would then use the one
// that is imported last.
func TestTwoFilesAreNeverOneThing(t *testing.T) {
	for what, c := range map[string]struct {
		files []File
		want  string
	}{
		"connections of one name":       {[]File{connectionText("c_8", "CRM"), connectionText("c_9", "crm")}, "c_9.json:1:46: name is the name of the connection in connections/c_8.json too"},
		"one that gave its name to new": {[]File{connectionText("c_1", "CRM of last year"), connectionText("c_9", "CRM")}, "name belongs to a connection here that comes with connections/c_1.json"},
		"and is read after it":          {[]File{connectionText("c_0", "CRM"), connectionText("c_1", "CRM of last year")}, "name belongs to a connection here that comes with connections/c_1.json"},
		"a table that gave its name":    {[]File{tableText("tbl_1", "Orders of last year", ""), tableText("tbl_9", "Orders", "")}, "name belongs to a table here that comes with tables/tbl_1.json"},
	} {
		b := newBundle(t)
		here := connectors.Connection{ID: "c_1", Name: "CRM", Type: "basic", Hosts: []string{"api.acme.io"}}
		basic, _ := b.Types.Type("basic")
		must(t, b.Vault.Change(basic, &here, schema.Values{"username": "ada", "password": "hunter2hunter2"}, nil))
		must(t, b.Store.CreateConnection(ctx, here))
		must(t, b.Store.CreateTable(ctx, cards.Table{ID: "tbl_1", Name: "Orders", Columns: []cards.Column{{Key: "age", Name: "Age", Type: schema.Number}}}))
		done, err := b.Import(ctx, c.files, Options{})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %s, %v; want %q", what, actions(done), err, c.want)
		}
	}
}

// What a zip file holds beside a bundle is left alone, but people name the folders of flows.
func TestZipFilesKeepFoldersThatBeginWithADot(t *testing.T) {
	b := newBundle(t)
	for alias, folder := range map[string]string{"a": ".drafts", "b": "crm/.old", "c": "__MACOSX"} {
		must(t, b.Store.CreateFlow(ctx, flows.Flow{ID: "f_" + alias, Name: alias, Alias: alias, Folder: folder, Draft: flows.Document{Format: flows.Format}}))
	}
	files := export(t, b)
	packed, err := Zip(append(files, File{Path: "__MACOSX/flows/a.json"}, File{Path: "flows/._a.json"}, File{Path: ".git/flows/a.json"}, File{Path: "mine/.vscode/a.json"}))
	must(t, err)
	got, err := Unzip(packed)
	must(t, err)
	if paths(got) != paths(files) {
		t.Errorf("out of the zip file come %s, want %s", paths(got), paths(files))
	}
}

func TestNamesOfManyBytesAreNotTooLong(t *testing.T) {
	b := filled(t)
	long := strings.Repeat("表", 80)
	test := testFile("t_1", "f_sync", "succeeded")
	test.Text = []byte(strings.Replace(string(test.Text), `"name":"T"`, `"name":"`+long+`"`, 1))
	table := tableText("tbl_1", long, "")
	table.Text = []byte(strings.Replace(string(table.Text), `"Age"`, `"`+long+`"`, 1))
	_, err := b.Import(ctx, []File{test, table}, Options{})
	must(t, err)
}

// Files of one path would be written one over the other.
func TestEveryThingHasAFileOfItsOwn(t *testing.T) {
	b := newBundle(t)
	for id, name := range map[string]string{"c_a_billing": "Billing", "c_b_billing": "Billing!", "c_c": "Billing illing"} {
		must(t, b.Store.CreateConnection(ctx, connectors.Connection{ID: id, Name: name, Type: "none"}))
	}
	seen := map[string]bool{}
	for _, f := range export(t, b) {
		if seen[f.Path] {
			t.Errorf("%s is there twice", f.Path)
		}
		seen[f.Path] = true
	}
	if len(seen) != 3 {
		t.Errorf("%d files, want one for each connection", len(seen))
	}
}
