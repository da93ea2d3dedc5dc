package expr

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
)

// steps is a Scope for tests.
type steps map[string]any

func (s steps) Lookup(step string) (any, bool) { v, ok := s[step]; return v, ok }

var world = steps{
	"call": map[string]any{"id": int64(42), "name": "Ada", "big": json.Number("12345678901234567890.5"), "on": true, "none": nil, "rate": 0.25},
	"get": map[string]any{
		"status_code": int64(200),
		"headers":     map[string]any{"content-type": "application/json", "x.y": "dotted"},
		"body": map[string]any{
			"items": []any{map[string]any{"id": int64(1), "price": 2.5}, map[string]any{"id": int64(2), "price": int64(4)}},
			"email": "ada@example.test", "in": "keyword",
		},
	},
}

func TestATemplateBecomesItsValue(t *testing.T) {
	for _, c := range []struct {
		src  string
		want any
	}{
		{"", ""},
		{"no braces", "no braces"},
		{"a } b } and { c", "a } b } and { c"},
		{"{{ call.id }}", int64(42)},
		{"{{call.name}}", "Ada"},
		{"id {{ call.id }}!", "id 42!"},
		{"{{ call.id }}{{ call.name }}", "42Ada"},
		{" {{ call.id }}", " 42"},
		{"{{ call }}", world["call"]},
		{"{{ call.big }}", json.Number("12345678901234567890.5")},
		{"n={{ call.big }}", "n=12345678901234567890.5"},
		{"on={{ call.on }} none={{ call.none }} rate={{ call.rate }}", "on=true none= rate=0.25"},
		{"{{ get.body.items[0].id }}", int64(1)},
		{"{{ get.body.items[-1].id }}", int64(2)},
		{"{{ get.body.items[9].id }}", nil},
		{"{{ get.body?.items }}", world["get"].(map[string]any)["body"].(map[string]any)["items"]},
		{`{{ get.headers["content-type"] }}`, "application/json"},
		{`{{ get.headers['content-type'] }}`, "application/json"},
		{`{{ get.headers["x.y"] }}`, "dotted"},
		{"{{ get.body.in }}", "keyword"},
		{"{{ get.nope.nope.nope }}", nil},
		{"{{ call.name.first }}", nil},
		{"{{ gone.body }}", nil},
		{"<{{ gone.body }}>", "<>"},
		{"{{ get.body.items }}!", `[{"id":1,"price":2.5},{"id":2,"price":4}]!`},
		{`{{ get.nope ?? "none" }}`, "none"},
		{`{{ call.name ?? "none" }}`, "Ada"},
		{`{{ get.nope ?? 7 }}`, int64(7)},
		{`{{ get.nope ?? call.id }}`, int64(42)},
		{"{{ call.id + 1 }}", int64(43)},
		{"{{ call.id / 4 }}", 10.5},
		{"{{ call.id / 2 }}", int64(21)},
		{"{{ call.big > 5 }}", true},
		{"{{ call.id == 42 and call.on }}", true},
		{"{{ call.id > 50 ? 'big' : 'small' }}", "small"},
		{"{{ upper(call.name) }}", "ADA"},
		{"{{ len(get.body.items) }}", int64(2)},
		{"{{ map(get.body.items, .id) }}", []any{int64(1), int64(2)}},
		{"{{ sum(get.body.items, .price) }}", 6.5},
		{"{{ filter(get.body.items, .price > 3)[0].id }}", int64(2)},
		{"{{ filter(get.body.items, .nope.deeper == 3) }}", []any{}},
		{"{{ get.body.items[call.id] }}", nil},
		{"{{ let x = call.id; x * 2 }}", int64(84)},
		{"{{ split('a,b', ',') }}", []any{"a", "b"}},
		{"{{ split('a,b', ',')[1] }}", "b"},
		{"{{ groupBy([1, 2, 3], # > 1 ? 'big' : 'small').big[0] }}", int64(2)},
		{"{{ join(['a', 1, nil], '-') }}", "a-1-"},
		{`{{ {"a": {"b": call.id}} }}`, map[string]any{"a": map[string]any{"b": int64(42)}}},
		{"{{ '}}' }}", "}}"},
		{`{{ "{{" }}`, "{{"},
		{"{{ string(get.body.items[0]) }}", `{"id":1,"price":2.5}`},
		{`{{ fromJSON('{"n": 12345678901234567890.5}') }}`, map[string]any{"n": json.Number("12345678901234567890.5")}},
		{"{{ call.name contains 'd' }}", true},
		{"{{ call.name | upper() }}", "ADA"},
		{"{{ date('2026-01-31').Year() }}", int64(2026)},
	} {
		tmpl, err := Parse(c.src)
		if err != nil {
			t.Errorf("Parse(%q): %v", c.src, err)
			continue
		}
		got, err := tmpl.Eval(world)
		if err != nil || !reflect.DeepEqual(got, c.want) {
			t.Errorf("Eval(%q) = %#v, %v; want %#v", c.src, got, err, c.want)
		}
	}
}

