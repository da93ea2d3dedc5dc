package event

import (
	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type manualSettings struct {
	Inputs []input `json:"inputs" form:"fixed" help:"What the Run dialog asks for. Each becomes an output that you can drag."`
}

// Manual begins a flow when a person runs it.
var Manual = cards.NewEvent[manualSettings, struct{}](cards.Spec{
	Name:     "event.manual",
	Title:    "Manual",
	Category: category,
	Family:   cards.FamilyEvent,
	Icon:     "mouse-pointer-click",
	Summary:  "Runs when a person presses Run.",
	Doc: "Begins the flow by hand, from the Run button.\n\n" +
		"- Declare inputs, and the Run dialog asks for them with a form.\n" +
		"- Good for jobs done now and then, and while a flow is being built.",
	Keywords:    []string{"run", "button", "hand", "form", "start", "trigger", "test", "delegated"},
	OutputsFrom: "inputs",
	Examples: []cards.Example{{
		Title: "Ask for an email address and a day",
		In: schema.Values{"inputs": []any{schema.Values{"name": "email", "required": true, "help": "Whose account to close."},
			schema.Values{"name": "day", "type": "date"}}},
		Out: schema.Values{"email": "maya@example.com", "day": "2026-03-01"},
	}, {
		Title: "Nothing to ask",
		In:    schema.Values{},
		Out:   schema.Values{},
	}, {
		Title: "A type must be one of those there are",
		In:    schema.Values{"inputs": []any{schema.Values{"name": "email", "type": "colour"}}},
		Err:   cards.CodeInvalidInput,
	}},
})
