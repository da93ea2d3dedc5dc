package table

import (
	"testing"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

// A number is the same however it is written, so a unique column cannot have it twice.
func TestLinesWithTheSameUniqueNumber(t *testing.T) {
	orders := cards.Table{Name: "Orders", Columns: []cards.Column{{Key: "no", Name: "No", Type: schema.Number, Unique: true}, {Key: "note", Name: "Note", Type: schema.Text, Unique: true}}}
	sheet, err := ReadSheet("no,note\n1,1\n1.0,1.0\n1e0,a\n 2,b\n2,c\n,\n,\n", "auto")
	if err != nil {
		t.Fatal(err)
	}
	list, _, wrong := sheet.Writes(orders, sheet.Guess(orders), "", 100)
	if len(list) != 4 || len(wrong) != 3 || wrong[0].Line != 3 || wrong[1].Line != 4 || wrong[2].Line != 6 || wrong[0].Column != "No" {
		t.Errorf("%d rows, wrong are %v, want the lines 3, 4 and 6", len(list), wrong)
	}
}

// A date is the same in whatever time zone it is written.
func TestLinesWithTheSameUniqueDate(t *testing.T) {
	days := cards.Table{Name: "Days", Columns: []cards.Column{{Key: "due", Name: "Due", Type: schema.Date, Unique: true}}}
	sheet, err := ReadSheet("due\n2026-03-01T10:30:00+01:00\n2026-03-01T09:30:00.00Z\n2026-03-01\n 2026-03-01T00:00:00Z\n2026-03-02\n", "auto")
	if err != nil {
		t.Fatal(err)
	}
	list, _, wrong := sheet.Writes(days, sheet.Guess(days), "due", 100)
	if len(list) != 3 || len(wrong) != 2 || wrong[0].Line != 3 || wrong[1].Line != 5 {
		t.Errorf("%d rows, wrong are %v, want the lines 3 and 5", len(list), wrong)
	}
}
