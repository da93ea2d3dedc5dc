package text

import (
	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type replacePatternInput struct {
	Text        string `json:"text" label:"Look in" format:"multiline" help:"The text to change."`
	Pattern     string `json:"pattern" label:"Look for" form:"required" placeholder:"(\\d+)-(\\d+)" help:"A regular expression."`
	Replacement string `json:"replacement" label:"Replace with" placeholder:"$2-$1" help:"What is put in its place; $1 is what the first group matched, ${name} that of a name."`
	All         bool   `json:"all" label:"All instances" default:"true" help:"Every match, or only the first."`
	IgnoreCase  bool   `json:"ignore_case" help:"Whether A and a are the same."`
}

// ReplacePattern replaces what matches a pattern.
var ReplacePattern = declare(cards.Spec{
	Name:    "text.replace_pattern",
	Title:   "Replace Pattern",
	Icon:    "regex",
	Summary: "Replaces what matches a pattern.",
	Doc: "Puts other text in the place of every match of a pattern, or of the first.\n\n" +
		"- In the replacement `$1` is what the first group matched, `${name}` what the group of that name did, `$0` the whole match; `$$` is a dollar sign. Write `${1}` before a letter or digit.\n" + patternRules,
	Keywords: []string{"text", "regex", "regular expression", "substitute", "change", "groups"},
	Examples: []cards.Example{{
		Title: "Another order",
		In:    schema.Values{"text": "Okafor, Maya; Lund, Bob", "pattern": `(\w+), (\w+)`, "replacement": "$2 $1"},
		Out:   schema.Values{"text": "Maya Okafor; Bob Lund", "count": 2},
	}, {
		Title: "Only digits are left",
		In:    schema.Values{"text": "+49 (30) 1207", "pattern": `\D`, "replacement": ""},
		Out:   schema.Values{"text": "49301207"},
	}, {
		Title: "Look-behind is not RE2",
		In:    schema.Values{"text": "abc", "pattern": "(?<=a)b", "replacement": "x"},
		Err:   cards.CodeInvalidInput,
	}},
}, func(in replacePatternInput) (replaceOutput, error) {
	re, err := patternOf("pattern", in.Pattern, in.IgnoreCase)
	if err != nil {
		return replaceOutput{}, err
	}
	text, count, err := substitute(re, in.Text, in.Replacement, in.All)
	return replaceOutput{text, count}, err
})
