package storetest

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"flowdeck/cards"
	"flowdeck/cards/schema"
	"flowdeck/flows"
	"flowdeck/flows/store"
)

// newTable stores a table of people: email unique, name required.
func newTable(t testing.TB, s *store.Store, id, name string) {
	t.Helper()
	must(t, s.CreateTable(ctx, cards.Table{ID: id, Name: name, Columns: []cards.Column{
		{Key: "email", Name: "Email", Type: schema.Text, Unique: true},
		{Key: "name", Name: "Name", Type: schema.Text, Required: true},
		{Key: "age", Name: "Age", Type: schema.Number},
		{Key: "state", Name: "State", Type: schema.Text, Default: "new"},
	}}))
}

func person(email string, age any) schema.Values {
	return schema.Values{"email": email, "name": "N " + email, "age": age}
}

func found(t testing.TB, s *store.Store, q cards.RowQuery) (emails []string) {
	t.Helper()
	must(t, s.EachRow(ctx, "tbl_1", q, func(r cards.Row) error {
		emails = append(emails, fmt.Sprint(r.Values["email"]))
		return nil
	}))
	return emails
}

func code(err error) string {
	var e *cards.Error
	if errors.As(err, &e) {
		return e.Code
	}
	return fmt.Sprint(err)
}

func testTables(t *testing.T, open Opener) {
	s := open(t, store.Options{Blobs: Dir(t)})
	newTable(t, s, "tbl_1", "People")
	newTable(t, s, "tbl_2", "Others")
	wantErr(t, "a name twice", s.CreateTable(ctx, cards.Table{ID: "tbl_3", Name: "PEOPLE"}), flows.ErrTaken)
	list, err := s.Tables(ctx, "peo", 10)
	must(t, err)
	want(t, "tables found", len(list), 1)
	names, err := s.TableNames(ctx, []string{"tbl_1", "tbl_9"})
	must(t, err)
	want(t, "names", names, map[string]string{"tbl_1": "People"})
	_, err = s.Table(ctx, "tbl_9")
	want(t, "no such table", code(err), cards.CodeNoTable)
	wantErr(t, "no such table", err, flows.ErrNotFound)

	must(t, s.UpdateTable(ctx, "tbl_2", func(x *cards.Table) error { x.Name = "Things"; return nil }))
	newFlow(t, s, "f_1")
	f, err := s.Flow(ctx, "f_1")
	must(t, err)
	f.Draft.Chain[0].Inputs = schema.Values{"table": "tbl_2"}
	_, err = s.SaveDraft(ctx, "f_1", f.Revision, f.Draft, store.Change{})
	must(t, err)
	uses, err := s.Mentioning(ctx, "tbl_2", 10)
	must(t, err)
	want(t, "uses", uses, []store.FlowUse{{ID: "f_1", Name: "Flow f_1"}})
	wantErr(t, "deleting a table in use", s.DeleteTable(ctx, "tbl_2"), flows.ErrInUse)
	_, err = s.WriteRows(ctx, "tbl_1", "", []cards.RowWrite{{Values: person("a", 1)}})
	must(t, err)
	must(t, s.DeleteTable(ctx, "tbl_1"))
	_, err = s.Table(ctx, "tbl_1")
	want(t, "a deleted table", code(err), cards.CodeNoTable)
	newTable(t, s, "tbl_4", "People") // the name is free again
}

