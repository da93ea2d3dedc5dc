// Package control holds the cards that decide which cards run.
//
// They have no clock, no context and no connection: a run must be able to repeat
// their decisions from what it remembers.
package control

import (
	"fmt"
	"maps"

	"flowdeck/cards"
	"flowdeck/cards/condition"
	"flowdeck/cards/pattern"
	"flowdeck/cards/schema"
)

const category = "Logic"

type ifInput struct {
	Match      string                `json:"match" label:"Joined by" default:"all" options:"all=All of these|any=Any of these" form:"fixed" help:"Whether every condition must hold, or one is enough."`
	Conditions []condition.Condition `json:"conditions" form:"required" help:"They are looked at in order, until the answer is clear."`
}

type ifOutput struct {
	Branch  string        `json:"branch" help:"then or else: the side that ran."`
	Results schema.Values `json:"*"`
}

// If runs one of two blocks; its outputs are that block's results.
var If = newIf(pattern.New())

func newIf(compiled *pattern.Cache) cards.Card {
	return cards.NewControl(cards.Spec{
		Name:     "control.if",
		Title:    "If / Else",
		Category: category,
		Family:   cards.FamilyLogic,
		Icon:     "split",
		Summary:  "Takes one of two paths.",
		Doc: "Runs the cards under **Then** when the conditions hold, otherwise the cards under **Else**. What the side that ran results in becomes outputs of this card.\n\n" +
			"- Values are not converted. A number and text are compared as numbers when the text is a number written out, such as `200`.\n" +
			"- **equals** compares numbers by value and text exactly: `Maya` is not `maya`. True is not the text `true`; use **is true**. Nothing equals empty text.\n" +
			"- **is greater than** and the like compare numbers with numbers and text with text. Two texts that are both numbers are compared as numbers, others letter by letter. Anything else fails the card with `invalid_input`.\n" +
			"- **is one of** takes a list, or names with commas between them.\n" +
			"- **matches** takes a regular expression (RE2); it may match anywhere, so begin with ^ and end with $ to match all.",
		Keywords:     []string{"if", "else", "condition", "branch", "when", "compare", "decide", "filter", "switch"},
		Blocks:       []cards.BlockSpec{{Name: "then", Title: "Then"}, {Name: "else", Title: "Else"}},
		BlockOutputs: true,
		Examples: []cards.Example{{
			Title: "A status written as a number equals the number",
			In:    schema.Values{"conditions": []any{schema.Values{"left": 200, "operator": "equals", "right": "200"}}},
			Out:   schema.Values{"branch": "then", "ran": "then"},
		}, {
			Title: "All conditions must hold",
			In: schema.Values{"conditions": []any{
				schema.Values{"left": "maya@example.com", "operator": "ends_with", "right": "@example.com"},
				schema.Values{"left": 3, "operator": "greater", "right": 9}}},
			Out: schema.Values{"branch": "else", "ran": "else"},
		}, {
			Title: "Or one of them",
			In: schema.Values{"match": "any", "conditions": []any{
				schema.Values{"left": "DE", "operator": "in", "right": "DE, AT, CH"},
				schema.Values{"left": nil, "operator": "is_not_empty"}}},
			Out: schema.Values{"branch": "then"},
		}, {
			Title: "Text that is no number has no place beside one",
			In:    schema.Values{"conditions": []any{schema.Values{"left": "abc", "operator": "greater", "right": 9}}},
			Err:   cards.CodeInvalidInput,
		}},
	}, func(flow cards.Flow, in ifInput) (ifOutput, error) {
		holds, err := in.hold(compiled)
		if err != nil {
			return ifOutput{}, err
		}
		branch := "else"
		if holds {
			branch = "then"
		}
		results, err := flow.Run(branch)
		if err != nil {
			return ifOutput{}, err
		}
		if _, taken := results["branch"]; taken {
			return ifOutput{}, schema.Problems{{Field: branch + ".branch", Message: "is an output of the card itself; give the result another name"}}
		}
		return ifOutput{branch, maps.Clone(results)}, nil
	})
}

// hold reports whether the conditions hold together. Those that cannot change the
// answer any more are not looked at.
func (in ifInput) hold(compiled *pattern.Cache) (bool, error) {
	for i, c := range in.Conditions {
		holds, err := c.Holds(compiled)
		if err != nil {
			return false, schema.Problems{{Field: fmt.Sprintf("conditions.%d", i), Message: err.Error()}}
		}
		if holds == (in.Match == "any") {
			return holds, nil
		}
	}
	return in.Match != "any", nil
}
