package text

import (
	"unicode"
	"unicode/utf8"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type capitalizeInput struct {
	Text string `json:"text" format:"multiline" help:"The text to begin with a capital letter."`
}

// Capitalize begins text with a capital letter.
var Capitalize = declare(cards.Spec{
	Name:    "text.capitalize",
	Title:   "Capitalize",
	Icon:    "type",
	Summary: "Begins text with a capital letter.",
	Doc: "Makes the first character a capital letter and leaves the others as they are.\n\n" +
		"- Text that begins with anything else than a letter stays as it is. For every word there is Title Case.",
	Keywords: []string{"text", "capital", "first letter", "sentence", "ucfirst"},
	Examples: []cards.Example{{
		Title: "A sentence",
		In:    schema.Values{"text": "your iPhone is on its way"},
		Out:   schema.Values{"text": "Your iPhone is on its way"},
	}, {
		Title: "No letter to change",
		In:    schema.Values{"text": "7 items"},
		Out:   schema.Values{"text": "7 items"},
	}, {
		Title: "Nothing is empty text",
		In:    schema.Values{"text": nil},
		Out:   schema.Values{"text": ""},
	}},
}, func(in capitalizeInput) (textOutput, error) {
	first, size := utf8.DecodeRuneInString(in.Text)
	if size == 0 || first == utf8.RuneError {
		return textOutput(in), nil
	}
	return textOutput{string(unicode.ToTitle(first)) + in.Text[size:]}, nil
})
