package control

import (
	"flowdeck/cards"
	"flowdeck/cards/condition"
	"flowdeck/cards/pattern"
	"flowdeck/cards/schema"
)

type returnErrorIfInput struct {
	condition.Joined
	Conditions []condition.Condition `json:"conditions" form:"required" help:"When they hold, the card fails."`
	condition.Groups
	errorInput
}

// ReturnErrorIf fails when conditions hold.
var ReturnErrorIf = newReturnErrorIf(pattern.New())

func newReturnErrorIf(compiled *pattern.Cache) cards.Card {
	missing := []any{schema.Values{"left": nil, "operator": "is_empty"}}
	return cards.NewControl(cards.Spec{
		Name:     "control.return_error_if",
		Title:    "Return Error If",
		Category: category,
		Family:   cards.FamilyReply,
		Icon:     "circle-alert",
		Summary:  "Fails with an error of your own when conditions hold.",
		Doc: "Fails with the code and the message that you give when the conditions hold; otherwise the cards after it run.\n\n" +
			"- The nearest **Try / Catch** around it may catch the error by its code; otherwise the run fails, and the caller of an endpoint gets the status and the message." + more,
		Keywords: []string{"throw", "fail", "raise", "error", "assert", "check", "validate", "guard", "require"},
		Warn:     condition.Doubts,
		Examples: []cards.Example{{
			Title: "Something is missing",
			In:    schema.Values{"conditions": missing, "code": "no_email", "message": "The user has no email address.", "status_code": 422},
			Err:   "no_email",
		}, {
			Title: "All is there",
			In:    schema.Values{"conditions": []any{schema.Values{"left": "x", "operator": "is_empty"}}, "message": "It is empty."},
			Out:   schema.Values{},
		}},
	}, func(_ cards.Flow, in returnErrorIfInput) (struct{}, error) {
		holds, err := condition.Hold(compiled, in.Match, in.Conditions, in.Groups.Groups)
		if err != nil || !holds {
			return struct{}{}, err
		}
		return struct{}{}, in.failure()
	})
}