func testRows(t *testing.T, open Opener) {
	s := open(t, store.Options{Blobs: Dir(t)})
	newTable(t, s, "tbl_1", "People")
	done, err := s.WriteRows(ctx, "tbl_1", "r_1/a", []cards.RowWrite{{Values: person("b", int64(30))}, {Values: person("c", "41.5")}, {Values: person("a", nil)}})
	must(t, err)
	want(t, "rows written", len(done), 3)
	again, err := s.WriteRows(ctx, "tbl_1", "r_1/a", []cards.RowWrite{{Values: person("b", int64(30))}})
	must(t, err)
	want(t, "the same again", again[2].ID, done[2].ID)
	x, err := s.Table(ctx, "tbl_1")
	must(t, err)
	want(t, "count", x.Rows, int64(3))
	r, err := s.Row(ctx, "tbl_1", done[1].ID)
	must(t, err)
	want(t, "a row", r.Values, schema.Values{"email": "c", "name": "N c", "age": 41.5, "state": "new"})

	want(t, "as made", found(t, s, cards.RowQuery{}), []string{"b", "c", "a"})
	want(t, "by age", found(t, s, cards.RowQuery{Sort: "age"}), []string{"b", "c", "a"})
	want(t, "by age downwards, a part", found(t, s, cards.RowQuery{Sort: "age", Descending: true, Offset: 1, Limit: 1}), []string{"b"})
	want(t, "by email", found(t, s, cards.RowQuery{Sort: "email", Limit: 2}), []string{"a", "b"})
	want(t, "a part", found(t, s, cards.RowQuery{Offset: 1, Limit: 1}), []string{"c"})
	want(t, "by key", found(t, s, cards.RowQuery{Key: "email", Value: "c"}), []string{"c"})
	adult := func(r cards.Row) (bool, error) {
		return cards.CompareCells(schema.Number, r.Values["age"], int64(18)) > 0 && r.Values["age"] != nil, nil
	}
	want(t, "matching", found(t, s, cards.RowQuery{Match: adult, Offset: 1}), []string{"c"})
	want(t, "beyond", len(found(t, s, cards.RowQuery{Offset: 9})), 0)

	_, err = s.WriteRows(ctx, "tbl_1", "", []cards.RowWrite{{Values: person("d", 1)}, {Values: person("a", 1)}})
	want(t, "not unique", code(err), cards.CodeNotUnique)
	var at *cards.WriteError
	if !errors.As(err, &at) || at.Index != 1 {
		t.Errorf("which row was not unique: %v", err)
	}
	want(t, "nothing was written", len(found(t, s, cards.RowQuery{})), 3)
	_, err = s.WriteRows(ctx, "tbl_1", "", []cards.RowWrite{{Values: schema.Values{"email": "x", "age": "old", "wrong": 1}}})
	var problems schema.Problems
	if !errors.As(err, &problems) || len(problems) != 3 {
		t.Errorf("problems are %v, want three", err)
	}

	done, err = s.WriteRows(ctx, "tbl_1", "", []cards.RowWrite{{Match: "email", Values: schema.Values{"email": "a", "age": int64(7)}}, {Match: "email", Values: person("e", int64(1))}, {Row: done[0].ID, Values: schema.Values{"age": ""}, Empty: true}})
	must(t, err)
	want(t, "matched", []bool{done[0].New, done[1].New}, []bool{false, true})
	r, err = s.Row(ctx, "tbl_1", done[0].ID)
	must(t, err)
	want(t, "the matched row", r.Values, schema.Values{"email": "a", "name": "N a", "age": int64(7), "state": "new"})
	_, err = s.WriteRows(ctx, "tbl_1", "", []cards.RowWrite{{Match: "age", Values: person("e", int64(1))}})
	want(t, "matching by a column that is not unique", code(err), cards.CodeInvalidInput)
	_, err = s.WriteRows(ctx, "tbl_1", "", []cards.RowWrite{{Row: "row_9", Values: person("e", int64(1))}})
	want(t, "no such row", code(err), cards.CodeNoRow)

	gone, err := s.DeleteRows(ctx, "tbl_1", "r_1/d", []string{done[1].ID, "row_9"})
	must(t, err)
	want(t, "deleted", gone, int64(1))
	_, err = s.WriteRows(ctx, "tbl_1", "", []cards.RowWrite{{Values: person("e", 1)}}) // its unique value is free again
	must(t, err)
	gone, err = s.ClearTable(ctx, "tbl_1", "r_1/c")
	must(t, err)
	want(t, "cleared", gone, int64(4))
	_, err = s.WriteRows(ctx, "tbl_1", "", []cards.RowWrite{{Values: person("e", 1)}})
	must(t, err)
	gone, err = s.ClearTable(ctx, "tbl_1", "r_1/c")
	must(t, err)
	want(t, "cleared, said again", gone, int64(4))
	want(t, "what was written since", found(t, s, cards.RowQuery{}), []string{"e"})
}

