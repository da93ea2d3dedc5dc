package text

import (
	"fmt"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type replacePatternsInput struct {
	Text          string   `json:"text" label:"Look in" format:"multiline" help:"The text to change."`
	Patterns      []string `json:"patterns" form:"required" help:"A list of what to look for."`
	Replacement   string   `json:"replacement" label:"Replace with" help:"What is put in the place of each. Nothing when left blank."`
	As            string   `json:"as" label:"They are" default:"pattern" options:"pattern=regular expressions|text=texts as they stand" form:"fixed" help:"How the list is read."`
	All           bool     `json:"all" label:"All instances" default:"true" help:"Every match, or only the first of each."`
	CaseSensitive bool     `json:"case_sensitive" default:"true" help:"Whether A and a are different."`
}

const maxAnyOf = 1000

// ReplacePatterns replaces whatever matches one of several patterns.
var ReplacePatterns = declare(cards.Spec{
	Name:    "text.replace_patterns",
	Title:   "Replace Patterns",
	Icon:    "regex",
	Summary: "Replaces what matches any of several patterns by the same text.",
	Doc: "Goes through the list of patterns, one after the other, and replaces what each matches.\n\n" +
		"- A pattern sees the text as those before it have left it. There may be 1,000 of them.\n" +
		"- In the replacement of regular expressions `$1` is what the first group matched.\n" + patternRules,
	Keywords: []string{"text", "regex", "substitute", "any", "several", "change", "remove"},
	Examples: []cards.Example{{
		Title: "Forms of address",
		In:    schema.Values{"text": "Dr. Prof. Maya Okafor", "patterns": []any{`Dr\. `, `Prof\. `}},
		Out:   schema.Values{"text": "Maya Okafor", "count": 2},
	}, {
		Title: "Texts as they stand",
		In:    schema.Values{"text": "(a) [B] (c)", "patterns": []any{"(", ")", "[b]"}, "as": "text", "case_sensitive": false, "replacement": "-"},
		Out:   schema.Values{"text": "-a- - -c-", "count": 5},
	}, {
		Title: "A mistake says which pattern it is in",
		In:    schema.Values{"text": "a", "patterns": []any{"a", "["}},
		Err:   cards.CodeInvalidInput,
	}},
}, func(in replacePatternsInput) (replaceOutput, error) {
	if len(in.Patterns) > maxAnyOf {
		return replaceOutput{}, wrong("patterns", "may have 1,000 items, got %d", len(in.Patterns))
	}
	out := replaceOutput{Text: in.Text}
	for i, written := range in.Patterns {
		text, count, err := in.one(fmt.Sprint("patterns.", i), written, out.Text)
		if err != nil {
			return replaceOutput{}, err
		}
		out = replaceOutput{text, out.Count + count}
	}
	return out, nil
})

func (in replacePatternsInput) one(field, written, text string) (string, int, error) {
	if in.As == "text" {
		search, err := newLiteral(field, written, in.CaseSensitive)
		if err != nil {
			return "", 0, err
		}
		return search.replace(text, in.Replacement, in.All)
	}
	re, err := patternOf(field, written, !in.CaseSensitive)
	if err != nil {
		return "", 0, err
	}
	return substitute(re, text, in.Replacement, in.All)
}
