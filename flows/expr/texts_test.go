package expr

import (
	"encoding/json"
	"fmt"
	"reflect"
	"testing"
)

var things = steps{"n": map[string]any{
	"none": nil, "text": "Grüße 🎈x", "id": int64(7), "name": "b", "words": []any{"b", "a"},
	"long": json.Number("9223372036854775808"), "list": []any{int64(3), json.Number("9223372036854775808"), 2.5, int64(1)},
	"rows":   []any{map[string]any{"k": json.Number("9223372036854775808"), "n": "x"}, map[string]any{"k": int64(5), "n": "y"}, map[string]any{"k": int64(5), "n": "z"}},
	"object": map[string]any{"a": int64(1), "b": int64(2), "c": int64(3), "d": int64(4), "e": int64(5), "f": int64(6), "g": int64(7), "h": int64(8)},
}}

// means checks what expressions are; an error is its reason.
func means(t *testing.T, scope Scope, cases map[string]any) {
	t.Helper()
	for src, want := range cases {
		tmpl, err := Parse("{{ " + src + " }}")
		if err != nil {
			t.Errorf("Parse(%s): %v", src, err)
			continue
		}
		got, err := tmpl.Eval(scope)
		if e, ok := err.(*Error); ok {
			got = fmt.Errorf("%s", e.Why())
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s = %#v, want %#v", src, got, want)
		}
	}
}

// len, and the cards, count letters. Half of one is no text.
func TestPlacesInATextCountLetters(t *testing.T) {
	means(t, things, map[string]any{
		"n.text[0:3]":                       "Grü",
		"n.text[:4] + n.text[4:] == n.text": true,
		"n.text[-2:]":                       "🎈x",
		"n.text[:-1]":                       "Grüße 🎈",
		"n.text[2:1]":                       "",
		"n.text[9:]":                        "",
		"n.text[:len(n.text)] == n.text":    true,
		"indexOf(n.text, 'x')":              int64(7),
		"lastIndexOf(n.text, 'ß')":          int64(3),
		"indexOf(n.text, 'q')":              int64(-1),
		"n.text[indexOf(n.text, '🎈'):]":     "🎈x",
		"n.words[1:]":                       []any{"a"},
		"split('a,b,c', ',')[-2:]":          []any{"b", "c"},
		"n.words[:4 / 4]":                   []any{"b"},
		"n.text[n.none:]":                   fmt.Errorf("a part begins at a number, not at nothing"),
		"fromBase64('R3LDvA==')":            "Grü",
		"fromBase64('/w==')":                fmt.Errorf("fromBase64: what this Base64 holds is not text"),
	})
}

func TestADateIsTextWithoutQuotes(t *testing.T) {
	means(t, things, map[string]any{
		"string(date('2026-01-31'))":                          "2026-01-31T00:00:00Z",
		"join([date('2026-01-31'), 1], ' ')":                  "2026-01-31T00:00:00Z 1",
		"keys(groupBy([date('2026-01-31')], #))":              []any{"2026-01-31T00:00:00Z"},
		"toJSON({d: date('2026-01-31')})":                     `{"d":"2026-01-31T00:00:00Z"}`,
		"date('2026-01-31').AddDate(0, 0, n.id).Day()":        int64(7),
		"date('2026-01-31').AddDate(0, 0, n.id / 7).Month()":  "February",
		"date('2026-01-31').AddDate(0, 1, 0).Format('01/02')": "03/03",
	})
}

// A loop may make many texts, by way of a method too.
func TestTextsThatADateMakesAreCounted(t *testing.T) {
	means(t, things, map[string]any{
		"let b = repeat('x', 3000000); let d = date('2026-01-31'); len(map(1..200, d.Format(b)))": fmt.Errorf("the expression makes more than 256 MiB"),
	})
}

func TestATextIsNotCutIntoMorePartsThanAListMayHave(t *testing.T) {
	items := fmt.Errorf("the expression makes lists and objects of more than 1,000,000 items in all")
	means(t, things, map[string]any{
		"len(split(repeat('x', 3000000), ''))":        items,
		"len(splitAfter(repeat('x,', 3000000), ','))": items,
		"len(split(repeat('x', 3000000), '', 2))":     int64(2),
		"split('a,b', ',')":                           []any{"a", "b"},
		"splitAfter('a,b,c', ',', 2)":                 []any{"a,", "b,c"},
	})
}
