package json

import (
	"encoding/json"
	"testing"

	"flowdeck/cards"
	"flowdeck/cards/bounds"
	"flowdeck/cards/cardtest"
	"flowdeck/cards/schema"
)

func TestExamples(t *testing.T) { cardtest.Run(t, cardtest.World(), Parse, Stringify, Get) }

func TestTextThatIsNotJSONSaysWhere(t *testing.T) {
	_, err := Parse.Call(t.Context(), cards.Env{}, schema.Values{"text": "{\n  \"a\": 1,\n  b: 2\n}"})
	want := "text: is not JSON: line 3, column 3: expected a key in double quotes"
	if e := cards.ErrorOf(err); e == nil || e.Code != cards.CodeInvalidInput || e.Message != want {
		t.Errorf("Parse = %v, want %s", err, want)
	}
}

func TestDigitsAreKept(t *testing.T) {
	const text = `{"big":12345678901234567890,"exact":0.1000000000000000055511151231257827}`
	out, err := Parse.Call(t.Context(), cards.Env{}, schema.Values{"text": text})
	if err != nil {
		t.Fatal(err)
	}
	for _, indent := range []string{"none", "2"} {
		back, err := Stringify.Call(t.Context(), cards.Env{}, schema.Values{"value": out["value"], "indent": indent})
		var same, was map[string]json.Number
		if err != nil || json.Unmarshal([]byte(back["text"].(string)), &same) != nil || json.Unmarshal([]byte(text), &was) != nil || same["big"] != was["big"] || same["exact"] != was["exact"] {
			t.Errorf("%s became %v, %v", text, back["text"], err)
		}
	}
}

func TestTextIsBounded(t *testing.T) {
	long := string(make([]byte, bounds.Text+1))
	for _, c := range []struct {
		card cards.Card
		in   schema.Values
	}{{Parse, schema.Values{"text": long}}, {Get, schema.Values{"text": long, "path": "a"}}, {Stringify, schema.Values{"value": long}}} {
		_, err := c.card.Call(t.Context(), cards.Env{}, c.in)
		if e := cards.ErrorOf(err); e == nil || e.Code != cards.CodeLimit {
			t.Errorf("%s = %v, want a limit", c.card.Name, err)
		}
	}
}

// The byte order mark that Windows puts before a text is no part of it.
func TestAByteOrderMarkIsNoJSON(t *testing.T) {
	for _, c := range []cards.Card{Parse, Get} {
		in := schema.Values{"text": "\ufeff{\"a\":[1]}"}
		if c.Name == Get.Name {
			in["path"] = "a[0]"
		}
		if out, err := c.Call(t.Context(), cards.Env{}, in); err != nil || out["value"] == nil {
			t.Errorf("%s = %v, %v, want the value", c.Name, out, err)
		}
	}
}
