package text

import (
	"regexp"
	"strings"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type findPhoneOutput struct {
	Phone  string   `json:"phone" help:"The first number, with nothing but digits and + before them; empty text when there is none."`
	List   []string `json:"list" help:"Every number so, in their order."`
	Length int      `json:"length" help:"How many there are."`
}

// A number stands in one line: in a list, the next line is another one.
var phone = regexp.MustCompile(`(?:\+|\(|\b)\d[\d ().\x{a0}\x{202f}\x{2011}/-]{5,28}\d`)

// FindPhone finds telephone numbers.
var FindPhone = declare(cards.Spec{
	Name:    "text.find_phone",
	Title:   "Find Phone Number",
	Icon:    "hash",
	Summary: "Finds the first telephone number in text.",
	Doc: "Puts out the first run of 7 to 15 digits that is written as a telephone number, and a list of all of them.\n\n" +
		"- Blanks, dots, dashes, slashes and parentheses between the digits are left out, and so is a zero in parentheses after a country code.\n" +
		"- Whether the number is in use, or another long number, is not asked.",
	Keywords: []string{"text", "phone", "telephone", "mobile", "number", "extract"},
	Examples: []cards.Example{{
		Title: "Written in several ways",
		In:    schema.Values{"text": "Call +44 (0)20 7946 0958 or (555) 123-4567."},
		Out:   schema.Values{"phone": "+442079460958", "list": []any{"+442079460958", "5551234567"}},
	}, {
		Title: "Too few digits",
		In:    schema.Values{"text": "Room 42, floor 7"},
		Out:   schema.Values{"phone": "", "list": []any{}, "length": 0},
	}},
}, func(in findKnownInput) (findPhoneOutput, error) {
	found, err := known(phone, in.Text)
	list := []string{}
	for _, written := range found {
		if n := dialled(written); len(n) >= 7 && len(strings.TrimPrefix(n, "+")) <= 15 {
			list = append(list, n)
		}
	}
	out := extracted(list)
	return findPhoneOutput{out.First, out.List, out.Length}, err
})

// dialled is what is dialled of a number as it is written.
func dialled(written string) string {
	if strings.HasPrefix(written, "+") {
		written = strings.Replace(written, "(0)", "", 1)
	}
	return strings.Map(func(r rune) rune {
		if r == '+' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, written)
}
