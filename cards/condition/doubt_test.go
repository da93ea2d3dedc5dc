package condition

import (
	"testing"

	"flowdeck/cards/schema"
)

func TestTypesThatDoNotFitAreDoubted(t *testing.T) {
	number, text, boolean := schema.Expected(schema.Number), schema.Expected(schema.Text), schema.Expected(schema.Boolean)
	list, object, date := schema.Expected(schema.List), schema.Expected(schema.Object), schema.Expected(schema.Date)
	for _, c := range []struct {
		left     any
		operator string
		right    any
		doubted  bool
	}{
		{number, "equals", "ten", true}, {number, "equals", "10", false}, {number, "equals", int64(10), false}, {"10", "equals", number, false},
		{text, "equals", int64(3), true}, {text, "equals", "a", false}, {boolean, "equals", "true", true}, {boolean, "equals", true, false},
		{schema.Later, "equals", "x", false}, {date, "equals", "2026-01-01", false}, {list, "equals", "a", true}, {text, "equals", nil, false},
		{list, "greater", int64(3), true}, {object, "less", int64(3), true}, {number, "greater", "9", false}, {text, "greater", "b", false},
		{object, "contains", "a", true}, {list, "contains", "a", false}, {list, "starts_with", "a", true}, {number, "contains", "1", false},
		{number, "is_true", nil, true}, {boolean, "is_true", nil, false}, {text, "is_true", nil, false},
		{list, "has_key", "a", true}, {object, "has_key", "a", false}, {text, "in", number, true}, {text, "in", list, false},
		{object, "multiple_of", int64(2), true}, {number, "is_empty", nil, false},
	} {
		if why := Clash(c.left, c.operator, c.right); (why != "") != c.doubted {
			t.Errorf("%v %s %v: %q, want doubt: %v", c.left, c.operator, c.right, why, c.doubted)
		}
	}
	in := schema.Values{"conditions": []any{schema.Values{"left": number, "operator": "equals", "right": "1"}},
		"groups": []any{schema.Values{"conditions": []any{schema.Values{"left": number, "operator": "equals", "right": "x"}}}}}
	got := Doubts(in)
	if len(got) != 1 || got[0].Field != "groups.0.conditions.0" || got[0].Message != `compares a number with text "x": they are never equal. Convert one of them first` {
		t.Errorf("Doubts = %v", got)
	}
}
