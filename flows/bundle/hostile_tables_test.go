package bundle

import (
	"errors"
	"strings"
	"testing"

	"flowdeck/cards"
)

// tableText is a table as a file.
func tableText(id, name, more string) File {
	return File{Path: "tables/" + id + ".json", Text: []byte(`{"flowdeck":1,"kind":"table","id":"` + id + `","name":"` + name + `","columns":[{"key":"age","name":"Age","type":"number"` + more + `}]}`)}
}

// What is wrong with a table is said before anything is imported.
func TestTablesAreCheckedBeforeAnythingIsImported(t *testing.T) {
	for what, files := range map[string][]File{
		"a name that another table has":      {tableText("tbl_1", "Theirs", "")},
		"a name that another file has":       {tableText("tbl_3", "New", ""), tableText("tbl_4", "new", "")},
		"a name that is too long":            {tableText("tbl_3", strings.Repeat("n", 81), "")},
		"a default that the column refuses":  {tableText("tbl_3", "New", `,"default":{"a":1}`)},
		"a column name that is too long":     {{Path: "a.json", Text: []byte(`{"flowdeck":1,"kind":"table","name":"New","columns":[{"key":"age","name":"` + strings.Repeat("n", 81) + `","type":"number"}]}`)}},
		"rows that do not fit other columns": {tableText("tbl_2", "Theirs", `,"required":true`)},
	} {
		b := newBundle(t)
		for id, name := range map[string]string{"tbl_1": "Mine", "tbl_2": "Theirs"} {
			must(t, b.Store.CreateTable(ctx, cards.Table{ID: id, Name: name, Columns: []cards.Column{{Key: "name", Name: "Name", Type: "text"}}}))
		}
		_, err := b.Store.WriteRows(ctx, "tbl_2", "", []cards.RowWrite{{Values: map[string]any{"name": "Ada"}}})
		must(t, err)
		_, err = b.Import(ctx, files, Options{})
		var wrong Problems
		if !errors.As(err, &wrong) {
			t.Errorf("%s: %v, want problems", what, err)
		}
		if list, err := b.Store.Tables(ctx, "", 10); err != nil || len(list) != 2 {
			t.Errorf("%s: %d tables, want those that were there: %v", what, len(list), err)
		}
	}
}

func TestColumnsThatAnImportWouldTakeOutAreSaid(t *testing.T) {
	b := newBundle(t)
	must(t, b.Store.CreateTable(ctx, cards.Table{ID: "tbl_1", Name: "Mine", Columns: []cards.Column{{Key: "age", Name: "Age", Type: "number"}, {Key: "phone", Name: "Phone", Type: "text"}}}))
	_, err := b.Store.WriteRows(ctx, "tbl_1", "", []cards.RowWrite{{Values: map[string]any{"phone": "555"}}})
	must(t, err)
	_, err = b.Import(ctx, []File{tableText("tbl_9", "Mine", "")}, Options{})
	if err == nil || !strings.Contains(err.Error(), "columns lack “Phone”") {
		t.Errorf("a table of another server with the name of one that is here: %v", err)
	}
	if x, err := b.Store.Table(ctx, "tbl_1"); err != nil || len(x.Columns) != 2 {
		t.Errorf("the table has the columns %+v, %v", x.Columns, err)
	}
	plan, err := b.Import(ctx, []File{tableText("tbl_1", "Mine", "")}, Options{DryRun: true})
	must(t, err)
	if notes := plan[0].Notes; len(notes) != 1 || !strings.Contains(notes[0], "Takes out “Phone”") {
		t.Errorf("the import of the same table notes %q", notes)
	}
}
