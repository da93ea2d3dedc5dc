package control

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"flowdeck/cards"
	"flowdeck/cards/cardtest"
	"flowdeck/cards/schema"
)

func TestExamples(t *testing.T) {
	cardtest.Run(t, cardtest.World(), If, Return, Wait, Callback, Call, Start)
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
