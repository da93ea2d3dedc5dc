package web

import (
	"bytes"
	"context"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"flowdeck/cards"
	"flowdeck/cards/schema"
	"flowdeck/flows/store"
)

// people makes a table of people and returns its id.
func (w *world) people(rows ...schema.Values) string {
	w.Helper()
	ctx := context.Background()
	id := store.NewID("tbl_")
	must(w.T, w.s.Store.CreateTable(ctx, cards.Table{ID: id, Name: "People " + id[4:12] + id[len(id)-6:], Columns: []cards.Column{
		{Key: "email", Name: "Email", Type: schema.Text, Unique: true, Required: true},
		{Key: "age", Name: "Age", Type: schema.Number},
		{Key: "ok", Name: "OK", Type: schema.Boolean},
	}}))
	for _, v := range rows {
		_, err := w.s.Store.WriteRows(ctx, id, "", []cards.RowWrite{{Values: v}})
		must(w.T, err)
	}
	return id
}

func (w *world) hx(path string, form url.Values) reply {
	w.Helper()
	return w.send(w.browser, "POST", path, form.Encode(), "Content-Type", "application/x-www-form-urlencoded", "HX-Request", "true")
}

func TestTablesAreMadeAndTheirRowsEdited(t *testing.T) {
	w := newWorld(t, func(http.ResponseWriter, *http.Request) {})
	w.signIn()
	w.want("no name", w.hx("/tables", url.Values{"name": {" "}}), 422, "Give it a name.")
	made := w.hx("/tables", url.Values{"name": {"Staff"}, "description": {"Who works here"}})
	at := made.header.Get("HX-Redirect")
	if !strings.HasPrefix(at, "/tables/tbl_") {
		t.Fatalf("making a table goes to %q", at)
	}
	w.want("the name again", w.hx("/tables", url.Values{"name": {"STAFF"}}), 422, "Another table has this name.")
	w.want("a name of 80 letters", w.hx("/tables", url.Values{"name": {strings.Repeat("表", 80)}, "description": {strings.Repeat("表", 500)}}), 200, "")
	w.want("the list", w.part("/tables?q=staff"), 200, "Who works here")
	columns := url.Values{"revision": {"1"}, "columns.0.key": {"name"}, "columns.0.name": {strings.Repeat("名", 80)}, "columns.0.type": {"text"}, "columns.0.unique": {"true"},
		"columns.1.key": {""}, "columns.1.name": {"Age"}, "columns.1.type": {"number"}, "columns.1.default": {"many"}}
	w.want("a default that is no number", w.hx(at+"/columns", columns), 422, "Must be a number")
	columns.Set("columns.1.default", "18")
	w.want("columns", w.hx(at+"/columns", columns), 204, "")
	columns.Set("columns.1.name", "Years")
	stale := w.hx(at+"/columns", columns)
	w.want("columns of an old page", stale, 422, "Nothing of yours was saved")
	w.want("the column that somebody else added, to go on with", stale, 422, `value="age"`)

	w.want("a row that does not fit", w.hx(at+"/rows", url.Values{"c.name": {"Maya"}, "c.age": {"x"}}), 422, "Must be a number")
	w.want("a row", w.hx(at+"/rows", url.Values{"c.name": {"Maya"}, "c.age": {""}}), 204, "")
	w.want("the same name", w.hx(at+"/rows", url.Values{"c.name": {"Maya"}}), 422, "must be unique")
	page := w.part(at)
	w.want("the page", page, 200, "Maya")
	_, rest, _ := strings.Cut(page.body, `data-row="`)
	row, _, _ := strings.Cut(rest, `"`)
	w.want("a cell", w.hx(at+"/rows/"+row+"/cell", url.Values{"column": {"age"}, "value": {"41"}}), 200, `{"text":"41"}`)
	w.want("a wrong cell", w.hx(at+"/rows/"+row+"/cell", url.Values{"column": {"age"}, "value": {"old"}}), 422, `"problem":"must be a number`)
	w.want("a column that there is not", w.hx(at+"/rows/"+row+"/cell", url.Values{"column": {"x"}, "value": {"1"}}), 422, "is no column of Staff")
	w.want("a row that there is not", w.hx(at+"/rows/row_9/cell", url.Values{"column": {"age"}, "value": {"1"}}), 404, "")
	w.want("filtered", w.part(at+"?column=age&operator=greater&value=40"), 200, "Rows 1–1 of those that fit")
	w.want("filtered by what cannot be compared", w.part(at+"?column=name&operator=matches&value=("), 200, "is not a pattern")
	w.want("sorted by what there is not", w.part(at+"?sort=height"), 200, "to sort by")
	w.want("retyped to what does not fit", w.hx(at+"/columns", url.Values{"revision": {"2"}, "columns.0.key": {"name"}, "columns.0.name": {"Name"}, "columns.0.type": {"number"}}), 422, "Rows do not fit")
	w.want("rows deleted", w.hx(at+"/delete-rows", url.Values{"row": {row}}), 204, "")
	w.want("no table", w.part("/tables/tbl_none"), 404, "")
}

