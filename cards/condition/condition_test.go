package condition

import (
	"strings"
	"testing"

	"flowdeck/cards/pattern"
	"flowdeck/cards/schema"
)

func TestConditions(t *testing.T) {
	list, object := []any{"a", int64(2)}, schema.Values{"id": int64(7), "8": nil}
	big := "12345678901234567890"
	for _, c := range []struct {
		left     any
		operator string
		right    any
		want     bool
	}{
		{int64(1), "equals", 1.0, true}, {int64(200), "equals", "200", true}, {"200", "equals", int64(200), true}, {int64(200), "equals", "200.0", true},
		{"Maya", "equals", "maya", false}, {"007", "equals", "7", false}, {"007", "equals", int64(7), false}, {true, "equals", "true", false},
		{true, "equals", true, true}, {nil, "equals", nil, true}, {nil, "equals", "", true}, {"", "equals", nil, true}, {nil, "equals", false, false},
		{int64(0), "equals", "", false}, {list, "equals", []any{"a", 2.0}, true}, {"a", "not_equals", "b", true},
		{int64(80), "greater", int64(9), true}, {"80", "greater", "9", true}, {"80", "greater", int64(9), true}, {"b", "greater", "a", true},
		{"80", "greater", "9a", false}, {big + "1", "greater", big, true}, {int64(9), "greater_equals", 9.0, true}, {1.5, "less", int64(2), true},
		{int64(2), "less_equals", int64(1), false}, {"2026-03-01", "less", "2026-10-01", true},
		{"a", "in", list, true}, {"2", "in", list, true}, {"b", "in", list, false}, {"AT", "in", "DE, AT", true}, {"AT", "in", `["DE","AT"]`, true},
		{int64(2), "in", "1,2,3", true}, {"AT", "not_in", "DE", true}, {nil, "in", "DE", false},
		{"haystack", "contains", "st", true}, {list, "contains", "a", true}, {list, "contains", int64(2), true}, {nil, "contains", "a", false},
		{int64(1207), "contains", "20", true}, {"abc", "not_contains", "x", true}, {"abc", "starts_with", "ab", true}, {"abc", "ends_with", "ab", false},
		{nil, "starts_with", "a", false}, {"abc", "matches", "^a.c$", true}, {"abc", "matches", "b", true}, {int64(42), "matches", `^\d+$`, true}, {nil, "matches", "a", false},
		{object, "has_key", "id", true}, {object, "has_key", int64(8), true}, {object, "has_not_key", "x", true}, {nil, "has_key", "x", false}, {nil, "has_not_key", "x", true},
		{nil, "is_empty", nil, true}, {"", "is_empty", nil, true}, {[]any{}, "is_empty", nil, true}, {schema.Values{}, "is_empty", nil, true},
		{int64(0), "is_empty", nil, false}, {false, "is_empty", nil, false}, {" ", "is_not_empty", nil, true},
		{true, "is_true", nil, true}, {"true", "is_true", nil, true}, {nil, "is_true", nil, false}, {nil, "is_false", nil, false}, {false, "is_false", nil, true},
		{int64(9), "multiple_of", int64(3), true}, {"9", "multiple_of", "2", false}, {0.3, "multiple_of", 0.1, true},
	} {
		got, err := Of(c.left, Operation{c.operator}, c.right).Holds(pattern.New())
		if err != nil || got != c.want {
			t.Errorf("%#v %s %#v = %v, %v, want %v", c.left, c.operator, c.right, got, err, c.want)
		}
	}
}

func TestEveryOperatorIsTested(t *testing.T) {
	field, _ := conditionForm.Field("operator")
	for _, o := range field.Options {
		_, err := Of(nil, Operation{o.Value}, "a").Holds(pattern.New())
		if err != nil && strings.Contains(err.Error(), "no such comparison") {
			t.Errorf("%s is offered and unknown", o.Value)
		}
	}
}
