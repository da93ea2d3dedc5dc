package shape_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"flowdeck/cards/schema"
	"flowdeck/flows/shape"
)

// learned is the shape of these answers, written as JSON, in order.
func learned(t *testing.T, answers ...string) *shape.Shape {
	t.Helper()
	s := &shape.Shape{}
	for _, a := range answers {
		v, err := schema.DecodeJSON([]byte(a))
		if err != nil {
			t.Fatal(err)
		}
		s.Learn(v)
	}
	return s
}

func repeat(answer string, n int) []string {
	list := make([]string, n)
	for i := range list {
		list[i] = answer
	}
	return list
}

func TestAReferenceIsJudgedByWhatAnswersHad(t *testing.T) {
	for _, c := range []struct {
		name    string
		answers []string
		path    string
		want    shape.Verdict
	}{
		{"nothing learned", nil, "body.email", shape.Verdict{}},
		{"always there", repeat(`{"body":{"email":"a"}}`, 3), "body.email", shape.Verdict{}},
		{"the answer itself", repeat(`{"body":1}`, 3), "", shape.Verdict{}},
		{"never there", repeat(`{"body":{"email":"a"}}`, 3), "body.mail", shape.Verdict{Drift: shape.Unseen, Answers: 3, Without: 3}},
		{"below text nothing is known", repeat(`{"body":"x"}`, 3), "body.mail", shape.Verdict{}},
		{"gone", append(repeat(`{"body":{"email":"a","id":1}}`, 3), repeat(`{"body":{"id":1}}`, 2)...), "body.email",
			shape.Verdict{Drift: shape.Vanished, Answers: 5, Without: 2}},
		{"what held it is gone", append(repeat(`{"body":{"user":{"email":"a"}}}`, 3), `{"body":{}}`), "body.user.email",
			shape.Verdict{Drift: shape.Vanished, Answers: 4, Without: 1}},
		{"gone and back", []string{`{"a":1}`, `{}`, `{"a":1}`}, "a", shape.Verdict{Drift: shape.Seldom, Answers: 3, Without: 1}},
		{"seldom, and lacking now", []string{`{"a":1}`, `{}`, `{"a":1}`, `{}`}, "a", shape.Verdict{Drift: shape.Seldom, Answers: 4, Without: 2}},
		{"new", []string{`{}`, `{}`, `{"a":1}`}, "a", shape.Verdict{Drift: shape.Seldom, Answers: 3, Without: 2}},
		{"another type", append(repeat(`{"id":7}`, 3), repeat(`{"id":"7"}`, 2)...), "id",
			shape.Verdict{Drift: shape.Changed, Answers: 5, Was: schema.Number, Is: schema.Text, Since: 2}},
		{"two types in turn", []string{`{"id":7}`, `{"id":"7"}`, `{"id":7}`}, "id",
			shape.Verdict{Drift: shape.Mixed, Answers: 3, Was: schema.Text, Is: schema.Number}},
		{"empty is no other type", []string{`{"id":7}`, `{"id":null}`, `{"id":7}`}, "id", shape.Verdict{}},
		{"an object became text", []string{`{"a":{"b":1}}`, `{"a":"x"}`}, "a", shape.Verdict{Drift: shape.Changed, Answers: 2, Was: schema.Object, Is: schema.Text, Since: 1}},
		{"items of lists", repeat(`{"items":[{"id":1},{"id":2,"x":true}]}`, 2), "items[1].id", shape.Verdict{}},
		{"a key that only some items have", repeat(`{"items":[{"id":1},{"id":2,"x":true}]}`, 2), "items[0].x", shape.Verdict{}},
		{"a key that items lost", append(repeat(`{"items":[{"id":1}]}`, 2), `{"items":[{}]}`), "items[0].id",
			shape.Verdict{Drift: shape.Vanished, Answers: 3, Without: 1}},
		{"an empty list lost nothing", append(repeat(`{"items":[{"id":1}]}`, 2), `{"items":[]}`), "items[0].id", shape.Verdict{}},
		{"odd keys", repeat(`{"h":{"content-type":"x"}}`, 2), `h["content-type"]`, shape.Verdict{}},
		{"no path", repeat(`{"a":1}`, 2), "a[", shape.Verdict{}},
	} {
		if got := learned(t, c.answers...).Of(c.path); got != c.want {
			t.Errorf("%s: Of(%q) = %+v, want %+v", c.name, c.path, got, c.want)
		}
	}
}

func TestFieldsOfferWhatTheNewestAnswersHave(t *testing.T) {
	s := learned(t, `{"gone":1,"body":{"id":1,"tags":["x"],"user":{"mail":null,"name":"y"}}}`, `{"body":{"id":2,"tags":[],"user":{"mail":"m","name":"y"},"odd key":true}}`)
	want := []shape.Field{
		{Path: "body", Type: schema.Object},
		{Path: "body.id", Type: schema.Number},
		{Path: `body["odd key"]`, Type: schema.Boolean, Maybe: true},
		{Path: "body.tags", Type: schema.List},
		{Path: "body.tags[0]", Type: schema.Text, Maybe: true},
		{Path: "body.user", Type: schema.Object},
		{Path: "body.user.mail", Type: schema.Text, Maybe: true},
		{Path: "body.user.name", Type: schema.Text},
	}
	if got := s.Fields(100); !reflect.DeepEqual(got, want) {
		t.Errorf("fields are\n %+v, want\n %+v", got, want)
	}
	if got := s.Fields(3); len(got) != 3 {
		t.Errorf("at most 3 fields were asked for, got %d", len(got))
	}
}