func TestAMistakeIsNamedWithItsPlace(t *testing.T) {
	for _, c := range []struct{ src, want string }{
		{"https://x/{{ call.id", "column 11: {{ is never closed"},
		{"a\nüb {{ call.id", "line 2, column 4: {{ is never closed"},
		{"{{ }}", "column 3: there is nothing between {{ and }}"},
		{"{{ call. }}", "column 8: the expression ends too soon"},
		{"{{ call.id + }}", "column 12: the expression ends too soon"},
		{"{{ it's }}", "column 6: this quote is never closed, and so neither is {{"},
		{"{{ now() }}", "column 4: there is no function named now"},
		{"{{ nope(1) }}", "column 4: there is no function named nope"},
		{"{{ $env.call }}", "column 4: $env is not a step"},
		{"{{ call.first name }}", `column 15: unexpected "name"`},
		{"{{ " + strings.Repeat("x", 10_001) + " }}", "column 4: an expression may have 10000 characters at most"},
	} {
		if _, err := Parse(c.src); err == nil || err.Error() != c.want {
			t.Errorf("Parse(%.40q) = %v, want %s", c.src, err, c.want)
		}
	}
}

func TestAnExpressionFailsWithWordsAndNeverPanics(t *testing.T) {
	long := make([]any, 2000)
	scope := steps{"a": map[string]any{"list": long, "text": strings.Repeat("x", 20<<20), "n": int64(1)}}
	for _, c := range []struct{ src, want string }{
		{"{{ a.n + 'x' }}", "{{ a.n + 'x' }}: invalid operation: number + text"},
		{"{{ a.nope + 1 }}", "{{ a.nope + 1 }}: invalid operation: nothing + number"},
		{"{{ a.n ? 1 : 2 }}", "{{ a.n ? 1 : 2 }}: this is a number, where true or false is due"},
		{"{{ a.n / 0 }}", "{{ a.n / 0 }}: something is divided by zero"},
		{"{{ a.text + a.text }}", "{{ a.text + a.text }}: the text would be longer than 32 MiB"},
		{"{{ count(a.list, count(a.list, true) > 0) }}", "{{ count(a.list, count(a.list, true) > 0) }}: the expression looks at more than 1,000,000 items"},
		{"{{ 1..10000000 }}", "{{ 1..10000000 }}: the expression makes lists and objects of more than 1,000,000 items in all"},
		{"{{ replace(a.text, 'x', 'xxx') }}", "{{ replace(a.text, 'x', 'xxx') }}: the text would be longer than 32 MiB"},
		{"{{ a.text }}{{ a.text }}", "the text would be longer than 32 MiB"},
		{"{{ repeat(a.text, 1000000) }}", "{{ repeat(a.text, 1000000) }}: the text would be longer than 32 MiB"},
		{"{{ repeat('x', -1) }}", "{{ repeat('x', -1) }}: repeat takes a text and how often, not a number below 0"},
		{"{{ join(a.list, a.text) }}", "{{ join(a.list, a.text) }}: the text would be longer than 32 MiB"},
		{"{{ map(a.list, a.text + 'x') }}", "{{ map(a.list, a.text + 'x') }}: the expression makes more than 256 MiB"},
		{"{{ map(a.list, [toBase64(a.text)]) }}", "{{ map(a.list, [toBase64(a.text)]) }}: the expression makes more than 256 MiB"},
		{"{{ map(1..1000, sort(1..10000)) }}", "{{ map(1..1000, sort(1..10000)) }}: the expression makes lists and objects of more than 1,000,000 items in all"},
		{"{{ map(1..1000, fromJSON('[' + repeat('0,', 100000) + '0]')) }}", "{{ map(1..1000, fromJSON('[' + repeat('0,', 100000) + '0]')) }}: the expression makes more than 256 MiB"},
	} {
		tmpl, err := Parse(c.src)
		if err != nil {
			t.Errorf("Parse(%q): %v", c.src, err)
			continue
		}
		if v, err := tmpl.Eval(scope); err == nil || err.Error() != c.want {
			t.Errorf("Eval(%q) = %.40v, %v; want %s", c.src, v, err, c.want)
		}
	}
}

