package bundle

import (
	"strings"
	"testing"

	"flowdeck/cards"
	"flowdeck/cards/schema"
	"flowdeck/flows"
	"flowdeck/flows/store"
)

// using is a flow that reads a table, a variable and a secret.
func using(t testing.TB, b *Bundle) {
	t.Helper()
	must(t, b.Store.CreateFlow(ctx, flows.Flow{ID: "f_uses", Name: "Uses", Alias: "uses", Draft: flows.Document{Format: flows.Format, Trigger: flows.Step{ID: "start", Card: "event.manual"}, Chain: []flows.Step{
		{ID: "rows", Card: "table.search_rows", Inputs: schema.Values{"table": "tbl_users"}},
		{ID: "sign", Card: "crypto.hmac", Inputs: schema.Values{"data": "{{ vars.size }}", "key": "{{ secrets.hook }}"}},
	}}}))
	must(t, b.Store.CreateTable(ctx, cards.Table{ID: "tbl_users", Name: "Users", Columns: []cards.Column{{Key: "email", Name: "Email", Type: schema.Text}}}))
	must(t, b.Store.CreateTable(ctx, cards.Table{ID: "tbl_else", Name: "Else", Columns: []cards.Column{{Key: "a", Name: "A", Type: schema.Text}}}))
	for _, v := range []store.Variable{{Name: "size", Value: int64(5)}, {Name: "size", Env: "live", Value: int64(7), Description: "Of a page"}, {Name: "other", Value: "x"},
		{Name: "hook", Secret: true, Sealed: []byte("sealed-hunter2"), Key: []byte("k")}} {
		must(t, b.Store.PutVariable(ctx, v, true))
	}
}

// replaced is a file with other text.
func replaced(t testing.TB, f File, from, to string) []File {
	t.Helper()
	if !strings.Contains(string(f.Text), from) {
		t.Fatalf("%s has no %s:\n%s", f.Path, from, f.Text)
	}
	return []File{{Path: f.Path, Text: []byte(strings.Replace(string(f.Text), from, to, 1))}}
}

func TestFlowsTakeTheirTablesAndVariablesAlong(t *testing.T) {
	here := newBundle(t)
	using(t, here)
	files := export(t, here, "uses")
	if got, want := paths(files), "flows/uses.json tables/users.json variables/hook.json variables/size.json"; got != want {
		t.Fatalf("files are %s, want %s", got, want)
	}
	if text := string(files[2].Text); strings.Contains(text, "value\"") || strings.Contains(text, "hunter2") || !strings.Contains(text, `"type": "secret"`) {
		t.Errorf("the file of a secret is\n%s", text)
	}
	there := newBundle(t)
	_, err := there.Import(ctx, files, Options{Publish: true})
	if err == nil || !strings.Contains(err.Error(), "step sign: key mentions the secret hook, which there is not") {
		t.Errorf("publishing without the secret: %v", err)
	}
	done, err := there.Import(ctx, files, Options{By: store.User{Name: "Ada"}})
	must(t, err)
	if got, want := actions(done), "created tables/users.json, unchanged variables/hook.json, created variables/size.json, created flows/uses.json"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if n := done[1].Notes; len(n) != 1 || !strings.Contains(n[0], "“hook” needs its value") {
		t.Errorf("the secret is noted as %q", n)
	}
	again, err := there.Import(ctx, files, Options{})
	must(t, err)
	if strings.Count(actions(again), "unchanged ") != 4 {
		t.Errorf("importing again: %s", actions(again))
	}
	must(t, there.Store.PutVariable(ctx, store.Variable{Name: "hook", Secret: true, Sealed: []byte("x"), Key: []byte("k")}, true))
	if _, err := there.Import(ctx, files, Options{Publish: true}); err != nil {
		t.Errorf("publishing with everything: %v", err)
	}
	for n, f := range export(t, there) {
		if string(f.Text) != string(files[n].Text) {
			t.Errorf("exported from there, %s is\n%s\nwant\n%s", f.Path, f.Text, files[n].Text)
		}
	}
}

