package text

import (
	"strings"
	"testing"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

func TestLimits(t *testing.T) {
	long, half := strings.Repeat("a", maxText+1), strings.Repeat("a", maxText/2+1)
	for _, c := range []struct {
		card cards.Card
		in   schema.Values
		code string
		text string
	}{
		{UpperCase, schema.Values{"text": long}, cards.CodeInvalidInput, "text: is too long; a text may be 10 MiB long"},
		{Replace, schema.Values{"text": "a", "search": "a", "replacement": long}, cards.CodeInvalidInput, "replacement: is too long; a text may be 10 MiB long"},
		{Concatenate, schema.Values{"more": []any{half, half}}, cards.CodeInvalidInput, "more: is too long; a text may be 10 MiB long"},
		{Concatenate, schema.Values{"text": half, "text_2": half}, cards.CodeLimit, "the text would be too long; a text may be 10 MiB long"},
		{Replace, schema.Values{"text": half, "search": "a", "replacement": "bcd"}, cards.CodeLimit, "the text would be too long; a text may be 10 MiB long"},
		{ReplacePattern, schema.Values{"text": half[:1000], "pattern": ".*", "replacement": strings.Repeat("$0", 100_000)}, cards.CodeLimit, "the text would be too long; a text may be 10 MiB long"},
		{EscapeHTML, schema.Values{"text": strings.Repeat("<", maxText/2)}, cards.CodeLimit, "the text would be too long; a text may be 10 MiB long"},
		{Split, schema.Values{"text": strings.Repeat("a,", maxParts)}, cards.CodeLimit, "the text has more than 1,000,000 parts"},
		{ExtractPattern, schema.Values{"text": half[:1_000_001], "pattern": "a"}, cards.CodeLimit, "the pattern matches more than 1000000 times"},
		{ExtractPattern, schema.Values{"text": half[:600_000], "pattern": "((((((a))))))"}, cards.CodeLimit, "the pattern matches more than 571428 times"},
		{FindPattern, schema.Values{"text": half[:1_000_000], "pattern": strings.Repeat("(b?)", 99)}, cards.CodeLimit, "pattern: is too large for a text of 1000000 letters; shorten one of them"},
		{FindPhone, schema.Values{"text": long}, cards.CodeInvalidInput, "text: is too long; a text may be 10 MiB long"},
	} {
		out, err := call(t, c.card, c.in)
		if e := cards.ErrorOf(err); e == nil || e.Code != c.code || e.Message != c.text {
			t.Errorf("%s = %.60v, %v, want %s: %s", c.card.Name, out, err, c.code, c.text)
		}
	}
}

// Every card with a text takes nothing, and text that is not UTF-8, without falling over.
func TestOddTexts(t *testing.T) {
	for _, c := range all {
		for _, odd := range []any{nil, "", "\xff\xfe", "\u0301", "a\x00b", strings.Repeat("🎈", 1000), int64(7), false} {
			in := schema.Values{}
			for _, f := range c.Inputs.Fields {
				switch {
				case f.Type == schema.Text && len(f.Options) == 0 && f.Name != "language":
					in[f.Name] = odd
				case f.Required && f.Type == schema.Number:
					in[f.Name] = int64(3)
				case f.Required && f.Type == schema.List:
					in[f.Name] = []any{odd}
				}
			}
			if _, err := call(t, c, in); err != nil && cards.ErrorOf(err).Code != cards.CodeInvalidInput {
				t.Errorf("%s of %v = %v", c.Name, in, err)
			}
		}
	}
}