func TestAShapeStaysSmallWhateverItIsShown(t *testing.T) {
	s := &shape.Shape{}
	for round := range 20 {
		wide := map[string]any{"id": int64(round)}
		for i := range 5000 {
			wide[fmt.Sprint("k", round, "-", i)] = map[string]any{"a": "x", "b": []any{int64(1), "two", nil}}
		}
		deep := any("end")
		for range 1000 {
			deep = map[string]any{"d": []any{deep}}
		}
		s.Learn(map[string]any{"wide": wide, "deep": deep, strings.Repeat("long", 1000): true})
	}
	raw, err := json.Marshal(s)
	if err != nil || len(raw) > 200_000 {
		t.Errorf("a shape of wide and deep answers takes %d bytes (%v), want at most 200000", len(raw), err)
	}
	if got := s.Of("wide.id"); got.Drift == shape.Vanished || got.Drift == shape.Unseen {
		t.Errorf("what every answer has was forgotten: %+v", got)
	}
}

// What was there and not learned is not said never to have been there.
func TestWhatIsNotLearnedIsNotUnseen(t *testing.T) {
	wide := map[string]any{}
	for _, part := range []string{"a", "b", "c"} {
		keys := map[string]any{}
		for i := range 400 {
			keys[fmt.Sprint("k", i)] = int64(i)
		}
		wide[part] = keys
	}
	deep, deepPath := any(map[string]any{"end": true}), "end"
	for range 20 {
		deep, deepPath = map[string]any{"d": deep}, "d."+deepPath
	}
	list := make([]any, 60)
	for i := range list {
		list[i] = map[string]any{"n": int64(i)}
	}
	list[59] = map[string]any{"last": true}
	long := strings.Repeat("k", 300)
	s := &shape.Shape{}
	for range 3 {
		s.Learn(map[string]any{"wide": wide, "deep": deep, "list": list, long: true})
	}
	places := []string{"deep." + deepPath, "list[59].last", long}
	for i := range 400 {
		places = append(places, fmt.Sprint("wide.b.k", i))
	}
	for _, path := range places {
		if got := s.Of(path); got.Drift != shape.Steady {
			t.Errorf("%.40s is %+v, and every answer has it", path, got)
		}
	}
	if got := s.Of("list[0].other"); got.Drift != shape.Steady {
		t.Errorf("a key that an item behind the first 50 may have is %+v", got)
	}
}

func TestAShapeSurvivesItsJSON(t *testing.T) {
	s := learned(t, `{"a":[{"b":1}],"c":null}`, `{"a":[{"b":"x"}]}`)
	raw, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	var back shape.Shape
	if err := json.Unmarshal(raw, &back); err != nil || !reflect.DeepEqual(&back, s) {
		t.Errorf("came back as %+v (%v), want %+v", back, err, s)
	}
	if strings.Contains(string(raw), `"x"`) {
		t.Errorf("a value was stored: %s", raw)
	}
}

func TestAnAnswerIsComparedWithTheUsualOnes(t *testing.T) {
	s := learned(t, append(repeat(`{"body":{"id":7,"email":"m","items":[{"n":1}],"note":null}}`, 9), `{"body":{"id":"7"}}`)...)
	for _, c := range []struct {
		answer, path string
		want         shape.Oddity
		odd          bool
	}{
		{`{"body":{"id":7}}`, "body.id", shape.Oddity{Is: schema.Number, Usual: schema.Number, Having: 9, Answers: 10}, false},
		{`{"body":{"id":"x"}}`, "body.id", shape.Oddity{Is: schema.Text, Usual: schema.Number, Having: 9, Answers: 10}, true},
		{`{"body":{}}`, "body.email", shape.Oddity{Missing: true, Is: shape.Null, Usual: schema.Text, Having: 9, Answers: 10}, true},
		{`{"body":"no"}`, "body.email", shape.Oddity{Missing: true, Is: shape.Null, Usual: schema.Text, Having: 9, Answers: 10}, true},
		{`{"body":{}}`, "body.note", shape.Oddity{Missing: true, Is: shape.Null, Usual: shape.Null, Having: 9, Answers: 10}, false},
		{`{"body":{"items":[]}}`, "body.items[0].n", shape.Oddity{Missing: true, Is: shape.Null, Usual: schema.Number, Having: 9, Answers: 9}, true},
		{`{"body":{}}`, "body.unknown", shape.Oddity{Answers: 10}, false},
		{`{"body":{}}`, "body.[", shape.Oddity{}, false},
	} {
		v, err := schema.DecodeJSON([]byte(c.answer))
		if err != nil {
			t.Fatal(err)
		}
		if got, odd := s.Against(v, c.path); got != c.want || odd != c.odd {
			t.Errorf("%s in %s is %+v, %v; want %+v, %v", c.path, c.answer, got, odd, c.want, c.odd)
		}
	}
}
