package text

import (
	"strings"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type cleanInput struct {
	Text  string `json:"text" format:"multiline" help:"The text to clean."`
	Lines bool   `json:"lines" label:"Keep lines" help:"Line ends stay; empty lines are left out."`
}

// CleanWhitespace makes all white space single blanks.
var CleanWhitespace = declare(cards.Spec{
	Name:    "text.clean_whitespace",
	Title:   "Clean Whitespace",
	Icon:    "wand-sparkles",
	Summary: "Makes one blank of every run of white space.",
	Doc: "Puts out the words of the text with one blank between each two, and nothing at the ends.\n\n" +
		"- White space is what Unicode calls so: blanks, tabs, line ends, no-break spaces.\n" +
		"- With **Keep lines** every line is cleaned by itself, and empty lines are left out.",
	Keywords: []string{"text", "spaces", "normalize", "trim", "collapse", "blank", "whitespace"},
	Examples: []cards.Example{{
		Title: "Words of a copied text",
		In:    schema.Values{"text": "  Maya \t\u00a0Okafor\n Lund "},
		Out:   schema.Values{"text": "Maya Okafor Lund"},
	}, {
		Title: "Line by line",
		In:    schema.Values{"text": " a  b \r\n\n c", "lines": true},
		Out:   schema.Values{"text": "a b\nc"},
	}, {
		Title: "Nothing but white space",
		In:    schema.Values{"text": " \n "},
		Out:   schema.Values{"text": ""},
	}},
}, func(in cleanInput) (textOutput, error) {
	if !in.Lines {
		return textOutput{words(in.Text)}, nil
	}
	return textOutput{wordsOfLines(in.Text)}, nil
})

// words writes the words of s with a blank between each two.
func words(s string) string {
	var b strings.Builder
	for word := range strings.FieldsSeq(s) {
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(word)
	}
	return b.String()
}

// wordsOfLines writes the words of every line so, and leaves out empty lines.
func wordsOfLines(s string) string {
	var b strings.Builder
	for line := range strings.Lines(s) {
		if line = words(line); line == "" {
			continue
		}
		if b.Len() > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(line)
	}
	return b.String()
}
