package text

import (
	"strings"

	"golang.org/x/text/cases"
	"golang.org/x/text/language"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

// LowerCase writes text in small letters.
var LowerCase = declare(cards.Spec{
	Name:     "text.lower_case",
	Title:    "To Lower Case",
	Icon:     "type",
	Summary:  "Writes text in small letters.",
	Doc:      "Puts out the text with every capital letter made small.\n\n" + caseRules,
	Keywords: []string{"text", "lowercase", "small letters", "downcase", "normalize", "email"},
	Examples: []cards.Example{{
		Title: "An email address",
		In:    schema.Values{"text": "Maya@Example.COM"},
		Out:   schema.Values{"text": "maya@example.com"},
	}, {
		Title: "Every script",
		In:    schema.Values{"text": "ÅSE ΟΔΥΣΣΕΥΣ"},
		Out:   schema.Values{"text": "åse οδυσσευς"},
	}, {
		Title: "Turkish has two i",
		In:    schema.Values{"text": "TITLE", "language": "tr"},
		Out:   schema.Values{"text": "tıtle"},
	}, {
		Title: "Not a language",
		In:    schema.Values{"text": "A", "language": "no such thing"},
		Err:   cards.CodeInvalidInput,
	}},
}, func(in caseInput) (textOutput, error) {
	if in.plainASCII() {
		return textOutput{strings.ToLower(in.Text)}, nil
	}
	return in.change(func(t language.Tag) cases.Caser { return cases.Lower(t) })
})
