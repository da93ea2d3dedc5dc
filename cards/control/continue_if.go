package control

import (
	"flowdeck/cards"
	"flowdeck/cards/condition"
	"flowdeck/cards/pattern"
	"flowdeck/cards/schema"
)

type continueIfInput struct {
	condition.Joined
	Conditions []condition.Condition `json:"conditions" form:"required" help:"When they hold, the cards after this one run."`
	condition.Groups
	Message string `json:"message" label:"Otherwise say" placeholder:"Nothing to do" help:"Why it ended here, for the history of the run."`
}

type continueIfOutput struct {
	Message string `json:"message" form:"advanced" help:"Why it ended here."`
}

// ContinueIf leaves the block it stands in unless conditions hold.
var ContinueIf = newContinueIf(pattern.New())

func newContinueIf(compiled *pattern.Cache) cards.Card {
	return cards.NewControl(cards.Spec{
		Name:     "control.continue_if",
		Title:    "Continue If",
		Category: category,
		Family:   cards.FamilyLogic,
		Icon:     "filter",
		Summary:  "Goes on only when conditions hold.",
		Doc: "Lets the cards after it run when the conditions hold. Otherwise the block ends here, without an error.\n\n" +
			"- In a loop, the round ends and the next begins; the round has no result.\n" +
			"- In a branch, a lane, Try or Catch, only that block ends, and has no results; the cards after it run.\n" +
			"- Outside of blocks, the flow ends: it has succeeded, without an output." + more,
		Keywords: []string{"stop", "filter", "guard", "unless", "skip", "condition", "exit", "break", "continue"},
		Warn:     condition.Doubts,
		Examples: []cards.Example{{
			Title: "It goes on",
			In:    schema.Values{"conditions": []any{schema.Values{"left": 3, "operator": "greater", "right": 2}}},
			Out:   schema.Values{"message": ""},
		}, {
			Title: "It ends here",
			In:    schema.Values{"conditions": []any{schema.Values{"left": 1, "operator": "greater", "right": 2}}, "message": "Too few"},
			Out:   schema.Values{"message": "Too few"},
		}},
	}, func(flow cards.Flow, in continueIfInput) (continueIfOutput, error) {
		holds, err := condition.Hold(compiled, in.Match, in.Conditions, in.Groups.Groups)
		if err != nil || holds {
			return continueIfOutput{}, err
		}
		return continueIfOutput{}, flow.Leave(schema.Values{"message": in.Message})
	})
}
