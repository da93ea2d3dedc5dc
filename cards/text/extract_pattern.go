package text

import (
	"encoding/json"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type extractInput struct {
	Text       string      `json:"text" label:"Look in" format:"multiline" help:"The text to search."`
	Pattern    string      `json:"pattern" label:"Look for" form:"required" placeholder:"#(\\d+)" help:"A regular expression."`
	Group      json.Number `json:"group" form:"advanced" help:"Which group in parentheses to take; 0 is the whole match. The first group, if there is one, when left blank."`
	IgnoreCase bool        `json:"ignore_case" help:"Whether A and a are the same."`
}

type extractOutput struct {
	List   []string `json:"list" help:"What every match holds, in their order."`
	First  string   `json:"first" help:"The first of them; empty text when there is none."`
	Length int      `json:"length" help:"How many there are."`
}

// ExtractPattern finds all matches of a pattern.
var ExtractPattern = declare(cards.Spec{
	Name:    "text.extract_pattern",
	Title:   "Extract Pattern",
	Icon:    "regex",
	Summary: "Makes a list of everything in a text that matches a pattern.",
	Doc: "Finds all matches of a pattern and puts them out as a list of texts.\n\n" +
		"- When the pattern has a group in parentheses, only what the group matched is put out; **Group** says which.\n" +
		"- Matches do not overlap. A list may have 1,000,000 items.\n" + patternRules,
	Keywords: []string{"text", "regex", "regular expression", "match", "find all", "extract", "scan"},
	Examples: []cards.Example{{
		Title: "All tags",
		In:    schema.Values{"text": "#red and #Green", "pattern": `#(\w+)`},
		Out:   schema.Values{"list": []any{"red", "Green"}, "first": "red", "length": 2},
	}, {
		Title: "Whole matches",
		In:    schema.Values{"text": "#red and #Green", "pattern": `#(\w+)`, "group": 0},
		Out:   schema.Values{"list": []any{"#red", "#Green"}},
	}, {
		Title: "Nothing matches",
		In:    schema.Values{"text": "", "pattern": `\d+`},
		Out:   schema.Values{"list": []any{}, "first": "", "length": 0},
	}, {
		Title: "A group that is not there",
		In:    schema.Values{"text": "a", "pattern": "a", "group": 1},
		Err:   cards.CodeInvalidInput,
	}},
}, func(in extractInput) (extractOutput, error) {
	re, err := patternOf("pattern", in.Pattern, in.IgnoreCase)
	if err != nil {
		return extractOutput{}, err
	}
	group, err := whole("group", in.Group, min(1, re.NumSubexp()))
	if err != nil {
		return extractOutput{}, err
	}
	if group < 0 || group > re.NumSubexp() {
		return extractOutput{}, wrong("group", "the pattern has %d groups, got %d", re.NumSubexp(), group)
	}
	found, err := matches(re, in.Text, true)
	if err != nil {
		return extractOutput{}, err
	}
	list := make([]string, len(found))
	for i, m := range found {
		if from := m[2*group]; from >= 0 {
			list[i] = in.Text[from:m[2*group+1]]
		}
	}
	return extracted(list), nil
})

// extracted is what a card puts out that found texts in another.
func extracted(list []string) extractOutput {
	out := extractOutput{List: list, Length: len(list)}
	if len(list) > 0 {
		out.First = list[0]
	}
	return out
}
