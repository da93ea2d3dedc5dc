package store_test

import (
	"errors"
	"testing"

	"flowdeck/cards"
	"flowdeck/cards/schema"
	"flowdeck/flows"
	"flowdeck/flows/store"
)

func TestARowThatAFlowWritesWhileColumnsChangeIsKept(t *testing.T) {
	s, ctx := openSQLite(t, store.Options{Blobs: t.TempDir()}), t.Context()
	columns := []cards.Column{{Key: "name", Name: "Name", Type: schema.Text}, {Key: "seats", Name: "Seats", Type: schema.Text}}
	if err := s.CreateTable(ctx, cards.Table{ID: "tbl_1", Name: "Rooms", Columns: columns}); err != nil {
		t.Fatal(err)
	}
	done, err := s.WriteRows(ctx, "tbl_1", "", []cards.RowWrite{{Values: schema.Values{"name": "Blue", "seats": "4"}}})
	if err != nil {
		t.Fatal(err)
	}
	was, err := s.Table(ctx, "tbl_1")
	if err != nil {
		t.Fatal(err)
	}
	number := []cards.Column{columns[0], {Key: "seats", Name: "Seats", Type: schema.Number}}
	err = s.SetColumnsWhile(ctx, was, number, func() {
		if _, err := s.WriteRows(ctx, "tbl_1", "", []cards.RowWrite{{Row: done[0].ID, Values: schema.Values{"seats": "6"}}}); err != nil {
			t.Error(err)
		}
	})
	if !errors.Is(err, flows.ErrConflict) {
		t.Errorf("changing columns while a row is written is %v, want a conflict", err)
	}
	r, err := s.Row(ctx, "tbl_1", done[0].ID)
	if err != nil || r.Values["seats"] != "6" {
		t.Errorf("the row has %v, %v; want the 6 that was written", r.Values, err)
	}
}