// Dates are the same when they are the same instant, however they are written.
func testUniqueDates(t *testing.T, open Opener) {
	s := open(t, store.Options{Blobs: Dir(t)})
	due := func(key string) cards.Column { return cards.Column{Key: key, Name: key, Type: schema.Date} }
	unique := due("due")
	unique.Unique = true
	must(t, s.CreateTable(ctx, cards.Table{ID: "tbl_1", Name: "Days", Columns: []cards.Column{unique, due("other")}}))
	done, err := s.WriteRows(ctx, "tbl_1", "", []cards.RowWrite{{Values: schema.Values{"due": "2026-03-01T09:30:00Z", "other": "2026-03-01"}},
		{Values: schema.Values{"due": "2026-03-02", "other": "2026-03-01T01:00:00+01:00"}}})
	must(t, err)
	for _, same := range []string{"2026-03-01T10:30:00+01:00", "2026-03-01T09:30:00.000Z", "2026-03-02T00:00:00Z", "2026-03-01T19:00:00-05:00"} {
		_, err = s.WriteRows(ctx, "tbl_1", "", []cards.RowWrite{{Values: schema.Values{"due": same}}})
		want(t, same+" again", code(err), cards.CodeNotUnique)
	}
	_, err = s.WriteRows(ctx, "tbl_1", "", []cards.RowWrite{{Row: done[1].ID, Values: schema.Values{"due": "2026-03-01T11:30:00+02:00"}}})
	want(t, "a row that is given what another has", code(err), cards.CodeNotUnique)
	again, err := s.WriteRows(ctx, "tbl_1", "", []cards.RowWrite{{Match: "due", Values: schema.Values{"due": "2026-03-01T10:30:00.0+01:00"}}})
	must(t, err)
	want(t, "matched", []any{again[0].New, again[0].ID}, []any{false, done[0].ID})
	_, err = s.WriteRows(ctx, "tbl_1", "", []cards.RowWrite{{Values: schema.Values{"due": "2026-03-01T10:30:00.1+01:00"}}})
	must(t, err)
	x, err := s.Table(ctx, "tbl_1")
	must(t, err)
	x.Columns[1].Unique = true
	var problems schema.Problems
	if err := s.SetColumns(ctx, "tbl_1", x.Revision, x.Columns, ""); !errors.As(err, &problems) || len(problems) != 1 {
		t.Errorf("a column with an instant twice made unique is %v, want one problem", err)
	}
}

func testColumns(t *testing.T, open Opener) {
	s := open(t, store.Options{Blobs: Dir(t)})
	newTable(t, s, "tbl_1", "People")
	_, err := s.WriteRows(ctx, "tbl_1", "", []cards.RowWrite{{Values: person("a", "1")}, {Values: person("b", "1")}})
	must(t, err)
	x, err := s.Table(ctx, "tbl_1")
	must(t, err)
	set := func(change func([]cards.Column) []cards.Column) error {
		x, err := s.Table(ctx, "tbl_1")
		must(t, err)
		return s.SetColumns(ctx, "tbl_1", x.Revision, change(x.Columns), "Maya")
	}
	wantErr(t, "an old revision", s.SetColumns(ctx, "tbl_1", x.Revision+1, x.Columns, ""), flows.ErrConflict)
	err = set(func(c []cards.Column) []cards.Column { c[1].Type = schema.Number; return c })
	var problems schema.Problems
	if !errors.As(err, &problems) || len(problems) != 2 {
		t.Errorf("text as number is %v, want two problems", err)
	}
	err = set(func(c []cards.Column) []cards.Column { c[2].Unique = true; return c })
	if !errors.As(err, &problems) || len(problems) != 1 {
		t.Errorf("a column with the same value twice made unique is %v, want one problem", err)
	}
	must(t, set(func(c []cards.Column) []cards.Column { c[2].Type = schema.Text; return c }))
	want(t, "retyped", found(t, s, cards.RowQuery{Match: func(r cards.Row) (bool, error) { return r.Values["age"] == "1", nil }}), []string{"a", "b"})
	must(t, set(func(c []cards.Column) []cards.Column {
		return append(c[:3:3], cards.Column{Key: "team", Name: "Team", Type: schema.Text, Default: "red"})
	}))
	want(t, "a new column and one less", found(t, s, cards.RowQuery{Match: func(r cards.Row) (bool, error) { return r.Values["team"] == "red" && r.Values["state"] == nil, nil }}), []string{"a", "b"})
}

