package text

import (
	"encoding/json"
	"unicode/utf8"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type findLastInput struct {
	Text          string      `json:"text" label:"Look in" format:"multiline" help:"The text to search."`
	Search        string      `json:"search" label:"Look for" form:"required" help:"The text to find, as it stands."`
	CaseSensitive bool        `json:"case_sensitive" default:"true" help:"Whether A and a are different."`
	Rightmost     json.Number `json:"rightmost" label:"Right-most position" form:"advanced" help:"The last position at which it may begin; from the end when negative."`
}

// FindLast searches text from its end.
var FindLast = declare(cards.Spec{
	Name:    "text.find_last",
	Title:   "Find Last",
	Icon:    "search",
	Summary: "Says where in a text another one stands for the last time.",
	Doc: "Looks for text from the end and puts out the position of its first character; −1 means that it is not there.\n\n" +
		"- Positions count Unicode code points from the start, 0 first.\n" +
		"- **Right-most position** leaves out matches that begin after it.",
	Keywords: []string{"text", "search", "last index of", "position", "end", "backwards"},
	Examples: []cards.Example{{
		Title: "The last dot of a file name",
		In:    schema.Values{"text": "report.final.pdf", "search": "."},
		Out:   schema.Values{"position": 12, "found": true},
	}, {
		Title: "Not after the tenth",
		In:    schema.Values{"text": "report.final.pdf", "search": ".", "rightmost": 10},
		Out:   schema.Values{"position": 6},
	}, {
		Title: "Matches may share letters",
		In:    schema.Values{"text": "aAa", "search": "AA", "case_sensitive": false},
		Out:   schema.Values{"position": 1},
	}, {
		Title: "Not there",
		In:    schema.Values{"text": "", "search": "x"},
		Out:   schema.Values{"position": -1, "found": false},
	}},
}, func(in findLastInput) (findOutput, error) {
	search, err := newLiteral("search", in.Search, in.CaseSensitive)
	if err != nil {
		return findOutput{}, err
	}
	length := utf8.RuneCountInString(in.Text)
	rightmost, err := whole("rightmost", in.Rightmost, length)
	if err != nil {
		return findOutput{}, err
	}
	if rightmost < 0 {
		if rightmost += length; rightmost < 0 {
			return findOutput{-1, false}, nil
		}
	}
	last := search.last(in.Text, byteAt(in.Text, rightmost))
	return findOutput{positionOf(in.Text, last), last >= 0}, nil
})
