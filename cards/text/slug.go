package text

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type slugInput struct {
	Text      string `json:"text" help:"The text to make a name of."`
	Separator string `json:"separator" default:"-" help:"What stands between the words."`
	Length    int    `json:"length" label:"At most" default:"0" min:"0" form:"advanced" help:"How many characters it may have; words are not cut unless the first is longer. 0 is any number."`
}

// Slug makes a name for an address of text.
var Slug = declare(cards.Spec{
	Name:    "text.slug",
	Title:   "Slug",
	Icon:    "link",
	Summary: "Makes a name for a web address or a channel of text.",
	Doc: "Puts out the words of the text in small letters, with a dash between each two, and nothing else.\n\n" +
		"- Accents are left out, as Remove Accents does. Letters and digits of every script stay; everything else separates words.",
	Keywords: []string{"text", "slug", "url", "kebab", "snake case", "name", "permalink", "channel", "identifier"},
	Examples: []cards.Example{{
		Title: "A title",
		In:    schema.Values{"text": "Müller & Söhne: What's new in 2026?"},
		Out:   schema.Values{"text": "muller-sohne-whats-new-in-2026"},
	}, {
		Title: "A name for a variable",
		In:    schema.Values{"text": "First  Name (new)", "separator": "_"},
		Out:   schema.Values{"text": "first_name_new"},
	}, {
		Title: "Not longer than that",
		In:    schema.Values{"text": "incident checkout is slow", "length": 20},
		Out:   schema.Values{"text": "incident-checkout-is"},
	}, {
		Title: "Nothing to make it of",
		In:    schema.Values{"text": "!?"},
		Out:   schema.Values{"text": ""},
	}},
}, func(in slugInput) (textOutput, error) {
	plain := strings.NewReplacer("'", "", "’", "").Replace(strings.ToLower(plainLetters(in.Text)))
	var b strings.Builder
	length, gap := 0, utf8.RuneCountInString(in.Separator)
	for word := range strings.FieldsFuncSeq(plain, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		if b.Len()+len(in.Separator)+len(word) > maxText {
			return textOutput{}, errTooLong("text")
		}
		letters := utf8.RuneCountInString(word)
		switch {
		case b.Len() == 0 && in.Length > 0 && letters > in.Length:
			return textOutput{word[:byteAt(word, in.Length)]}, nil
		case b.Len() == 0:
		case in.Length > 0 && length+gap+letters > in.Length:
			return textOutput{b.String()}, nil
		default:
			b.WriteString(in.Separator)
			length += gap
		}
		b.WriteString(word)
		length += letters
	}
	return textOutput{b.String()}, nil
})
