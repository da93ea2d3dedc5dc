package control

import (
	"fmt"

	"flowdeck/cards"
	"flowdeck/cards/condition"
	"flowdeck/cards/pattern"
	"flowdeck/cards/schema"
)

// branch is one of the sides of If / Else If: a block of its own.
type branch struct {
	Key   string `json:"key" form:"required,fixed" help:"Names the block in the flow; never changes."`
	Title string `json:"title" form:"fixed" placeholder:"Large order" help:"What the branch is called."`
	condition.Joined
	Conditions []condition.Condition `json:"conditions" form:"required" help:"When they hold, and those of no branch before do, this branch runs."`
	condition.Groups
}

type ifElseIfInput struct {
	Branches []branch `json:"branches" form:"required" help:"They are looked at in order; the first whose conditions hold runs."`
}

// IfElseIf runs the first of its blocks whose conditions hold.
var IfElseIf = newIfElseIf(pattern.New())

func newIfElseIf(compiled *pattern.Cache) cards.Card {
	is := func(left any, right any) []any {
		return []any{schema.Values{"left": left, "operator": "equals", "right": right}}
	}
	return cards.NewControl(cards.Spec{
		Name:     "control.if_else_if",
		Title:    "If / Else If",
		Category: category,
		Family:   cards.FamilyLogic,
		Icon:     "split",
		Summary:  "Takes the first of several paths whose conditions hold.",
		Doc: "Looks at the branches in order and runs the cards of the first whose conditions hold; when none does, those under **Else**. What the branch results in becomes outputs of this card.\n\n" +
			"- Conditions of branches after the one that runs are not looked at.\n" +
			"- A branch has a title of yours; give all branches outputs of the same names, and cards after this one need not know which ran." + more,
		Keywords:     []string{"if", "else", "elseif", "switch", "case", "branch", "condition", "route", "router"},
		Blocks:       []cards.BlockSpec{{Name: "branch", Title: "If", From: "branches", More: "Else if"}, {Name: "else", Title: "Else"}},
		BlockOutputs: true,
		Warn: func(in schema.Values) (list schema.Problems) {
			branches, _ := in["branches"].([]any)
			for i, x := range branches {
				object, _ := x.(map[string]any)
				for _, p := range condition.Doubts(object) {
					list = append(list, schema.Problem{Field: fmt.Sprintf("branches.%d.%s", i, p.Field), Message: p.Message})
				}
			}
			return list
		},
		Examples: []cards.Example{{
			Title: "The first that holds",
			In: schema.Values{"branches": []any{
				schema.Values{"key": "branch", "title": "Large", "conditions": []any{schema.Values{"left": 80, "operator": "greater", "right": 100}}},
				schema.Values{"key": "branch_2", "title": "Medium", "conditions": []any{schema.Values{"left": 80, "operator": "greater", "right": 50}}}}},
			Out: schema.Values{"branch": "branch_2"},
		}, {
			Title: "None holds",
			In:    schema.Values{"branches": []any{schema.Values{"key": "branch", "conditions": is("DE", "AT")}}},
			Out:   schema.Values{"branch": "else"},
		}, {
			Title: "Values that cannot be compared",
			In: schema.Values{"branches": []any{schema.Values{"key": "branch", "conditions": []any{
				schema.Values{"left": []any{1}, "operator": "less", "right": 3}}}}},
			Err: cards.CodeInvalidInput,
		}},
	}, func(flow cards.Flow, in ifElseIfInput) (ifOutput, error) {
		for i, b := range in.Branches {
			holds, err := condition.Hold(compiled, b.Match, b.Conditions, b.Groups.Groups)
			if err != nil {
				return ifOutput{}, condition.Below(fmt.Sprintf("branches.%d", i), err)
			}
			if holds {
				return take(flow, b.Key)
			}
		}
		return take(flow, "else")
	})
}
