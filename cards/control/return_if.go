package control

import (
	"flowdeck/cards"
	"flowdeck/cards/condition"
	"flowdeck/cards/pattern"
	"flowdeck/cards/schema"
)

type returnIfInput struct {
	condition.Joined
	Conditions []condition.Condition `json:"conditions" form:"required" help:"When they hold, the flow ends here."`
	condition.Groups
	returnInput
}

// ReturnIf ends the run with its outputs when conditions hold.
var ReturnIf = newReturnIf(pattern.New())

func newReturnIf(compiled *pattern.Cache) cards.Card {
	yes := []any{schema.Values{"left": "a", "operator": "equals", "right": "a"}}
	return cards.NewControl(cards.Spec{
		Name:     "control.return_if",
		Title:    "Return If",
		Category: category,
		Family:   cards.FamilyReply,
		Icon:     "corner-down-left",
		Summary:  "Ends the flow with its output when conditions hold.",
		Doc: "Ends the run at once when the conditions hold; otherwise the cards after it run.\n\n" +
			"- It ends the whole flow, also from inside of a branch, a loop or Try. **Continue If** ends only the block.\n" +
			"- The caller of an endpoint gets the values as JSON, unless **Close** has answered before." + more,
		Keywords: []string{"end", "stop", "exit", "output", "early", "guard", "condition"},
		Warn:     condition.Doubts,
		Examples: []cards.Example{{
			Title: "The flow ends",
			In:    schema.Values{"conditions": yes, "values": schema.Values{"status": "known already"}},
			Out:   schema.Values{"status": "known already"},
		}, {
			Title: "The flow goes on",
			In:    schema.Values{"conditions": []any{schema.Values{"left": 1, "operator": "equals", "right": 2}}},
			Out:   schema.Values{},
		}},
	}, func(flow cards.Flow, in returnIfInput) (struct{}, error) {
		holds, err := condition.Hold(compiled, in.Match, in.Conditions, in.Groups.Groups)
		if err != nil || !holds {
			return struct{}{}, err
		}
		return struct{}{}, in.returnTo(flow)
	})
}