func TestWordsOfTheLanguageArePlain(t *testing.T) {
	for message, want := range map[string]string{
		"runtime error: integer divide by zero":        "something is divided by zero",
		"invalid integer literal":                      "invalid whole number literal",
		"invalid operation: negative shift (type int)": "invalid operation: negative shift (type number)",
	} {
		if got := plain(message); got != want {
			t.Errorf("plain(%q) = %q, want %q", message, got, want)
		}
	}
}

func TestReferencesSayWhereTheyStand(t *testing.T) {
	tmpl, err := Parse("é {{ get.body.items[0].id }}\n{{ call.id + len(get.headers['x.y']) + (let z = 1; z) }}")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range tmpl.References() {
		got = append(got, strings.Join([]string{r.String(), Text(int64(r.Line)), Text(int64(r.Column))}, " "))
	}
	want := []string{"get.body.items[0].id 1 6", "call.id 2 4", `get.headers["x.y"] 2 18`}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestSegmentsArePillsAndText(t *testing.T) {
	got := Segments(`a {{ call.id }} b {{ call.name ?? "x" }}{{ 1 + }}{{ len(call.id) }} {{ open`)
	type short struct {
		text, src, err string
		simple, or     bool
		fallback       any
	}
	var list []short
	for _, s := range got {
		list = append(list, short{s.Text, s.Src, s.Err, s.Simple, s.Or, s.Fallback})
	}
	want := []short{
		{text: "a "}, {src: "call.id", simple: true}, {text: " b "}, {src: `call.name ?? "x"`, or: true, fallback: "x"},
		{src: "1 +", err: "the expression ends too soon"}, {src: "len(call.id)"}, {text: " {{ open"},
	}
	if !reflect.DeepEqual(list, want) {
		t.Errorf("got  %+v\nwant %+v", list, want)
	}
}

func TestRenameKeepsEverythingElse(t *testing.T) {
	names := map[string]string{"get": "get_2", "a": "b"}
	for _, c := range []struct{ src, want string }{
		{"x {{ get.body }} get {{ call.get }}", "x {{ get_2.body }} get {{ call.get }}"},
		{"{{get.body + get.a + a.get}}", "{{ get_2.body + get_2.a + b.get }}"},
		{`{"k": "{{ get.headers[\"x-y\"] }}", "get": {{get}}}`, `{"k": "{{ get_2.headers[\"x-y\"] }}", "get": {{ get_2 }}}`},
		{"{{ get. }}", "{{ get. }}"},
		{"{{ get", "{{ get"},
	} {
		if got := Rename(c.src, names); got != c.want {
			t.Errorf("Rename(%q) = %q, want %q", c.src, got, c.want)
		}
	}
}
