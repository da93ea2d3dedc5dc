package expr

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
)

func TestJSONWithPillsBecomesItsValue(t *testing.T) {
	for _, c := range []struct {
		src  string
		want any
	}{
		{`{}`, map[string]any{}},
		{` [1, 2.5, -3e2, "a", true, null] `, []any{int64(1), 2.5, int64(-300), "a", true, nil}},
		{`{"id": {{ call.id }}, "text": "{{ call.id }}"}`, map[string]any{"id": int64(42), "text": "42"}},
		{`{{ get.body.email }}`, "ada@example.test"},
		{`"{{ get.body.items[0] }}"`, `{"id":1,"price":2.5}`},
		{`{"a": "x \"{{ get.headers["content-type"] }}\" y"}`, map[string]any{"a": `x "application/json" y`}},
		{`{"a": "{{ get.headers[\"content-type\"] }}"}`, map[string]any{"a": "application/json"}},
		{`{"{{ call.name }}-key": 1}`, map[string]any{"Ada-key": int64(1)}},
		{`"caf\u00e9 \ud83d\ude00 \n\t\/"`, "café 😀 \n\t/"},
		{`"{ not a pill }"`, "{ not a pill }"},
		{`12345678901234567890`, json.Number("12345678901234567890")},
		{`0.1`, 0.1},
		{`[[{{ call.on }}]]`, []any{[]any{true}}},
		{`{"n": {{ {"a": 1} }} }`, map[string]any{"n": map[string]any{"a": int64(1)}}},
	} {
		n, err := ParseJSON(c.src)
		if err != nil {
			t.Errorf("ParseJSON(%q): %v", c.src, err)
			continue
		}
		got, err := n.Eval(world)
		if err != nil || !reflect.DeepEqual(got, c.want) {
			t.Errorf("Eval(%q) = %#v, %v; want %#v", c.src, got, err, c.want)
		}
	}
}

func TestWrongJSONIsNamedWithItsPlace(t *testing.T) {
	for _, c := range []struct{ src, want string }{
		{``, "column 1: a value is due, but there is the end"},
		{`{"a": 1,}`, `column 9: a name in "quotes" is due, but there is }`},
		{"{\n  \"a\": yes\n}", `line 2, column 8: text needs "quotes" around it: yes`},
		{"{\n  \"é\": {{ call.id }\n}", "line 2, column 8: {{ is never closed"},
		{`{"a" 1}`, "column 6: a : is due after the name, but there is 1"},
		{`[1 2]`, "column 4: a , or ] is due, but there is 2"},
		{`{"a": 1, "a": 2}`, `column 10: the name "a" is there twice`},
		{`"abc`, "column 1: this text is never closed"},
		{"\"ab\nc\"", `line 1, column 4: this text breaks off at the end of the line; write \n for a line break`},
		{`01`, "column 1: this is not a number"},
		{`{} x`, "column 4: nothing may follow here, but there is x"},
		{`{{ call.id }} x`, "column 15: nothing may follow here, but there is x"},
		{`"\q"`, `column 2: after \ comes one of " \ / b f n r t or u and four digits`},
		{`{"a": {{ 1 + }}}`, "column 12: the expression ends too soon"},
	} {
		if _, err := ParseJSON(c.src); err == nil || err.Error() != c.want {
			t.Errorf("ParseJSON(%q) = %v, want %s", c.src, err, c.want)
		}
	}
}

func TestAValueKnowsThePathOfItsMistakes(t *testing.T) {
	_, errs := Value(map[string]any{"list": []any{map[string]any{"a.b": "{{"}}, "ok": "{{ call.id }}", "x": "{{ 1 + }}"})
	var got []string
	for _, e := range errs {
		got = append(got, e.Path+": "+e.Error())
	}
	want := []string{`list.0.a\.b: column 1: {{ is never closed`, "x: column 6: the expression ends too soon"}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	n, errs := Value(map[string]any{"list": []any{"{{ call.id / 0 }}"}})
	if errs != nil {
		t.Fatal(errs)
	}
	if _, err := n.Eval(world); err == nil || err.(*Error).Path != "list.0" {
		t.Errorf("Eval = %v, want an error at list.0", err)
	}
}

func TestNumbersKeepTheirDigits(t *testing.T) {
	for _, c := range []struct {
		src  string
		want any
	}{
		{"0", int64(0)}, {"-7", int64(-7)}, {"9223372036854775807", int64(9223372036854775807)},
		{"9223372036854775808", json.Number("9223372036854775808")}, {"1.50", 1.5}, {"0.1", 0.1}, {"1e3", int64(1000)},
		{"0.1000000000000000055511151231257827", json.Number("0.1000000000000000055511151231257827")},
		{"1e400", json.Number("1e400")}, {"1e-400", json.Number("1e-400")}, {"123456789012345678901234567890", json.Number("123456789012345678901234567890")},
	} {
		if got := Number(c.src); got != c.want {
			t.Errorf("Number(%q) = %#v, want %#v", c.src, got, c.want)
		}
	}
}

func TestLongJSONIsReadInTheSpaceItNeeds(t *testing.T) {
	src := "[" + strings.Repeat("1, ", 200_000) + "12345678901234567890]"
	tmpl, err := Parse("{{ fromJSON(a.text) }}")
	if err != nil {
		t.Fatal(err)
	}
	allocated := testing.Benchmark(func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			v, err := tmpl.Eval(steps{"a": map[string]any{"text": src}})
			list, _ := v.([]any)
			if err != nil || len(list) != 200_001 || list[0] != int64(1) || list[200_000] != json.Number("12345678901234567890") {
				b.Fatalf("got a list of %d, %v", len(list), err)
			}
		}
	}).AllocedBytesPerOp()
	if most := int64(64 * len(src)); allocated > most {
		t.Errorf("%d bytes of JSON took %d bytes, want at most %d", len(src), allocated, most)
	}
	for _, bad := range []string{src + "x", src[1:], strings.Repeat("[", 40_000) + strings.Repeat("]", 40_000)} {
		if v, err := tmpl.Eval(steps{"a": map[string]any{"text": bad}}); err == nil {
			t.Errorf("%.20q… = %.40v, want an error", bad, v)
		}
	}
}
