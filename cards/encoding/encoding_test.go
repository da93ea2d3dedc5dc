package encoding

import (
	"strings"
	"testing"

	"flowdeck/cards"
	"flowdeck/cards/bounds"
	"flowdeck/cards/cardtest"
	"flowdeck/cards/schema"
)

var all = []cards.Card{Base64Encode, Base64Decode, HexEncode, HexDecode}

func TestExamples(t *testing.T) { cardtest.Run(t, cardtest.World(), all...) }

func text(t *testing.T, c cards.Card, in schema.Values) string {
	t.Helper()
	out, err := c.Call(t.Context(), cards.Env{}, in)
	if err != nil {
		t.Fatalf("%s(%q) = %v", c.Name, in["text"], err)
	}
	return out["text"].(string)
}

func FuzzThereAndBack(f *testing.F) {
	for _, s := range []string{"", "a", "ab", "abc", "ü😀", "<&>\"'", "&amp;", "a:b c"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		s = strings.ToValidUTF8(s, "?")
		for _, alphabet := range []string{"standard", "url"} {
			for _, padding := range []bool{true, false} {
				packed := text(t, Base64Encode, schema.Values{"text": s, "alphabet": alphabet, "padding": padding})
				if got := text(t, Base64Decode, schema.Values{"text": packed}); got != s {
					t.Errorf("%q became %q, then %q", s, packed, got)
				}
			}
		}
		if got := text(t, HexDecode, schema.Values{"text": text(t, HexEncode, schema.Values{"text": s})}); got != s {
			t.Errorf("%q in digits is %q", s, got)
		}
	})
}

func TestMessages(t *testing.T) {
	for _, c := range []struct {
		card       cards.Card
		text, want string
	}{
		{Base64Decode, "bW F5*Tp0ZWE=", "text: is not Base64: character 5, without spaces, is none of its signs"},
		{Base64Decode, "bWF5Y", "text: is not Base64: it ends in the middle of a byte; a part of it was lost"},
		{Base64Decode, "//79", "text: decodes to bytes that are not UTF-8 text; use Base64 to File for them"},
		{HexDecode, "61 6ü", "text: is not hexadecimal: character 4, without spaces, is none of 0 to 9 and a to f"},
		{HexDecode, "616", "text: is not hexadecimal: every byte has two digits, and the last one is alone"},
		{HexDecode, "ff", "text: decodes to bytes that are not UTF-8 text"},
	} {
		_, err := c.card.Call(t.Context(), cards.Env{}, schema.Values{"text": c.text})
		if e := cards.ErrorOf(err); e == nil || e.Code != cards.CodeInvalidInput || e.Message != c.want {
			t.Errorf("%s(%q) = %v\nwant %s", c.card.Name, c.text, err, c.want)
		}
	}
}

func TestTextIsBounded(t *testing.T) {
	for _, c := range all {
		for _, n := range []int{bounds.Text + 1, bounds.Text} {
			_, err := c.Call(t.Context(), cards.Env{}, schema.Values{"text": strings.Repeat("<", n)})
			grows := c.Name == "encoding.base64_encode" || c.Name == "encoding.hex_encode"
			if e := cards.ErrorOf(err); (n > bounds.Text || grows) && (e == nil || e.Code != cards.CodeLimit) {
				t.Errorf("%s of %d bytes = %v, want a limit", c.Name, n, err)
			}
		}
	}
}
