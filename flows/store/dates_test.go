package store_test

import (
	"path/filepath"
	"testing"

	"flowdeck/cards"
	"flowdeck/cards/schema"
	"flowdeck/flows/store"
)

// Rows of an older Flowdeck had their dates compared as text.
func TestUniqueDatesOfAnOlderFlowdeckAreInstants(t *testing.T) {
	path, ctx := filepath.Join(t.TempDir(), "flowdeck.db"), t.Context()
	s := open(t, path, store.Options{})
	if err := s.CreateTable(ctx, cards.Table{ID: "tbl_1", Name: "Days", Columns: []cards.Column{{Key: "due", Name: "Due", Type: schema.Date, Unique: true}}}); err != nil {
		t.Fatal(err)
	}
	write := func(s *store.Store, w cards.RowWrite) (cards.Written, error) {
		done, err := s.WriteRows(ctx, "tbl_1", "", []cards.RowWrite{w})
		if err != nil {
			return cards.Written{}, err
		}
		return done[0], nil
	}
	day := func(text string) schema.Values { return schema.Values{"due": text} }
	first, err := write(s, cards.RowWrite{Values: day("2026-03-01T10:30:00+01:00")})
	if err != nil {
		t.Fatal(err)
	}
	second, err := write(s, cards.RowWrite{Values: day("2026-04-01")})
	if err != nil {
		t.Fatal(err)
	}
	// Two rows of one instant are found as they were, and nothing ends the start.
	if err := s.OldDateKeys(ctx, map[string]string{first.ID: "=2026-03-01T10:30:00+01:00", second.ID: "=2026-03-01T09:30:00Z"}); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = open(t, path, store.Options{})
	if _, err := write(s, cards.RowWrite{Values: day("2026-03-01T09:30:00.0Z")}); err == nil {
		t.Error("an instant that a row of before has is written again")
	}
	done, err := write(s, cards.RowWrite{Match: "due", Values: day("2026-03-01T09:30:00.0Z")})
	if err != nil || done.New {
		t.Errorf("a row of before is matched: %+v, %v", done, err)
	}
}
