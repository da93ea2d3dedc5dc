package text

import (
	"strings"

	"golang.org/x/text/cases"
	"golang.org/x/text/language"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

// UpperCase writes text in capital letters.
var UpperCase = declare(cards.Spec{
	Name:     "text.upper_case",
	Title:    "To Upper Case",
	Icon:     "type",
	Summary:  "Writes text in capital letters.",
	Doc:      "Puts out the text with every small letter made a capital one.\n\n" + caseRules,
	Keywords: []string{"text", "uppercase", "capitals", "upcase", "shout"},
	Examples: []cards.Example{{
		Title: "A country code",
		In:    schema.Values{"text": "de"},
		Out:   schema.Values{"text": "DE"},
	}, {
		Title: "A letter may become two",
		In:    schema.Values{"text": "Straße"},
		Out:   schema.Values{"text": "STRASSE"},
	}, {
		Title: "Nothing is empty text",
		In:    schema.Values{},
		Out:   schema.Values{"text": ""},
	}},
}, func(in caseInput) (textOutput, error) {
	if in.plainASCII() {
		return textOutput{strings.ToUpper(in.Text)}, nil
	}
	return in.change(func(t language.Tag) cases.Caser { return cases.Upper(t) })
})
