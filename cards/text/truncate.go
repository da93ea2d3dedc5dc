package text

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type truncateInput struct {
	Text   string `json:"text" format:"multiline" help:"The text to shorten."`
	Length int    `json:"length" form:"required" min:"0" max:"10000000" help:"How many characters it may have in the end."`
	Ending string `json:"ending" default:"…" help:"What shows that something was left out; it counts."`
	Words  bool   `json:"words" label:"Keep words whole" help:"Cut before a word, not within one."`
}

type truncateOutput struct {
	Text      string `json:"text" help:"The text, not longer than that."`
	Truncated bool   `json:"truncated" help:"Whether something was left out."`
}

// Truncate shortens text that is too long.
var Truncate = declare(cards.Spec{
	Name:    "text.truncate",
	Title:   "Truncate",
	Icon:    "scissors",
	Summary: "Shortens text that is too long.",
	Doc: "Cuts text so that it has at most the length that is asked for, and puts an ending in place of what is left out.\n\n" +
		"- Characters are Unicode code points. Text that is short enough stays as it is.\n" +
		"- An ending that is longer than the length is left out.",
	Keywords: []string{"text", "shorten", "cut", "limit", "ellipsis", "maximum", "subject"},
	Examples: []cards.Example{{
		Title: "A subject",
		In:    schema.Values{"text": "The order is on its way", "length": 12},
		Out:   schema.Values{"text": "The order i…", "truncated": true},
	}, {
		Title: "Words stay whole",
		In:    schema.Values{"text": "The order is on its way", "length": 12, "words": true, "ending": "..."},
		Out:   schema.Values{"text": "The order..."},
	}, {
		Title: "Short enough",
		In:    schema.Values{"text": "Hi 🎈", "length": 4},
		Out:   schema.Values{"text": "Hi 🎈", "truncated": false},
	}},
}, func(in truncateInput) (truncateOutput, error) {
	if utf8.RuneCountInString(in.Text) <= in.Length {
		return truncateOutput{in.Text, false}, nil
	}
	room := in.Length - utf8.RuneCountInString(in.Ending)
	if room < 0 {
		room, in.Ending = in.Length, ""
	}
	cut := byteAt(in.Text, room)
	kept := in.Text[:cut]
	next, _ := utf8.DecodeRuneInString(in.Text[cut:])
	if in.Words && !unicode.IsSpace(next) {
		if at := strings.LastIndexFunc(kept, unicode.IsSpace); at > 0 {
			kept = kept[:at]
		}
	}
	return truncateOutput{strings.TrimRightFunc(kept, unicode.IsSpace) + in.Ending, true}, nil
})