func TestVariablesOfFilesAreUpdatedAndChecked(t *testing.T) {
	b := newBundle(t)
	using(t, b)
	files := export(t, b, "uses")
	hook, size := files[2], files[3]
	done, err := b.Import(ctx, replaced(t, size, `"value": 7`, `"value": 12345678901234567890`), Options{By: store.User{Name: "Ada"}})
	must(t, err)
	rows, err := b.Store.Variables(ctx)
	must(t, err)
	text, err := schema.EncodeJSON(rows[3].Value)
	if actions(done) != "updated variables/size.json" || err != nil || string(text) != "12345678901234567890" || rows[2].Value != int64(5) || rows[3].UpdatedBy != "Ada" {
		t.Errorf("%s: the variables are %+v", actions(done), rows)
	}
	for _, c := range []struct {
		file     File
		from, to string
		want     string
	}{
		{size, `"value": 7`, `"value": "seven"`, "variables/size.json:14:7: values.1.value must be of the type number"},
		{size, `"name": "size"`, `"name": "9"`, "name A name has letters"},
		{size, `"live"`, `""`, "values.1.environment has a value before it"},
		{size, `"name": "size"`, `"name": "hook"`, "type is number, but the name belongs to a secret here"},
		{hook, `"environment": ""`, `"environment": "", "value": "hunter2"`, "values.0.value is a secret, which no file may hold"},
	} {
		if _, err := b.Import(ctx, replaced(t, c.file, c.from, c.to), Options{}); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %s", c.to, err, c.want)
		}
	}
}

func TestTablesOfFilesAreFoundUpdatedAndChecked(t *testing.T) {
	here := newBundle(t)
	using(t, here)
	files := export(t, here, "uses")
	table := files[1]
	done, err := here.Import(ctx, replaced(t, table, `"name": "Email"`, `"name": "Mail"`), Options{})
	must(t, err)
	if got, err := here.Store.Table(ctx, "tbl_users"); err != nil || actions(done) != "updated tables/users.json" || got.Columns[0].Name != "Mail" {
		t.Errorf("%s: the table is %+v, %v", actions(done), got, err)
	}
	_, err = here.Store.WriteRows(ctx, "tbl_users", "k", []cards.RowWrite{{Values: schema.Values{"email": "maya"}}})
	must(t, err)
	_, err = here.Import(ctx, replaced(t, table, `"type": "text"`, `"type": "number"`), Options{})
	if err == nil || !strings.Contains(err.Error(), "columns do not fit a row that is here") {
		t.Errorf("columns that rows do not fit: %v", err)
	}
	if got, err := here.Store.Table(ctx, "tbl_users"); err != nil || got.Columns[0].Type != schema.Text {
		t.Errorf("the table was changed: %+v, %v", got, err)
	}

	there := newBundle(t)
	must(t, there.Store.CreateTable(ctx, cards.Table{ID: "tbl_ours", Name: "users", Columns: []cards.Column{{Key: "email", Name: "E", Type: schema.Text}, {Key: "b", Name: "B", Type: schema.Text}}}))
	_, err = there.Import(ctx, files, Options{Copy: true})
	must(t, err)
	list, _, err := there.Store.Flows(ctx, store.FlowFilter{})
	must(t, err)
	if f, err := there.Store.Flow(ctx, list[0].ID); err != nil || f.Draft.Chain[0].Inputs["table"] != "tbl_ours" {
		t.Errorf("the copy uses %v, %v; want the table of that name", f.Draft.Chain[0].Inputs, err)
	}
	_, err = there.Import(ctx, replaced(t, table, `"type": "text"`, `"type": "number"`), Options{Copy: true})
	if err == nil || !strings.Contains(err.Error(), "belongs to a table here that has other columns") {
		t.Errorf("a copy of another table: %v", err)
	}
	_, err = newBundle(t).Import(ctx, files[:1], Options{Publish: true})
	if err == nil || !strings.Contains(err.Error(), "step rows: table names a table that is not on this server") {
		t.Errorf("publishing without the table: %v", err)
	}
}
