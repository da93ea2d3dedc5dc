package list

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"flowdeck/cards"
	"flowdeck/cards/bounds"
	"flowdeck/cards/cardtest"
	"flowdeck/cards/schema"
)

var all = []cards.Card{Construct, At, GetFirstItem, GetLastItem, Length, Pluck, Find, Filter, Sort, GroupBy, RemoveDuplicates, Flatten, Includes, ToText,
	Union, Intersection, Difference, Collapse, Sample, AddToEnd, AddToStart, InsertAt, RemoveAt, Slice, Reverse, Chunk, Range, Zip, Sum, Average, Minimum, Maximum, Median, Count, Splice,
	Map, FilterCustom, FindCustom, Every, Some, Reduce, GroupCustom, SortCustom}

func TestExamples(t *testing.T) { cardtest.Run(t, cardtest.World(), all...) }

// call runs a card with settings that make it work on any list.
func call(t *testing.T, c cards.Card, in schema.Values) (schema.Values, error) {
	t.Helper()
	full := schema.Values{}
	for _, f := range c.Inputs.Fields {
		switch {
		case f.Name == "path" && f.Required:
			full["path"] = "a"
		case f.Format == schema.Inline:
			full[f.Name] = schema.NewExpression("nothing", func([]any) (any, error) { return nil, nil })
		case f.Name == "operator":
			full["operator"] = "is_empty"
		case f.Name == "size":
			full["size"] = int64(2)
		case f.Name == "position" || f.Name == "end":
			full[f.Name] = int64(0)
		}
	}
	for k, v := range in {
		full[k] = v
	}
	return c.Call(t.Context(), cards.Env{}, full)
}

func TestTheListThatCameInStaysAsItWas(t *testing.T) {
	const before = `[{"a":3},{"a":1,"b":[]},{"a":3}]`
	for _, c := range all {
		v, _ := schema.DecodeJSONText(before)
		in := schema.Values{}
		if _, takes := c.Inputs.Field("list"); takes {
			in["list"] = v
		}
		if c.Name == "list.to_text" || c.Name == "list.sum" || c.Name == "list.average" || c.Name == "list.minimum" || c.Name == "list.maximum" || c.Name == "list.median" || c.Name == "list.sort" {
			in["path"] = "a"
		}
		if _, err := call(t, c, in); err != nil {
			t.Errorf("%s: %v", c.Name, err)
		}
		if after, _ := schema.EncodeJSON(v); string(after) != before {
			t.Errorf("%s changed the list to %s", c.Name, after)
		}
	}
}

func TestListsThatAreTooLong(t *testing.T) {
	long := make([]any, bounds.Items+1)
	for _, c := range all {
		if _, takes := c.Inputs.Field("list"); !takes {
			continue
		}
		_, err := call(t, c, schema.Values{"list": long})
		if e := cards.ErrorOf(err); e == nil || e.Code != cards.CodeLimit || !strings.HasPrefix(e.Message, "list: has 1000001 items") {
			t.Errorf("%s of a million and one = %v, want a limit", c.Name, err)
		}
	}
}

func TestMessagesNameTheItem(t *testing.T) {
	prices := []any{schema.Values{"price": 1}, schema.Values{"price": "free"}}
	for _, c := range []struct {
		card cards.Card
		in   schema.Values
		want string
	}{
		{Sum, schema.Values{"list": prices, "path": "price"}, `list.1.price: must be a number, got text "free"`},
		{Sort, schema.Values{"list": prices, "path": "price", "as": "number"}, `list.1.price: must be a number, got text "free"`},
		{Sort, schema.Values{"list": prices}, "list.0: must be a number or text to be sorted, got an object"},
		{Filter, schema.Values{"list": prices, "path": "price", "operator": "less", "value": 5}, `list.1.price: "is less than" cannot compare text "free" with number 5; it needs two numbers, or two texts`},
		{ToText, schema.Values{"list": prices}, "list.0: must be text, a number or true/false, got an object"},
		{Average, schema.Values{"list": []any{}}, "list: has no numbers, so there is no average"},
		{RemoveAt, schema.Values{"list": []any{1}, "position": 3}, "position: 3 is not in a list of 1; the first item is at 0"},
		{Length, schema.Values{"list": nil}, "list: must be a list, got nothing; an empty list is []"},
		{Zip, schema.Values{"list": []any{}, "more": []any{7}}, "more.0: must be a list, got number 7"},
		{Sum, schema.Values{"list": []any{json.Number("1e500")}}, "list: has a number with more than 400 digits, too many to add up"},
	} {
		_, err := c.card.Call(t.Context(), cards.Env{}, c.in)
		if e := cards.ErrorOf(err); e == nil || e.Code != cards.CodeInvalidInput || e.Message != c.want {
			t.Errorf("%s = %v\nwant %s", c.card.Name, err, c.want)
		}
	}
}

