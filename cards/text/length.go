package text

import (
	"strings"
	"unicode/utf8"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type lengthInput struct {
	Text string `json:"text" format:"multiline" help:"The text to measure."`
}

type lengthOutput struct {
	Length int `json:"length" help:"How many characters it has."`
	Words  int `json:"words" help:"How many words it has."`
	Lines  int `json:"lines" help:"How many lines it has; empty text has none."`
	Bytes  int `json:"bytes" help:"How many bytes it takes in UTF-8."`
}

// Length measures text.
var Length = declare(cards.Spec{
	Name:    "text.length",
	Title:   "Length",
	Icon:    "hash",
	Summary: "Counts the characters of text.",
	Doc: "Puts out how long text is: in characters, words, lines and bytes.\n\n" +
		"- Characters are Unicode code points: 🎈 is one, a flag is two.\n" +
		"- Words are what stands between white space.",
	Keywords: []string{"text", "count", "characters", "size", "long", "words", "lines"},
	Examples: []cards.Example{{
		Title: "Two lines",
		In:    schema.Values{"text": "Grüße 🎈\nMaya"},
		Out:   schema.Values{"length": 12, "words": 3, "lines": 2, "bytes": 17},
	}, {
		Title: "Nothing is empty text",
		In:    schema.Values{"text": nil},
		Out:   schema.Values{"length": 0, "lines": 0},
	}, {
		Title: "A list is not text",
		In:    schema.Values{"text": []any{"a"}},
		Err:   cards.CodeInvalidInput,
	}},
}, func(in lengthInput) (lengthOutput, error) {
	out := lengthOutput{Length: utf8.RuneCountInString(in.Text), Lines: strings.Count(in.Text, "\n"), Bytes: len(in.Text)}
	for range strings.FieldsSeq(in.Text) {
		out.Words++
	}
	if in.Text != "" && !strings.HasSuffix(in.Text, "\n") {
		out.Lines++
	}
	return out, nil
})
