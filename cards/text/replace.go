package text

import (
	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type replaceInput struct {
	Text          string `json:"text" label:"Look in" format:"multiline" help:"The text to change."`
	Search        string `json:"search" label:"Look for" form:"required" help:"The text to find, as it stands."`
	Replacement   string `json:"replacement" label:"Replace with" help:"What is put in its place. Nothing when left blank."`
	All           bool   `json:"all" label:"All instances" default:"true" help:"Every one of them, or only the first."`
	CaseSensitive bool   `json:"case_sensitive" default:"true" help:"Whether A and a are different."`
}

type replaceOutput struct {
	Text  string `json:"text" help:"The text, changed."`
	Count int    `json:"count" help:"How many times it was replaced."`
}

// Replace finds text and puts other text in its place.
var Replace = declare(cards.Spec{
	Name:    "text.replace",
	Title:   "Replace",
	Icon:    "refresh-cw",
	Summary: "Finds text and puts other text in its place.",
	Doc: "Replaces what is looked for, every time or the first time.\n\n" +
		"- Both are taken as they stand; for patterns there is Replace Pattern.\n" +
		"- What was put in is not searched again.",
	Keywords: []string{"text", "substitute", "search", "change", "remove", "swap"},
	Examples: []cards.Example{{
		Title: "Every dot",
		In:    schema.Values{"text": "1.234.567", "search": ".", "replacement": ","},
		Out:   schema.Values{"text": "1,234,567", "count": 2},
	}, {
		Title: "The first, capital or small, with nothing",
		In:    schema.Values{"text": "RE: re: Invoice", "search": "re: ", "all": false, "case_sensitive": false},
		Out:   schema.Values{"text": "re: Invoice", "count": 1},
	}, {
		Title: "Something to look for is needed",
		In:    schema.Values{"text": "abc", "replacement": "x"},
		Err:   cards.CodeInvalidInput,
	}},
}, func(in replaceInput) (replaceOutput, error) {
	search, err := newLiteral("search", in.Search, in.CaseSensitive)
	if err != nil {
		return replaceOutput{}, err
	}
	text, count, err := search.replace(in.Text, in.Replacement, in.All)
	return replaceOutput{text, count}, err
})
