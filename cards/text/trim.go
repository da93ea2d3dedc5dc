package text

import (
	"strings"
	"unicode"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type trimInput struct {
	Text       string `json:"text" format:"multiline" help:"The text to trim."`
	Sides      string `json:"sides" default:"both" options:"both=both ends|start=the start|end=the end" form:"fixed" help:"Where it is trimmed."`
	Characters string `json:"characters" form:"advanced" placeholder:"/-" help:"What is left out, each character for itself. White space when left blank."`
}

// Trim leaves out white space around text.
var Trim = declare(cards.Spec{
	Name:    "text.trim",
	Title:   "Trim",
	Icon:    "scissors",
	Summary: "Leaves out white space before and after text.",
	Doc: "Puts out the text without the white space at its ends: blanks, tabs, line ends and whatever else Unicode calls white space.\n\n" +
		"- **Characters** names others to leave out instead, in any order.\n" +
		"- What stands between words stays; for that there is Clean Whitespace.",
	Keywords: []string{"text", "strip", "white space", "blank", "spaces", "clean"},
	Examples: []cards.Example{{
		Title: "Both ends",
		In:    schema.Values{"text": "\t maya@example.com \n"},
		Out:   schema.Values{"text": "maya@example.com"},
	}, {
		Title: "Slashes at the end",
		In:    schema.Values{"text": "/api/v1//", "sides": "end", "characters": "/"},
		Out:   schema.Values{"text": "/api/v1"},
	}, {
		Title: "Nothing else is left",
		In:    schema.Values{"text": "   "},
		Out:   schema.Values{"text": ""},
	}},
}, func(in trimInput) (textOutput, error) {
	leave := unicode.IsSpace
	if in.Characters != "" {
		leave = func(r rune) bool { return strings.ContainsRune(in.Characters, r) }
	}
	text := in.Text
	if in.Sides != "end" {
		text = strings.TrimLeftFunc(text, leave)
	}
	if in.Sides != "start" {
		text = strings.TrimRightFunc(text, leave)
	}
	return textOutput{text}, nil
})
