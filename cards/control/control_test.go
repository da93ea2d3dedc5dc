package control

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"flowdeck/cards"
	"flowdeck/cards/cardtest"
	"flowdeck/cards/schema"
)

func TestExamples(t *testing.T) { cardtest.Run(t, cardtest.World(), If, Return) }

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
		got, err := condition{c.left, c.operator, c.right}.holds(newPatterns())
		if err != nil || got != c.want {
			t.Errorf("%#v %s %#v = %v, %v, want %v", c.left, c.operator, c.right, got, err, c.want)
		}
	}
}

func TestEveryOperatorIsTested(t *testing.T) {
	field, _ := conditionForm.Field("operator")
	for _, o := range field.Options {
		_, err := condition{nil, o.Value, "a"}.holds(newPatterns())
		if err != nil && strings.Contains(err.Error(), "no such comparison") {
			t.Errorf("%s is offered and unknown", o.Value)
		}
	}
}

func TestConditionsSayWhatDoesNotFit(t *testing.T) {
	for _, c := range []struct {
		left     any
		operator string
		right    any
		want     string
	}{
		{"abc", "greater", int64(9), `"is greater than" cannot compare text "abc" with number 9; it needs two numbers, or two texts`},
		{nil, "less", int64(9), `"is less than" cannot compare nothing with number 9; it needs two numbers, or two texts`},
		{true, "less_equals", true, `"is at most" cannot compare true with true; it needs two numbers, or two texts`},
		{schema.Values{}, "contains", "a", `"contains" cannot compare an object with text "a"; it needs text`},
		{"a", "in", int64(3), `"is one of" cannot compare text "a" with number 3; it needs a list, or names with commas between them, on the right`},
		{"a", "matches", "(", "is not a pattern: missing closing ) at \"(\""},
		{"a", "matches", nil, "needs a pattern, got nothing"},
		{"a", "matches", strings.Repeat("a", 5000), "the pattern is longer than 4096 letters"},
		{"a", "has_key", "b", `only an object has keys, got text "a"`},
		{schema.Values{}, "has_key", nil, "needs the name of a key, got nothing"},
		{int64(9), "multiple_of", int64(0), "a multiple can only be of a number other than 0, with fewer than 400 digits"},
		{"x", "multiple_of", int64(3), `"is a multiple of" cannot compare text "x" with number 3; it needs two numbers`},
		{"yes", "is_true", nil, `must be true or false, got text "yes"`},
	} {
		in := schema.Values{"conditions": []any{
			schema.Values{"left": "x", "operator": "equals", "right": "x"},
			schema.Values{"left": c.left, "operator": c.operator, "right": c.right}}}
		_, err := If.Control(&cardtest.Flow{}, in)
		want := "conditions.1: " + c.want
		if e := cards.ErrorOf(err); e == nil || e.Code != cards.CodeInvalidInput || e.Message != want {
			t.Errorf("If = %v\nwant %s", err, want)
		}
	}
}

func TestIfStopsWhenItKnows(t *testing.T) {
	yes, no := schema.Values{"left": "a", "operator": "equals", "right": "a"}, schema.Values{"left": "a", "operator": "equals", "right": "b"}
	broken := schema.Values{"left": "a", "operator": "less", "right": int64(1)}
	for _, c := range []struct {
		match string
		list  []any
		want  string
	}{
		{"all", []any{yes, yes}, "then"}, {"all", []any{yes, no}, "else"}, {"all", []any{no, broken}, "else"},
		{"any", []any{no, no}, "else"}, {"any", []any{no, yes}, "then"}, {"any", []any{yes, broken}, "then"},
	} {
		flow := &cardtest.Flow{}
		out, err := If.Control(flow, schema.Values{"match": c.match, "conditions": c.list})
		if err != nil || out["branch"] != c.want || !reflect.DeepEqual(flow.Ran, []string{c.want}) {
			t.Errorf("%s of %v = %v, %v and ran %v, want %s", c.match, c.list, out, err, flow.Ran, c.want)
		}
	}
}

func TestIfPassesOnWhatItsBlockDid(t *testing.T) {
	yes := schema.Values{"conditions": []any{schema.Values{"left": "a", "operator": "equals", "right": "a"}}}
	failed := errors.New("block failed")
	if _, err := If.Control(&cardtest.Flow{Fails: failed}, yes); !errors.Is(err, failed) {
		t.Errorf("If = %v, want the block's own error", err)
	}
	results := schema.Values{"id": int64(7)}
	out, err := If.Control(&cardtest.Flow{Results: map[string]schema.Values{"then": results}}, yes)
	if want := (schema.Values{"branch": "then", "id": int64(7)}); err != nil || !reflect.DeepEqual(out, want) || len(results) != 1 {
		t.Errorf("If = %v, %v, want %v and the block's result untouched: %v", out, err, want, results)
	}
	_, err = If.Control(&cardtest.Flow{Results: map[string]schema.Values{"then": {"branch": "x"}}}, yes)
	if e := cards.ErrorOf(err); e == nil || e.Code != cards.CodeInvalidInput {
		t.Errorf("If with a result named branch = %v, want invalid_input", err)
	}
	if _, err := If.Control(&cardtest.Flow{}, schema.Values{"conditions": []any{}}); cards.ErrorOf(err).Message != "conditions: is required" {
		t.Errorf("If without conditions = %v", err)
	}
}

func TestPatternsAreBounded(t *testing.T) {
	p := newPatterns()
	for i := range 3 * maxPatterns {
		if _, err := p.compile(fmt.Sprint("^", i, "$")); err != nil {
			t.Fatal(err)
		}
	}
	if len(p.kept) > maxPatterns {
		t.Errorf("%d patterns are kept, want at most %d", len(p.kept), maxPatterns)
	}
	a, _ := p.compile("x")
	if b, _ := p.compile("x"); a != b {
		t.Error("a pattern was compiled twice")
	}
}

func BenchmarkIf(b *testing.B) {
	in := schema.Values{"conditions": []any{
		schema.Values{"left": int64(200), "operator": "equals", "right": "200"},
		schema.Values{"left": "maya@example.com", "operator": "matches", "right": "@example\\.com$"}}}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := If.Control(&cardtest.Flow{}, in); err != nil {
			b.Fatal(err)
		}
	}
}
