package boolean

import (
	"flowdeck/cards"
	"flowdeck/cards/condition"
	"flowdeck/cards/pattern"
	"flowdeck/cards/schema"
)

type compareInput struct {
	condition.Condition
}

// Compare says whether two values compare as asked.
var Compare = newCompare(pattern.New())

func newCompare(compiled *pattern.Cache) cards.Card {
	return declare(cards.Spec{
		Name:    "boolean.compare",
		Title:   "Compare",
		Icon:    "equal",
		Summary: "Says whether two values compare as asked.",
		Doc: "Puts out true when the comparison holds, otherwise false. It compares as **If / Else** does.\n\n" +
			"- A number and text are compared as numbers when the text is a number written out; otherwise nothing is converted. Text is compared exactly, and nothing equals empty text.\n" +
			"- **is greater than** and the like take two numbers or two texts; dates of one time zone are in order as texts. Anything else fails with `invalid_input`.\n" +
			"- **is one of** takes a list, or names with commas between them. **matches** takes a regular expression (RE2).",
		Keywords: []string{"true", "false", "test", "condition", "equal", "greater", "contains", "empty", "starts with", "matches"},
		Examples: []cards.Example{{
			Title: "A price",
			In:    schema.Values{"left": 119.5, "operator": "greater", "right": "100"},
			Out:   schema.Values{"result": true},
		}, {
			Title: "One of several",
			In:    schema.Values{"left": "FR", "operator": "in", "right": "DE, AT, CH"},
			Out:   schema.Values{"result": false},
		}, {
			Title: "An empty list",
			In:    schema.Values{"left": []any{}, "operator": "is_empty"},
			Out:   schema.Values{"result": true},
		}, {
			Title: "What cannot be compared",
			In:    schema.Values{"left": "abc", "operator": "less", "right": 9},
			Err:   cards.CodeInvalidInput,
		}},
	}, func(in compareInput) (output, error) {
		holds, err := in.Holds(compiled)
		if err != nil {
			return output{}, schema.Problems{{Field: "left", Message: err.Error()}}
		}
		return output{holds}, nil
	})
}
