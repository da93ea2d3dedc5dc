package object

import (
	"fmt"
	"strings"
	"testing"

	"flowdeck/cards"
	"flowdeck/cards/cardtest"
	"flowdeck/cards/schema"
)

var all = []cards.Card{Set, Construct, Get, GetMultiple, SetValue, SetMultiple, Merge, Keys, Values, ToList, FromList, Omit, Keep, RenameKeys, ClearEmpty, Size, HasKey, MapToList, Map, Filter}

func TestExamples(t *testing.T) { cardtest.Run(t, cardtest.World(), all...) }

func TestTheObjectThatCameInStaysAsItWas(t *testing.T) {
	const before = `{"a":{"b":{"c":1},"d":""},"l":[1,{"x":null}]}`
	for _, c := range []struct {
		card cards.Card
		more schema.Values
	}{
		{SetValue, schema.Values{"path": "a.b.c", "value": 2}}, {SetMultiple, schema.Values{"fields": schema.Values{"l[0]": 2, "a.e": 3}}},
		{Merge, schema.Values{"deep": true, "other": schema.Values{"a": schema.Values{"b": schema.Values{"c": 5}}}}}, {Omit, schema.Values{"keys": "a.b.c, l[0]"}},
		{ClearEmpty, schema.Values{"recursive": true}}, {RenameKeys, schema.Values{"names": schema.Values{"a": "z"}}}, {Keep, schema.Values{"keys": "a.b, a.b.c"}},
	} {
		v, _ := schema.DecodeJSONText(before)
		in := schema.Values{"object": v}
		for k, x := range c.more {
			in[k] = x
		}
		if _, err := c.card.Call(t.Context(), cards.Env{}, in); err != nil {
			t.Errorf("%s: %v", c.card.Name, err)
		}
		if after, _ := schema.EncodeJSON(v); string(after) != before {
			t.Errorf("%s changed the object to %s", c.card.Name, after)
		}
	}
}

func TestManyItemsOfAListComeInTheirOrder(t *testing.T) {
	fields, want := schema.Values{}, []any{}
	for i := range 120 {
		fields[fmt.Sprintf("list[%d]", i)] = int64(i)
		want = append(want, int64(i))
	}
	out, err := Construct.Call(t.Context(), cards.Env{}, schema.Values{"fields": fields})
	if got := out["object"]; err != nil || !schema.Equal(got, schema.Values{"list": want}) {
		t.Errorf("Construct = %v, %v", got, err)
	}
}

func TestDepthIsBounded(t *testing.T) {
	v := schema.Values{}
	for range 1100 {
		v = schema.Values{"a": v}
	}
	for _, c := range []struct {
		card cards.Card
		in   schema.Values
	}{
		{Merge, schema.Values{"deep": true, "object": v}},
		{ClearEmpty, schema.Values{"recursive": true, "object": v}},
	} {
		_, err := c.card.Call(t.Context(), cards.Env{}, c.in)
		if e := cards.ErrorOf(err); e == nil || e.Code != cards.CodeLimit || !strings.Contains(e.Message, "object: is nested too deeply") {
			t.Errorf("%s = %v, want a limit", c.card.Name, err)
		}
	}
}

func TestMessagesNameTheValue(t *testing.T) {
	for _, c := range []struct {
		card cards.Card
		in   schema.Values
		want string
	}{
		{Construct, schema.Values{"fields": schema.Values{"a": 1, "a.b": 2}}, `fields.a.b: "b" needs an object to stand in, and there is number 1`},
		{Construct, schema.Values{"fields": schema.Values{"": 1}}, "fields: has a value without a name; name every value"},
		{GetMultiple, schema.Values{"object": schema.Values{"a": schema.Values{"n": "x"}}, "fields": []any{schema.Values{"name": "n", "path": "a.n", "type": "number"}}}, `object.a.n: must be a number, got text "x"`},
		{GetMultiple, schema.Values{"object": schema.Values{}, "fields": []any{schema.Values{"name": "n"}, schema.Values{"name": "n"}}}, "fields.1.name: is there twice; give each value its own name"},
		{FromList, schema.Values{"list": []any{schema.Values{"id": []any{}}}, "key": "id"}, "list.0.id: must be text, a number or true/false to be a key, got a list of 0"},
		{Merge, schema.Values{"object": schema.Values{}, "more": []any{schema.Values{}, 7}}, "more.1: must be an object, got number 7"},
	} {
		_, err := c.card.Call(t.Context(), cards.Env{}, c.in)
		if e := cards.ErrorOf(err); e == nil || e.Code != cards.CodeInvalidInput || e.Message != c.want {
			t.Errorf("%s = %v\nwant %s", c.card.Name, err, c.want)
		}
	}
}

func BenchmarkSet(b *testing.B) {
	in := schema.Values{"object": schema.Values{"id": int64(7), "profile": schema.Values{"name": "Maya"}}, "path": "profile.name", "value": "Ada"}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := SetValue.Call(b.Context(), cards.Env{}, in); err != nil {
			b.Fatal(err)
		}
	}
}
