package text

import (
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/language"

	"flowdeck/cards/schema"
)

// caseInput is what the cards that change capital and small letters take.
type caseInput struct {
	Text     string `json:"text" format:"multiline" help:"The text to write so."`
	Language string `json:"language" form:"advanced" placeholder:"tr" help:"Whose rules hold, as a language tag; Turkish i and Dutch ij are written in their own way."`
}

type textOutput struct {
	Text string `json:"text" help:"The text, changed."`
}

const caseRules = "- Letters of every script are changed by the rules of Unicode: ß is written SS in capitals, Σ at the end of a word is ς.\n" +
	"- **Language** is for those that differ: `tr`, `az`, `lt`, `nl`, `el`."

func (in caseInput) language() (language.Tag, error) {
	if in.Language == "" {
		return language.Und, nil
	}
	tag, err := language.Parse(in.Language)
	if err != nil {
		return tag, wrong("language", "is not a language such as tr or en-GB, got %s", schema.Describe(in.Language))
	}
	return tag, nil
}

// change writes the text by the Caser that make gives for its language.
func (in caseInput) change(make func(language.Tag) cases.Caser) (textOutput, error) {
	tag, err := in.language()
	if err != nil {
		return textOutput{}, err
	}
	caser := make(tag)
	return textOutput{caser.String(in.Text)}, nil
}

// plainASCII reports whether the standard library's rules are enough for the text.
func (in caseInput) plainASCII() bool {
	for i := range len(in.Text) {
		if in.Text[i] >= utf8.RuneSelf {
			return false
		}
	}
	return in.Language == ""
}
