// Package control holds the cards that decide which cards run.
//
// They have no clock, no context and no connection: a run must be able to repeat
// their decisions from what it remembers.
package control

import (
	"maps"

	"flowdeck/cards"
	"flowdeck/cards/condition"
	"flowdeck/cards/pattern"
	"flowdeck/cards/schema"
)

const category = "Logic"

type ifInput struct {
	condition.Joined
	Conditions []condition.Condition `json:"conditions" form:"required" help:"They are looked at in order, until the answer is clear."`
	condition.Groups
}

type ifOutput struct {
	Branch  string        `json:"branch" help:"Which block ran: then, else, or the key of a branch."`
	Results schema.Values `json:"*"`
}

// If runs one of two blocks; its outputs are that block's results.
var If = newIf(pattern.New())

func newIf(compiled *pattern.Cache) cards.Card {
	return cards.NewControl(cards.Spec{
		Name:         "control.if",
		Title:        "If / Else",
		Category:     category,
		Family:       cards.FamilyLogic,
		Icon:         "split",
		Summary:      "Takes one of two paths.",
		Doc:          "Runs the cards under **Then** when the conditions hold, otherwise the cards under **Else**. What the side that ran results in becomes outputs of this card.\n\n" + comparing,
		Keywords:     []string{"if", "else", "condition", "branch", "when", "compare", "decide", "filter", "switch"},
		Blocks:       []cards.BlockSpec{{Name: "then", Title: "Then"}, {Name: "else", Title: "Else"}},
		BlockOutputs: true,
		Warn:         condition.Doubts,
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
			Title: "Conditions in brackets",
			In: schema.Values{"conditions": []any{schema.Values{"left": "DE", "operator": "equals", "right": "DE"}}, "groups": []any{
				schema.Values{"match": "any", "conditions": []any{
					schema.Values{"left": 5, "operator": "less", "right": 3}, schema.Values{"left": true, "operator": "is_true"}}}}},
			Out: schema.Values{"branch": "then"},
		}, {
			Title: "Text that is no number has no place beside one",
			In:    schema.Values{"conditions": []any{schema.Values{"left": "abc", "operator": "greater", "right": 9}}},
			Err:   cards.CodeInvalidInput,
		}},
	}, func(flow cards.Flow, in ifInput) (ifOutput, error) {
		holds, err := condition.Hold(compiled, in.Match, in.Conditions, in.Groups.Groups)
		if err != nil {
			return ifOutput{}, err
		}
		branch := "else"
		if holds {
			branch = "then"
		}
		return take(flow, branch)
	})
}

// take runs the branch that was chosen.
func take(flow cards.Flow, branch string) (ifOutput, error) {
	results, err := flow.Run(branch)
	if err != nil {
		return ifOutput{}, err
	}
	return ifOutput{branch, maps.Clone(results)}, free(branch, results, "branch")
}

// free refuses a result whose name is that of an output of the card itself.
func free(block string, results schema.Values, names ...string) error {
	for _, name := range names {
		if _, taken := results[name]; taken {
			return schema.Problems{{Field: block + "." + name, Message: "is an output of the card itself; give the result another name"}}
		}
	}
	return nil
}
