package control

import (
	"context"

	"flowdeck/cards"
	"flowdeck/cards/condition"
	"flowdeck/cards/pattern"
	"flowdeck/cards/schema"
)

type assignIfInput struct {
	condition.Joined
	Conditions []condition.Condition `json:"conditions" form:"required" help:"They choose between the two values."`
	condition.Groups
	Then any `json:"then" label:"Value if true" help:"Put out when the conditions hold."`
	Else any `json:"else" label:"Value if false" help:"Put out when they do not."`
}

type assignIfOutput struct {
	Value any  `json:"value" help:"The value that was chosen."`
	Held  bool `json:"held" form:"advanced" help:"Whether the conditions hold."`
}

// AssignIf chooses one of two values.
var AssignIf = newAssignIf(pattern.New())

func newAssignIf(compiled *pattern.Cache) cards.Card {
	return cards.NewFunction(cards.Spec{
		Name:     "control.assign_if",
		Title:    "Assign If",
		Category: category,
		Family:   cards.FamilyLogic,
		Icon:     "equal",
		Summary:  "Chooses one of two values.",
		Doc: "Puts out one value when the conditions hold and another one when they do not.\n\n" +
			"- A value that is left blank is empty." + more,
		Keywords: []string{"choose", "ternary", "conditional", "value", "either", "default", "if"},
		Warn:     condition.Doubts,
		Examples: []cards.Example{{
			Title: "The first",
			In:    schema.Values{"conditions": []any{schema.Values{"left": 120, "operator": "greater", "right": 100}}, "then": "large", "else": "small"},
			Out:   schema.Values{"value": "large", "held": true},
		}, {
			Title: "The other",
			In:    schema.Values{"conditions": []any{schema.Values{"left": 20, "operator": "greater", "right": 100}}, "then": "large", "else": "small"},
			Out:   schema.Values{"value": "small", "held": false},
		}, {
			Title: "Values that cannot be compared",
			In:    schema.Values{"conditions": []any{schema.Values{"left": true, "operator": "less", "right": 3}}, "then": 1},
			Err:   cards.CodeInvalidInput,
		}},
	}, func(_ context.Context, _ cards.Env, in assignIfInput) (assignIfOutput, error) {
		holds, err := condition.Hold(compiled, in.Match, in.Conditions, in.Groups.Groups)
		if err != nil || !holds {
			return assignIfOutput{Value: in.Else}, err
		}
		return assignIfOutput{in.Then, true}, nil
	})
}
