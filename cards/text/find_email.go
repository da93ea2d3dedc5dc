package text

import (
	"regexp"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type findKnownInput struct {
	Text string `json:"text" label:"Look in" format:"multiline" help:"The text to search."`
}

type findEmailOutput struct {
	Email  string   `json:"email" help:"The first address; empty text when there is none."`
	List   []string `json:"list" help:"Every address, in their order."`
	Length int      `json:"length" help:"How many there are."`
}

// An address as people write it (RFC 5321, section 4.1.2, without quoted local parts):
// its parts are not empty and its domain has a dot. It may begin with a quote, a stroke or a
// star, but in text those stand around an address.
var email = regexp.MustCompile(`(?i)[\p{L}\p{N}!#$%&+_~-][\p{L}\p{N}!#$%&'*+/=?^_{|}~\x60-]*(?:\.[\p{L}\p{N}!#$%&'*+/=?^_{|}~\x60-]+)*@(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.)+[\p{L}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])`)

// FindEmail finds email addresses.
var FindEmail = declare(cards.Spec{
	Name:    "text.find_email",
	Title:   "Find Email",
	Icon:    "mail",
	Summary: "Finds the first email address in text.",
	Doc: "Puts out the first email address that stands in a text, and a list of all of them.\n\n" +
		"- An address is what can be written as one: whether anybody reads it is not asked.\n" +
		"- Letters of every script are allowed; quoted names such as `\"a b\"@example.com` are not found.",
	Keywords: []string{"text", "email", "address", "extract", "mail"},
	Examples: []cards.Example{{
		Title: "In a sentence",
		In:    schema.Values{"text": "Write to Maya <maya.okafor+new@example.co.uk>, or bob@example.com."},
		Out:   schema.Values{"email": "maya.okafor+new@example.co.uk", "list": []any{"maya.okafor+new@example.co.uk", "bob@example.com"}, "length": 2},
	}, {
		Title: "None",
		In:    schema.Values{"text": "maya@ example.com, @bob, a@b"},
		Out:   schema.Values{"email": "", "length": 0, "list": []any{}},
	}},
}, func(in findKnownInput) (findEmailOutput, error) {
	list, err := known(email, in.Text)
	out := extracted(list)
	return findEmailOutput{out.First, out.List, out.Length}, err
})

// known returns every match of a pattern of ours.
func known(re *regexp.Regexp, text string) ([]string, error) {
	found, err := matches(re, text, true)
	list := make([]string, len(found))
	for i, m := range found {
		list[i] = text[m[0]:m[1]]
	}
	return list, err
}