func TestATableIsImportedAndExported(t *testing.T) {
	w := newWorld(t, func(http.ResponseWriter, *http.Request) {})
	w.signIn()
	id := w.people(schema.Values{"email": "maya@example.com", "age": 1})
	send := func(do, text string, more ...string) reply {
		var body bytes.Buffer
		form := multipart.NewWriter(&body)
		for i := 0; i+1 < len(more); i += 2 {
			must(t, form.WriteField(more[i], more[i+1]))
		}
		must(t, form.WriteField("do", do))
		part, err := form.CreateFormFile("file", "people.csv")
		must(t, err)
		_, _ = part.Write([]byte(text))
		must(t, form.Close())
		return w.send(w.browser, "POST", "/tables/"+id+"/import", body.String(), "Content-Type", form.FormDataContentType(), "HX-Request", "true")
	}
	w.want("nothing", send("look", ""), 422, "Choose a CSV file")
	w.want("the names of columns alone", send("look", "Email\n"), 422, "There is no row in it")
	w.want("broken quotes", send("look", "email\n\"a@example.com\n"), 422, "line 2, column 1: a quote is opened here and never closed")
	w.want("a look", send("look", "E-Mail;Age\na@example.com;5\n"), 200, "Leave out")
	w.want("lines that do not fit", send("import", "email,age,ok\na@example.com,x,yes\n,7,no\na@example.com,1,maybe\nb@example.com,2,\n"), 200, "Line 2, Age: must be a number")
	w.want("leaving them out", send("import", "email,age,ok\na@example.com,x,yes\nb@example.com,2,\n", "skip", "true"), 204, "")
	w.want("one that is there", send("import", "email,age\nmaya@example.com,2\n"), 422, "must be unique")
	w.want("changing it", send("import", "email,age\nmaya@example.com,2\n=1+1,\n", "match_by", "email"), 204, "")
	w.want("two columns for one", send("import", "who,years,also\nd@example.com,9,8\n", "names", "who\x1fyears\x1falso", "to.0", "email", "to.1", "age", "to.2", "age"), 422, "The columns years and also of the file both go to Age")
	w.want("a choice", send("import", "who,years\nc@example.com,9\n", "names", "who\x1fyears", "to.0", "email", "to.1", "age"), 204, "")
	got := w.part("/tables/" + id + "/export.csv?sort=email")
	want := "Email,Age,OK\r\n'=1+1,,\r\nb@example.com,2,\r\nc@example.com,9,\r\nmaya@example.com,2,\r\n"
	if got.body != want || !strings.HasPrefix(got.header.Get("Content-Type"), "text/csv") {
		t.Errorf("exported %q, want %q", got.body, want)
	}
}

func TestAFlowKeepsRows(t *testing.T) {
	w := newWorld(t, func(http.ResponseWriter, *http.Request) {})
	w.signIn()
	id := w.people()
	f := w.publish("keep", public, endpointDoc([]any{input("email", "text", "query", true)},
		step("put", "table.upsert_row", schema.Values{"table": id, "match_by": "email", "values": schema.Values{"email": "{{ endpoint.email }}", "age": int64(7)}}),
		step("find", "table.search_rows", schema.Values{"table": id, "conditions": []any{schema.Values{"column": "email", "operator": "equals", "right": "{{ endpoint.email }}"}}}),
		step("close", "http.close", schema.Values{"body": "[{{ find.row.age }}, {{ put.is_new }}, {{ find.count }}]"})))
	w.want("the first call", w.call("GET", "/api/flows/keep/invoke?email=a@example.com", ""), 200, "[7,true,1]")
	w.want("the second call", w.call("GET", "/api/flows/keep/invoke?email=a@example.com", ""), 200, "[7,false,1]")

	w.want("the builder offers its columns", w.send(w.browser, "GET", "/flows/"+f.ID, ""), 200, `find.row.age`)
	w.want("its picker", w.part("/choices/table?q=people"), 200, "1 row")
	w.want("deleting it", w.send(w.browser, "DELETE", "/tables/"+id, "", "HX-Request", "true"), 409, "Flow keep")
	doc := f.Draft
	doc.Chain[0].Inputs = schema.Values{"table": "tbl_gone", "match_by": "email"}
	doc.Chain[1].Inputs = schema.Values{"table": id, "sort": "height"}
	_, err := w.s.Store.SaveDraft(context.Background(), f.ID, w.flow(f.ID).Revision, doc, store.Change{})
	must(t, err)
	page := w.send(w.browser, "GET", "/flows/"+f.ID, "")
	w.want("a table that is gone", page, 200, "names a table that is not on this server (any more)")
	w.want("a column that is gone", page, 200, "is no column of People")
	w.want("publishing that", w.hx("/flows/"+f.ID+"/publish", url.Values{"rev": {fmt.Sprint(w.flow(f.ID).Revision)}}), 422, "")
}

