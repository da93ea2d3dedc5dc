package file

import (
	"strings"
	"testing"

	"flowdeck/cards"
	"flowdeck/cards/bounds"
	"flowdeck/cards/cardtest"
	"flowdeck/cards/schema"
)

func TestExamples(t *testing.T) {
	cardtest.Run(t, cardtest.World(), Info, FromText, ToText, FromBase64, ToBase64, ExportFlow)
}

func TestTextThereAndBack(t *testing.T) {
	for _, text := range []string{"", "ü😀\r\n\x00", strings.Repeat("a", 1000)} {
		for _, bom := range []bool{false, true} {
			out, err := FromText.Call(t.Context(), cards.Env{}, schema.Values{"text": text, "name": "a.txt", "bom": bom})
			if err != nil {
				t.Fatal(err)
			}
			packed, err := ToBase64.Call(t.Context(), cards.Env{}, schema.Values{"file": out["file"]})
			if err != nil {
				t.Fatal(err)
			}
			if packed["base64"] != "" {
				if out, err = FromBase64.Call(t.Context(), cards.Env{}, schema.Values{"base64": packed["base64"], "name": "b.txt"}); err != nil {
					t.Fatal(err)
				}
			}
			back, err := ToText.Call(t.Context(), cards.Env{}, schema.Values{"file": out["file"]})
			if err != nil || back["text"] != text {
				t.Errorf("%.20q came back as %.20q, %v", text, back["text"], err)
			}
		}
	}
}

func TestMessages(t *testing.T) {
	for _, c := range []struct {
		card cards.Card
		in   schema.Values
		want string
	}{
		{ToText, schema.Values{"file": schema.Values{"base64": "/w=="}}, "file: is not text: it has bytes that are not UTF-8; choose the character set that it is written in"},
		{ToText, schema.Values{"file": schema.Values{"base64": "YQ=="}, "charset": "klingon"}, "charset: is no character set that is known, such as utf-8, windows-1252 or iso-8859-15"},
		{ToText, schema.Values{"file": schema.Values{"base64": "//78ACE="}}, "file: is not text: it has bytes that are not utf-16le"},
		{ToText, schema.Values{"file": 7}, "file: must be a file: an object with name, type, size and base64, got number 7"},
		{FromBase64, schema.Values{"base64": "data:text/plain,abc"}, "base64: is a data: URL that is not in Base64"},
		{FromBase64, schema.Values{"base64": "a*bc"}, "base64: is not Base64, or a part of it was lost"},
	} {
		_, err := c.card.Call(t.Context(), cards.Env{}, c.in)
		if e := cards.ErrorOf(err); e == nil || e.Code != cards.CodeInvalidInput || e.Message != c.want {
			t.Errorf("%s = %v\nwant %s", c.card.Name, err, c.want)
		}
	}
}

func TestTheTypesCharacterSetCounts(t *testing.T) {
	out, err := ToText.Call(t.Context(), cards.Env{}, schema.Values{"file": schema.Values{"type": "text/plain; charset=iso-8859-1", "base64": "/A=="}})
	if err != nil || out["text"] != "ü" {
		t.Errorf("ToText = %v, %v, want ü", out, err)
	}
}

func TestTextIsBounded(t *testing.T) {
	long := schema.FileValue{Name: "a.txt", Data: make([]byte, bounds.Text+1)}.Values()
	_, err := ToText.Call(t.Context(), cards.Env{}, schema.Values{"file": long})
	if e := cards.ErrorOf(err); e == nil || e.Code != cards.CodeLimit {
		t.Errorf("ToText = %v, want a limit", err)
	}
}
