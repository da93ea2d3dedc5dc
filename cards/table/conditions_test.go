package table

import (
	"testing"

	"flowdeck/cards"
	"flowdeck/cards/condition"
	"flowdeck/cards/pattern"
	"flowdeck/cards/schema"
)

var due = cards.Table{Name: "Tasks", Columns: []cards.Column{{Key: "due", Name: "Due", Type: schema.Date, Unique: true}, {Key: "code", Name: "Code", Type: schema.Text, Unique: true}}}

func where(t *testing.T, column, operator string, right any) cards.RowQuery {
	t.Helper()
	q, err := whereInput{Conditions: []test{{Column: column, Operation: condition.Operation{Operator: operator}, Right: right}}}.query(due, pattern.New())
	if err != nil {
		t.Fatal(err)
	}
	return q
}

// Dates are compared as times where they are compared as wholes, and as they are written
// where a part of them is looked for.
func TestDatesInConditions(t *testing.T) {
	row := cards.Row{ID: "row_1", Values: schema.Values{"due": "2026-03-01T10:00:00+01:00"}}
	for _, c := range []struct {
		operator string
		right    any
		want     bool
	}{
		{"equals", "2026-03-01T09:00:00Z", true},
		{"less", "2026-03-02", true},
		{"in", []any{"2026-02-01", "2026-03-01T09:00:00Z"}, true},
		{"in", "2026-02-01, 2026-03-01T09:00:00Z", true},
		{"in", `["2026-03-01T09:00:00Z"]`, true},
		{"in", "2026-02-01, soon", false},
		{"not_in", []any{"2026-03-01T10:00:00+01:00"}, false},
		{"not_in", "2026-03-01T09:00:00Z", false},
		{"not_in", []any{"2026-02-01", nil}, true},
		{"starts_with", "2026-03", true},
		{"contains", "-03-", true},
		{"not_contains", "2026", false},
		{"ends_with", "+01:00", true},
		{"matches", "^2026-0[1-3]", true},
	} {
		if got, err := where(t, "due", c.operator, c.right).Match(row); err != nil || got != c.want {
			t.Errorf("due %s %v = %v, %v, want %v", c.operator, c.right, got, err, c.want)
		}
	}
}

// A unique column leads straight to a row only by what is the same when it is written.
func TestConditionsThatLeadToOneRow(t *testing.T) {
	for _, c := range []struct {
		column string
		right  any
		leads  bool
	}{{"code", "7", true}, {"code", int64(7), false}, {"due", "2026-03-01T09:00:00Z", false}} {
		if q := where(t, c.column, "equals", c.right); (q.Key != "") != c.leads {
			t.Errorf("%s equals %v leads by %q, want it: %v", c.column, c.right, q.Key, c.leads)
		}
	}
}
