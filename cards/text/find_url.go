package text

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type findURLOutput struct {
	URL    string   `json:"url" label:"URL" help:"The first address; empty text when there is none."`
	List   []string `json:"list" help:"Every address, in their order."`
	Length int      `json:"length" help:"How many there are."`
}

// An address ends at white space, and at the quotes and the punctuation of other languages.
var webAddress = regexp.MustCompile(`(?i)\bhttps?://[^\s\p{Z}<>"'\x60{}|\\^“”„‟«»‹›。，、；：！？（）【】「」『』《》〈〉]+`)

// FindURL finds web addresses.
var FindURL = declare(cards.Spec{
	Name:    "text.find_url",
	Title:   "Find URL",
	Icon:    "globe",
	Summary: "Finds the first web address in text.",
	Doc: "Puts out the first address that begins with `http://` or `https://`, and a list of all of them.\n\n" +
		"- Dots, commas and the like at the end belong to the sentence; a closing parenthesis does, unless it was opened within the address.",
	Keywords: []string{"text", "url", "link", "web", "http", "extract", "address"},
	Examples: []cards.Example{{
		Title: "In a sentence",
		In:    schema.Values{"text": "See https://example.com/a?b=c#d, (http://example.org/x_(y)) or http://localhost:8080."},
		Out:   schema.Values{"url": "https://example.com/a?b=c#d", "list": []any{"https://example.com/a?b=c#d", "http://example.org/x_(y)", "http://localhost:8080"}},
	}, {
		Title: "None",
		In:    schema.Values{"text": "ftp://example.com and www.example.com"},
		Out:   schema.Values{"url": "", "list": []any{}, "length": 0},
	}},
}, func(in findKnownInput) (findURLOutput, error) {
	list, err := known(webAddress, in.Text)
	for i := range list {
		list[i] = withoutSentence(list[i])
	}
	out := extracted(list)
	return findURLOutput{out.First, out.List, out.Length}, err
})

// withoutSentence leaves out what follows an address at the end of a sentence.
func withoutSentence(address string) string {
	round := strings.Count(address, ")") - strings.Count(address, "(") // that were not opened within
	square := strings.Count(address, "]") - strings.Count(address, "[")
	for address != "" {
		last, size := utf8.DecodeLastRuneInString(address)
		switch {
		case strings.ContainsRune(".,;:!?*_~‘’", last):
		case last == ')' && round > 0:
			round--
		case last == ']' && square > 0:
			square--
		default:
			return address
		}
		address = address[:len(address)-size]
	}
	return address
}