func TestSumsAreExact(t *testing.T) {
	for _, c := range []struct {
		list []any
		want string
	}{
		{[]any{int64(9223372036854775807), int64(1)}, "9223372036854775808"}, {[]any{int64(-9223372036854775808), int64(-1), int64(1)}, "-9223372036854775808"},
		{[]any{0.1, 0.2, 0.3, -0.6}, "0"}, {[]any{json.Number("12345678901234567890.5"), 0.5}, "12345678901234567891"}, {[]any{1e21, "1e-7"}, "1000000000000000000000.0000001"},
	} {
		out, err := Sum.Call(t.Context(), cards.Env{}, schema.Values{"list": c.list})
		if got, _ := schema.FormatNumber(out["number"]); err != nil || got != c.want {
			t.Errorf("the sum of %v is %s, %v, want %s", c.list, got, err, c.want)
		}
	}
}

func TestSortKeepsWhatIsEqual(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 200 {
		list := make([]any, r.IntN(40))
		for i := range list {
			list[i] = schema.Values{"n": r.Int64N(5), "i": int64(i)}
		}
		out, err := Sort.Call(t.Context(), cards.Env{}, schema.Values{"list": list, "path": "n"})
		if err != nil {
			t.Fatal(err)
		}
		got := out["list"].([]any)
		for i := 1; i < len(got); i++ {
			a, b := got[i-1].(schema.Values), got[i].(schema.Values)
			if a["n"].(int64) > b["n"].(int64) || a["n"] == b["n"] && a["i"].(int64) > b["i"].(int64) {
				t.Fatalf("%v comes before %v", a, b)
			}
		}
	}
}

// TestSetsAgreeWithComparingAll holds union, intersection and difference against the slow way.
func TestSetsAgreeWithComparingAll(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	pool := []any{nil, "", "1", int64(1), 1.5, json.Number("1.50"), true, []any{}, []any{int64(1)}, schema.Values{}, schema.Values{"a": int64(1), "b": nil}, schema.Values{"a": 1.0, "b": nil}}
	draw := func() []any {
		list := make([]any, r.IntN(8))
		for i := range list {
			list[i] = pool[r.IntN(len(pool))]
		}
		return list
	}
	in := func(list []any, v any) bool {
		return slices.ContainsFunc(list, func(x any) bool { return schema.Equal(x, v) })
	}
	for range 500 {
		a, b := draw(), draw()
		union, both, only := []any{}, []any{}, []any{}
		for _, v := range append(slices.Clone(a), b...) {
			if !in(union, v) {
				union = append(union, v)
			}
		}
		for _, v := range a {
			if in(b, v) && !in(both, v) {
				both = append(both, v)
			}
			if !in(b, v) {
				only = append(only, v)
			}
		}
		for card, want := range map[*cards.Card][]any{&Union: union, &Intersection: both, &Difference: only} {
			out, err := card.Call(t.Context(), cards.Env{}, schema.Values{"list": a, "other": b})
			if err != nil || !schema.Equal(out["list"], want) {
				t.Fatalf("%s of %v and %v = %v, %v, want %v", card.Name, a, b, out["list"], err, want)
			}
		}
	}
}

func TestSampleDrawsEachItemOnce(t *testing.T) {
	list := make([]any, 50)
	for i := range list {
		list[i] = int64(i)
	}
	seen := map[string]bool{}
	for range 20 {
		out, err := Sample.Call(t.Context(), cards.Env{}, schema.Values{"list": list, "amount": 10})
		got, _ := out["list"].([]any)
		if unique := newSet(10); err != nil || len(got) != 10 || slices.ContainsFunc(got, func(v any) bool { return !unique.add(v) }) {
			t.Fatalf("Sample = %v, %v", got, err)
		}
		seen[fmt.Sprint(got)] = true
	}
	if len(seen) < 2 {
		t.Error("twenty samples are all the same")
	}
}

func TestFlattenIsBounded(t *testing.T) {
	v := []any{int64(1)}
	for range 1100 {
		v = []any{v}
	}
	_, err := Flatten.Call(t.Context(), cards.Env{}, schema.Values{"list": v, "all": true})
	if e := cards.ErrorOf(err); e == nil || e.Code != cards.CodeLimit {
		t.Errorf("Flatten = %v, want a limit", err)
	}
}

func TestRangeReachesBothEndsOfNumbers(t *testing.T) {
	out, err := Range.Call(t.Context(), cards.Env{}, schema.Values{"start": int64(9223372036854775806), "end": int64(9223372036854775807)})
	if want := []any{int64(9223372036854775806), int64(9223372036854775807)}; err != nil || !reflect.DeepEqual(out["list"], want) {
		t.Errorf("Range = %v, %v, want %v", out, err, want)
	}
	_, err = Range.Call(t.Context(), cards.Env{}, schema.Values{"start": int64(-9223372036854775808), "end": int64(9223372036854775807)})
	if e := cards.ErrorOf(err); e == nil || e.Code != cards.CodeLimit {
		t.Errorf("Range over all numbers = %v, want a limit", err)
	}
}

func BenchmarkFilter(b *testing.B) {
	in := schema.Values{"list": []any{schema.Values{"s": "ACTIVE"}, schema.Values{"s": "NEW"}}, "path": "s", "operator": "equals", "value": "ACTIVE"}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Filter.Call(b.Context(), cards.Env{}, in); err != nil {
			b.Fatal(err)
		}
	}
}