func TestRowsAreMatchedByUniqueColumnsOnly(t *testing.T) {
	w := newWorld(t, func(http.ResponseWriter, *http.Request) {})
	w.signIn()
	id := w.people()
	f := w.publish("match", public, endpointDoc(nil,
		step("put", "table.upsert_row", schema.Values{"table": id, "match_by": "email", "values": schema.Values{"email": "a@example.com"}}),
		step("close", "http.close", schema.Values{"body": "1"})))
	page := w.send(w.browser, "GET", "/flows/"+f.ID, "")
	if page.status != 200 || strings.Contains(page.body, `<option value="age"`) {
		t.Errorf("Match by offers a column that is not unique")
	}
	save := func(in schema.Values) {
		doc := f.Draft
		doc.Chain[0].Inputs = in
		_, err := w.s.Store.SaveDraft(context.Background(), f.ID, w.flow(f.ID).Revision, doc, store.Change{})
		must(t, err)
	}
	publish := func() reply {
		return w.hx("/flows/"+f.ID+"/publish", url.Values{"rev": {fmt.Sprint(w.flow(f.ID).Revision)}})
	}
	save(schema.Values{"table": id, "match_by": "age", "values": schema.Values{"email": "a@example.com"}})
	page = w.send(w.browser, "GET", "/flows/"+f.ID, "")
	w.want("a column that is not unique", page, 200, ", got text &#34;age&#34;; choose another one, or make it unique on the table&#39;s page")
	w.want("it stays to be seen", page, 200, "Age (not unique)")
	w.want("publishing that", publish(), 422, "must be a unique column of People ")
	save(schema.Values{"table": id, "match_by": cards.RowID, "values": schema.Values{}})
	w.want("the row's id", publish(), 422, "must be a unique column of People ")
	save(schema.Values{"table": id, "match_by": "email", "values": schema.Values{"age": int64(1)}})
	w.want("without a value to match", publish(), 422, "is required, because the row is found by it")
}

func TestTheDialogOfARowChangesOnlyWhatWasTypedInIt(t *testing.T) {
	w := newWorld(t, func(http.ResponseWriter, *http.Request) {})
	w.signIn()
	ctx, id := context.Background(), store.NewID("tbl_")
	must(t, w.s.Store.CreateTable(ctx, cards.Table{ID: id, Name: "Tasks", Columns: []cards.Column{
		{Key: "state", Name: "State", Type: schema.Text}, {Key: "note", Name: "Note", Type: schema.Text}, {Key: "lines", Name: "Lines", Type: schema.Text}}}))
	done, err := w.s.Store.WriteRows(ctx, id, "", []cards.RowWrite{{Values: schema.Values{"state": "new", "lines": "a\nb"}}})
	must(t, err)
	at := "/tables/" + id + "/rows/" + done[0].ID
	dialog := w.part(at)
	w.want("text of two lines has a text area", dialog, 200, "a\nb</textarea>")
	form := url.Values{"c.state": {"new"}, "c.note": {"call back"}, "c.lines": {"a\r\nb"}}
	for _, key := range []string{"state", "note", "lines"} {
		_, rest, _ := strings.Cut(dialog.body, `name="was.`+key+`" value="`)
		mark, _, _ := strings.Cut(rest, `"`)
		form.Set("was."+key, mark)
	}
	_, err = w.s.Store.WriteRows(ctx, id, "", []cards.RowWrite{{Row: done[0].ID, Values: schema.Values{"state": "done"}}}) // a flow
	must(t, err)
	w.want("saved", w.hx(at, form), 204, "")
	r, err := w.s.Store.Row(ctx, id, done[0].ID)
	must(t, err)
	if got := fmt.Sprint(r.Values["state"], r.Values["note"], r.Values["lines"]); got != fmt.Sprint("done", "call back", "a\nb") {
		t.Errorf("the row is now %v", r.Values)
	}
}
