package text

import (
	"strings"
	"unicode/utf8"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type padInput struct {
	Text   string `json:"text" help:"The text to make longer."`
	Length int    `json:"length" form:"required" min:"0" max:"1000000" help:"How many characters it has in the end, at least."`
	Fill   string `json:"fill" label:"Fill with" default:" " help:"What is put in, again and again. Blanks when left blank."`
	Side   string `json:"side" default:"start" options:"start=at the start|end=at the end|both=at both ends" form:"fixed" help:"Where it is put in."`
}

// Pad makes text longer.
var Pad = declare(cards.Spec{
	Name:    "text.pad",
	Title:   "Pad",
	Icon:    "maximize",
	Summary: "Makes text as long as it has to be.",
	Doc: "Puts in characters until the text has the length that is asked for.\n\n" +
		"- Text that is long enough stays as it is. Characters are Unicode code points.\n" +
		"- At both ends, the end gets one more when they cannot be equal. The length may be 1,000,000.",
	Keywords: []string{"text", "fill", "leading zeros", "align", "width", "left pad", "center"},
	Examples: []cards.Example{{
		Title: "Leading zeros",
		In:    schema.Values{"text": 42, "length": 6, "fill": "0"},
		Out:   schema.Values{"text": "000042"},
	}, {
		Title: "In the middle",
		In:    schema.Values{"text": "abc", "length": 8, "fill": "-=", "side": "both"},
		Out:   schema.Values{"text": "-=abc-=-"},
	}, {
		Title: "Long enough already",
		In:    schema.Values{"text": "abcdef", "length": 3},
		Out:   schema.Values{"text": "abcdef"},
	}, {
		Title: "A length has to be one",
		In:    schema.Values{"text": "abc", "length": -1},
		Err:   cards.CodeInvalidInput,
	}},
}, func(in padInput) (textOutput, error) {
	missing := in.Length - utf8.RuneCountInString(in.Text)
	if missing <= 0 {
		return textOutput{in.Text}, nil
	}
	start, end := missing, 0
	switch in.Side {
	case "end":
		start, end = 0, missing
	case "both":
		start, end = missing/2, missing-missing/2
	}
	return textOutput{filled(in.Fill, start) + in.Text + filled(in.Fill, end)}, nil
})

// filled is s again and again, length characters long.
func filled(s string, length int) string {
	whole := utf8.RuneCountInString(s)
	return strings.Repeat(s, length/whole) + s[:byteAt(s, length%whole)]
}
