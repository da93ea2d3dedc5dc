package text

import (
	"encoding/json"
	"unicode/utf8"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type findInput struct {
	Text          string      `json:"text" label:"Look in" format:"multiline" help:"The text to search."`
	Search        string      `json:"search" label:"Look for" form:"required" help:"The text to find, as it stands."`
	CaseSensitive bool        `json:"case_sensitive" default:"true" help:"Whether A and a are different."`
	Start         json.Number `json:"start" label:"Start at" default:"0" form:"advanced" help:"The position to look from; from the end when negative."`
}

type findOutput struct {
	Position int  `json:"position" help:"Where it begins, from 0; −1 when it is not there."`
	Found    bool `json:"found" help:"Whether it is there."`
}

// Find searches text.
var Find = declare(cards.Spec{
	Name:    "text.find",
	Title:   "Find",
	Icon:    "search",
	Summary: "Says where in a text another one first stands.",
	Doc: "Looks for text and puts out the position of its first character: 0 is the first of all, −1 means that it is not there.\n\n" +
		"- Positions count Unicode code points, as those of Text Segment do.\n" +
		"- What is looked for is taken as it stands; for patterns there is Find Pattern.",
	Keywords: []string{"text", "search", "index of", "position", "contains", "includes"},
	Examples: []cards.Example{{
		Title: "The at sign",
		In:    schema.Values{"text": "måns@example.com", "search": "@"},
		Out:   schema.Values{"position": 4, "found": true},
	}, {
		Title: "Capital or small",
		In:    schema.Values{"text": "Re: Invoice", "search": "invoice", "case_sensitive": false},
		Out:   schema.Values{"position": 4},
	}, {
		Title: "Not there",
		In:    schema.Values{"text": "abcabc", "search": "a", "start": 4},
		Out:   schema.Values{"position": -1, "found": false},
	}, {
		Title: "Something to look for is needed",
		In:    schema.Values{"text": "abc", "search": ""},
		Err:   cards.CodeInvalidInput,
	}},
}, func(in findInput) (findOutput, error) {
	search, err := newLiteral("search", in.Search, in.CaseSensitive)
	if err != nil {
		return findOutput{}, err
	}
	start, err := whole("start", in.Start, 0)
	if err != nil {
		return findOutput{}, err
	}
	if start < 0 {
		start = clamped(start, utf8.RuneCountInString(in.Text))
	}
	skipped := byteAt(in.Text, start)
	from := search.first(in.Text[skipped:])
	if from < 0 {
		return findOutput{-1, false}, nil
	}
	return findOutput{positionOf(in.Text, skipped+from), true}, nil
})
