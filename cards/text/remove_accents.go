package text

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type accentsInput struct {
	Text string `json:"text" format:"multiline" help:"The text to write in plain letters."`
}

// RemoveAccents writes letters without their marks.
var RemoveAccents = declare(cards.Spec{
	Name:    "text.remove_accents",
	Title:   "Remove Accents",
	Icon:    "type",
	Summary: "Writes letters without accents and other marks.",
	Doc: "Puts out the text with é as e, ü as u, ß as ss, ø as o, æ as ae.\n\n" +
		"- Letters of other scripts stay what they are, without their marks.",
	Keywords: []string{"text", "accents", "diacritics", "umlaut", "ascii", "plain", "transliterate"},
	Examples: []cards.Example{{
		Title: "Names",
		In:    schema.Values{"text": "Zoë Müller-Søndergård, Łódź, Straße"},
		Out:   schema.Values{"text": "Zoe Muller-Sondergard, Lodz, Strasse"},
	}, {
		Title: "Nothing to remove",
		In:    schema.Values{"text": "東京 7"},
		Out:   schema.Values{"text": "東京 7"},
	}},
}, func(in accentsInput) (textOutput, error) { return textOutput{plainLetters(in.Text)}, nil })

// Letters that Unicode does not take apart into a letter and a mark.
var undivided = strings.NewReplacer("ß", "ss", "ẞ", "SS", "ø", "o", "Ø", "O", "æ", "ae", "Æ", "AE", "œ", "oe", "Œ", "OE",
	"ł", "l", "Ł", "L", "đ", "d", "Đ", "D", "ð", "d", "Ð", "D", "þ", "th", "Þ", "Th", "ħ", "h", "Ħ", "H", "ı", "i", "ŧ", "t", "Ŧ", "T")

func plainLetters(s string) string {
	apart := norm.NFD.String(s)
	without := strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, apart)
	return undivided.Replace(norm.NFC.String(without))
}
