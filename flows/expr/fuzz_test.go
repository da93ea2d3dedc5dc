package expr

import (
	"bytes"
	"encoding/json"
	"testing"
	"time"
	"unicode/utf8"

	"flowdeck/cards/schema"
)

// FuzzTemplate looks for text that makes parsing or evaluating panic or hang, and
// for templates that change by being cut into pieces or renamed to the same names.
func FuzzTemplate(f *testing.F) {
	for _, s := range []string{
		"", "a {{ call.id }} b", `{{ get.headers["x"] ?? "y" }}`, "{{ map(get.body.items, .id) }}", "{{ let x = 1; x + call.id }}",
		"{{ {\"a\": 1} }}", "{{ 1..5 | sum() }}", "{{", "}}", "{{ 'a }}", `{{ \"a\" }}`, "{{ reduce(get.body.items, #acc + .price, 0) }}",
		"{{ sortBy(get.body.items, .price) }}", "{{ call.big * 2 }}", "{{ date('2026-01-31') }}", "{{ get?.body?.[call.id] }}", "{{ get.body.items[0:1] }}",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, src string) {
		if len(src) > 2000 {
			return
		}
		Segments(src)
		if got := Rename(src, nil); got != src {
			t.Errorf("Rename(%q, nil) = %q", src, got)
		}
		tmpl, err := Parse(src)
		if err != nil {
			if e := err.(*Error); e.Line < 1 || e.Column < 1 {
				t.Errorf("Parse(%q) = %+v: no place", src, e)
			}
			return
		}
		began := time.Now()
		v, err := tmpl.Eval(world)
		if took := time.Since(began); took > 5*time.Second {
			t.Errorf("Eval(%q) took %v", src, took)
		}
		if err != nil {
			return
		}
		if _, err := json.Marshal(v); err != nil {
			t.Errorf("Eval(%q) = %#v, which is not a value: %v", src, v, err)
		}
	})
}

// FuzzJSON checks ParseJSON against encoding/json on text without templates.
func FuzzJSON(f *testing.F) {
	for _, s := range []string{`{"a": [1, 2.5e3, "x\u00e9", null]}`, `{"a": {{ call.id }}}`, `"{{ call.name }}"`, `[`, `{"a":1,"a":2}`, `-0`, `1e400`, `1000000e10`, `"\ud800"`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, src string) {
		if !utf8.ValidString(src) { // documents are JSON, so their texts are valid
			return
		}
		n, err := ParseJSON(src)
		if err != nil {
			return
		}
		v, err := n.Eval(world)
		if err != nil || bytes.Contains([]byte(src), []byte("{{")) {
			return
		}
		dec := json.NewDecoder(bytes.NewReader([]byte(src)))
		dec.UseNumber()
		var want any
		if err := dec.Decode(&want); err != nil {
			t.Fatalf("ParseJSON(%q) = %#v, encoding/json: %v", src, v, err)
		}
		text, err := appendJSON(nil, v)
		if err != nil {
			t.Fatal(err)
		}
		again, err := ParseJSON(string(text))
		if err != nil {
			t.Fatalf("ParseJSON(%s), written from %q: %v", text, src, err)
		}
		if back, _ := again.Eval(nil); !schema.Equal(back, v) { // 1e16 is written with its digits, and read as a whole number
			t.Errorf("%q reads as %#v, written and read again as %#v", src, v, back)
		}
	})
}
