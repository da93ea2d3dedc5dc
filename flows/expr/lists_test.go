package expr

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
)

// A run that goes on after a crash evaluates an expression again: it must give the same.
func TestAnObjectIsTakenApartInTheOrderOfItsKeys(t *testing.T) {
	for range 20 {
		means(t, things, map[string]any{
			"join(keys(n.object))":                     "abcdefgh",
			"join(values(n.object))":                   "12345678",
			"join(map(toPairs(n.object), #[0]))":       "abcdefgh",
			"toPairs({b: 2, a: 1})":                    []any{[]any{"a", int64(1)}, []any{"b", int64(2)}},
			"keys(groupBy([2, 1, 3, 5, 4], #))":        []any{int64(1), int64(2), int64(3), int64(4), int64(5)},
			"fromPairs(toPairs(n.object)) == n.object": true,
		})
	}
	means(t, things, map[string]any{"keys(n.none)": fmt.Errorf("keys takes an object, not nothing")})
}

func TestAllNumbersHaveAPlaceInAnOrder(t *testing.T) {
	long := json.Number("9223372036854775808")
	means(t, things, map[string]any{
		"sort(n.list)":                              []any{int64(1), 2.5, int64(3), long},
		`sort(n.list, "desc")[0]`:                   long,
		"map(sortBy(n.rows, .k), .n)":               []any{"y", "z", "x"},
		`map(sortBy(n.rows, .k, "desc"), .n)`:       []any{"x", "y", "z"},
		"sortBy([[3, 1], [2]], sum(sortBy(#, -#)))": []any{[]any{int64(2)}, []any{int64(3), int64(1)}},
		"sortBy(n.words, #)[0] + n.name":            "ab",
		"sort(n.none)":                              []any{},
		"sort(n.text)":                              fmt.Errorf("sort takes a list, not text"),
		`sort(n.list, n.name)`:                      fmt.Errorf(`sort goes "asc" or "desc", not text "b"`),
		"uniq([1, 1.0, n.long, n.long, '1', nil, n.object, n.object])": []any{int64(1), long, "1", nil, things["n"].(map[string]any)["object"]},
		"take(n.words, 2 / 2)": []any{"b"},
		"take(n.words, -1)":    fmt.Errorf("take takes a list and how many items, not number -1"),
		"type(n.long)":         "int",
	})
}

// Few letters make a list that holds itself in two places, many times over.
func TestWhatIsSharedIsNotLookedAtWithoutAnEnd(t *testing.T) {
	var src strings.Builder
	src.WriteString("let a0 = [1, 1]; let b0 = [1, 1]; ")
	for i := range 60 {
		fmt.Fprintf(&src, "let a%d = [a%d, a%d]; let b%d = [b%d, b%d]; ", i+1, i, i, i+1, i, i)
	}
	items := "the expression makes lists and objects of more than 1,000,000 items in all"
	for end, want := range map[string]string{
		"a60 == b60": "the values are too large to be compared", "a60 != b60": "the values are too large to be compared", "a60 in [b60]": "the values are too large to be compared",
		"{x: a60} == {x: b60}": "the values are too large to be compared",
		"flatten(a60)":         items, "max(a60)": items, "min(a60)": items, "mean(a60)": items, "median(a60)": items,
		"uniq([a60])": "the text would be longer than 32 MiB",
	} {
		tmpl, err := Parse("{{ " + src.String() + end + " }}")
		if err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		if _, err = tmpl.Eval(things); err == nil || err.(*Error).Why() != want {
			t.Errorf("%s: %.200v, want %s", end, err, want)
		}
		if took := time.Since(began); took > 20*time.Second {
			t.Errorf("%s took %v", end, took)
		}
	}
	means(t, things, map[string]any{"len(uniq(map(1..200000, string(#))))": int64(200000)})
}

func TestEqualIsWhatHoldsTheSame(t *testing.T) {
	means(t, things, map[string]any{
		"n.rows[1] == {k: 5, n: 'y'}":   true,
		"n.rows[1] != {k: 5, n: 'y'}":   false,
		"n.rows[1] == {k: 5}":           false,
		"n.rows[1] in [{k: 5, n: 'y'}]": true,
		"[n.long] == [n.long]":          true,
		"n.words == split('b,a', ',')":  true,
		"n.id in ['a', 'b']":            false,
		"n.name in ['a', 'b']":          true,
		"n.object in ['a']":             false,
		"n.id in n.object":              false,
		"'a' in n.object":               true,
		"n.none in ['a']":               false,
		"n.long in n.list":              true,
		"n.id not in [7, 8]":            false,
		"n.id in groupBy([7], #)":       true,
		"n.id in n.text":                fmt.Errorf("in looks into a list or an object, not into text"),
	})
}

func TestAListThatIsNoneIsNamed(t *testing.T) {
	means(t, things, map[string]any{
		"map(n.none, #)":         fmt.Errorf("a list is due here, not nothing"),
		"filter(n.object, true)": fmt.Errorf("a list is due here, not an object"),
		"count(n.id, true)":      fmt.Errorf("a list is due here, not a number"),
		"n.none[0:1]":            fmt.Errorf("only a text or a list has parts, not nothing"),
	})
}
