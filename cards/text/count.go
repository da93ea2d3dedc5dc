package text

import (
	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type countInput struct {
	Text          string `json:"text" label:"Look in" format:"multiline" help:"The text to search."`
	Search        string `json:"search" label:"Look for" form:"required" help:"What to count."`
	As            string `json:"as" label:"It is" default:"text" options:"text=text as it stands|pattern=a regular expression" form:"fixed" help:"How it is read."`
	CaseSensitive bool   `json:"case_sensitive" default:"true" help:"Whether A and a are different."`
}

type countOutput struct {
	Count int `json:"count" help:"How many times it is there."`
}

// Count says how often text stands in another.
var Count = declare(cards.Spec{
	Name:     "text.count",
	Title:    "Count Matches",
	Icon:     "hash",
	Summary:  "Counts how often text or a pattern stands in a text.",
	Doc:      "Puts out how many times it is found.\n\n- Matches do not overlap: `aa` stands twice in `aaaa`.\n" + patternRules,
	Keywords: []string{"text", "count", "occurrences", "how many", "contains", "regex"},
	Examples: []cards.Example{{
		Title: "Capital or small",
		In:    schema.Values{"text": "Error: no error", "search": "error", "case_sensitive": false},
		Out:   schema.Values{"count": 2},
	}, {
		Title: "A pattern",
		In:    schema.Values{"text": "a1 b22 c", "search": `\d+`, "as": "pattern"},
		Out:   schema.Values{"count": 2},
	}, {
		Title: "Something to look for is needed",
		In:    schema.Values{"text": "abc"},
		Err:   cards.CodeInvalidInput,
	}},
}, func(in countInput) (countOutput, error) {
	if in.As == "text" {
		search, err := newLiteral("search", in.Search, in.CaseSensitive)
		if err != nil {
			return countOutput{}, err
		}
		return countOutput{search.count(in.Text)}, nil
	}
	re, err := patternOf("search", in.Search, !in.CaseSensitive)
	if err != nil {
		return countOutput{}, err
	}
	found, err := matches(re, in.Text, true)
	return countOutput{len(found)}, err
})
