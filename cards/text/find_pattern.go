package text

import (
	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type patternInput struct {
	Text       string `json:"text" label:"Look in" format:"multiline" help:"The text to search."`
	Pattern    string `json:"pattern" label:"Look for" form:"required" placeholder:"#(\\d+)" help:"A regular expression."`
	IgnoreCase bool   `json:"ignore_case" help:"Whether A and a are the same."`
}

type patternOutput struct {
	Position int               `json:"position" help:"Where the match begins, from 0; −1 when there is none."`
	Found    bool              `json:"found" help:"Whether there is a match."`
	Text     string            `json:"text" help:"The text that matched."`
	Groups   []any             `json:"groups" help:"What each group in parentheses matched, in their order; nothing for one that took no part."`
	Named    map[string]string `json:"named" help:"What each group with a name matched, as in (?P<year>…)."`
}

const patternRules = "- Patterns are RE2 regular expressions: linear in time, without look-around and back references. They may be 4,096 letters long.\n" +
	"- They match anywhere: begin with `^` and end with `$` to match all; `(?s)` lets `.` match line ends."

// FindPattern finds the first match of a pattern.
var FindPattern = declare(cards.Spec{
	Name:    "text.find_pattern",
	Title:   "Find Pattern",
	Icon:    "regex",
	Summary: "Finds the first match of a pattern in text.",
	Doc: "Puts out where a pattern first matches, the text that matched, and what its groups matched.\n\n" +
		"- Positions count Unicode code points from 0; −1 means that nothing matches.\n" + patternRules,
	Keywords: []string{"text", "regex", "regular expression", "match", "search", "position", "groups"},
	Examples: []cards.Example{{
		Title: "A ticket number",
		In:    schema.Values{"text": "Re: ticket #1207 is open", "pattern": `#(\d+)`},
		Out:   schema.Values{"position": 11, "found": true, "text": "#1207", "groups": []any{"1207"}},
	}, {
		Title: "Groups with names",
		In:    schema.Values{"text": "on 2026-03-01", "pattern": `(?P<year>\d{4})-(?P<month>\d\d)`},
		Out:   schema.Values{"named": schema.Values{"year": "2026", "month": "03"}},
	}, {
		Title: "Nothing matches",
		In:    schema.Values{"text": "abc", "pattern": `\d`},
		Out:   schema.Values{"position": -1, "found": false, "text": "", "groups": []any{}, "named": schema.Values{}},
	}, {
		Title: "Not a pattern",
		In:    schema.Values{"text": "abc", "pattern": "(a"},
		Err:   cards.CodeInvalidInput,
	}},
}, func(in patternInput) (patternOutput, error) {
	re, err := patternOf("pattern", in.Pattern, in.IgnoreCase)
	if err != nil {
		return patternOutput{}, err
	}
	found, err := matches(re, in.Text, false)
	if err != nil || len(found) == 0 {
		return patternOutput{Position: -1}, err
	}
	m := found[0]
	out := patternOutput{Position: positionOf(in.Text, m[0]), Found: true, Text: in.Text[m[0]:m[1]], Named: map[string]string{}}
	for i, name := range re.SubexpNames()[1:] {
		from, to := m[2*i+2], m[2*i+3]
		if from < 0 {
			out.Groups = append(out.Groups, nil)
			continue
		}
		out.Groups = append(out.Groups, in.Text[from:to])
		if name != "" {
			out.Named[name] = in.Text[from:to]
		}
	}
	return out, nil
})
