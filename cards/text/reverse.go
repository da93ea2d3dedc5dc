package text

import (
	"slices"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type reverseInput struct {
	Text string `json:"text" format:"multiline" help:"The text to turn around."`
}

// Reverse turns text around.
var Reverse = declare(cards.Spec{
	Name:     "text.reverse",
	Title:    "Reverse Text",
	Icon:     "undo-2",
	Summary:  "Writes text backwards.",
	Doc:      "Puts out the characters in the opposite order.\n\n- Characters are Unicode code points; a mark that stands alone after its letter comes before it then.",
	Keywords: []string{"text", "backwards", "mirror", "reverse"},
	Examples: []cards.Example{{
		Title: "A word",
		In:    schema.Values{"text": "añ🎈"},
		Out:   schema.Values{"text": "🎈ña"},
	}, {
		Title: "Nothing is empty text",
		In:    schema.Values{"text": nil},
		Out:   schema.Values{"text": ""},
	}},
}, func(in reverseInput) (textOutput, error) {
	r := []rune(in.Text)
	slices.Reverse(r)
	return textOutput{string(r)}, nil
})
