package text

import (
	"golang.org/x/text/cases"
	"golang.org/x/text/language"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type titleInput struct {
	Text     string `json:"text" format:"multiline" help:"The text to write so."`
	Keep     bool   `json:"keep" label:"Keep capital letters" help:"Leave letters alone that are capital within a word, as in McDonald."`
	Language string `json:"language" form:"advanced" placeholder:"nl" help:"Whose rules hold, as a language tag; Turkish i and Dutch ij are written in their own way."`
}

// TitleCase begins every word with a capital letter.
var TitleCase = declare(cards.Spec{
	Name:    "text.title_case",
	Title:   "Title Case",
	Icon:    "type",
	Summary: "Begins every word with a capital letter.",
	Doc: "Puts out the text with the first letter of every word capital and the others small.\n\n" +
		"- With **Keep capital letters** the others stay as they are.\n" + caseRules,
	Keywords: []string{"text", "title", "words", "capitals", "name", "proper"},
	Examples: []cards.Example{{
		Title: "A name",
		In:    schema.Values{"text": "maya OKAFOR-lund"},
		Out:   schema.Values{"text": "Maya Okafor-Lund"},
	}, {
		Title: "Letters that are capital already",
		In:    schema.Values{"text": "ronald McDonald", "keep": true},
		Out:   schema.Values{"text": "Ronald McDonald"},
	}, {
		Title: "Dutch",
		In:    schema.Values{"text": "ijsselmeer", "language": "nl"},
		Out:   schema.Values{"text": "IJsselmeer"},
	}},
}, func(in titleInput) (textOutput, error) {
	return caseInput{in.Text, in.Language}.change(func(t language.Tag) cases.Caser {
		if in.Keep {
			return cases.Title(t, cases.NoLower)
		}
		return cases.Title(t)
	})
})