func testColumnsOfRowsThatChanged(t *testing.T, open Opener) {
	s := open(t, store.Options{Blobs: Dir(t)})
	newTable(t, s, "tbl_1", "People")
	done, err := s.WriteRows(ctx, "tbl_1", "", []cards.RowWrite{{Values: person("a", 1)}, {Values: person("b", 2)}})
	must(t, err)
	set := func(change func([]cards.Column) []cards.Column) {
		t.Helper()
		x, err := s.Table(ctx, "tbl_1")
		must(t, err)
		must(t, s.SetColumns(ctx, "tbl_1", x.Revision, change(x.Columns), "Maya"))
	}
	write := func(row int, values schema.Values) {
		t.Helper()
		_, err := s.WriteRows(ctx, "tbl_1", "", []cards.RowWrite{{Row: done[row].ID, Values: values, Empty: true}})
		must(t, err)
	}
	set(func(c []cards.Column) []cards.Column { c[0].Unique = false; return c })
	write(0, schema.Values{"email": "c"})
	write(1, schema.Values{"email": "a"})
	write(0, schema.Values{"email": "b"})
	set(func(c []cards.Column) []cards.Column { c[0].Unique = true; return c })
	want(t, "by a key that another row had", found(t, s, cards.RowQuery{Key: "email", Value: "b"}), []string{"b"})

	write(0, schema.Values{"state": ""})
	set(func(c []cards.Column) []cards.Column { return append(c[:2:2], c[3]) })
	r, err := s.Row(ctx, "tbl_1", done[0].ID)
	must(t, err)
	want(t, "a row whose state was emptied", r.Values, schema.Values{"email": "b", "name": "N a"})
	set(func(c []cards.Column) []cards.Column { c[2].Required = true; return c })
	r, err = s.Row(ctx, "tbl_1", done[0].ID)
	must(t, err)
	want(t, "that row, when a state is required", r.Values["state"], any("new"))
}

func testColumnsThatGo(t *testing.T, open Opener) {
	s := open(t, store.Options{Blobs: Dir(t)})
	newTable(t, s, "tbl_1", "People")
	done, err := s.WriteRows(ctx, "tbl_1", "", []cards.RowWrite{{Values: person("a", 1)}})
	must(t, err)
	for _, last := range []cards.Column{{Key: "team", Name: "Team", Type: schema.Text}, {Key: "age", Name: "Age", Type: schema.Text}} {
		x, err := s.Table(ctx, "tbl_1")
		must(t, err)
		columns := append(slices.DeleteFunc(x.Columns, func(c cards.Column) bool { return c.Key == "age" || c.Key == "team" }), last)
		must(t, s.SetColumns(ctx, "tbl_1", x.Revision, columns, "Maya"))
	}
	r, err := s.Row(ctx, "tbl_1", done[0].ID)
	must(t, err)
	want(t, "a column of the same key as one that went", r.Values["age"], nil)
}
