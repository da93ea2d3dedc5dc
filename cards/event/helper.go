package event

import (
	"flowdeck/cards"
	"flowdeck/cards/schema"
)

// result is one of the outputs that a flow declares.
type result struct {
	Name string `json:"name" form:"required,fixed" placeholder:"customer_id" help:"The name under which Return gives it."`
	Type string `json:"type" default:"any" options:"text=Text|number=Number|boolean=True / false|date=Date|object=Object|list=List|any=Any" form:"fixed" help:"What it is."`
	Help string `json:"help" label:"Description" form:"fixed" help:"What it means, for whoever calls."`
}

type helperSettings struct {
	Inputs  []input  `json:"inputs" form:"fixed" help:"What callers must give. Each becomes an output that you can drag."`
	Returns []result `json:"returns" label:"Returns" form:"fixed" help:"What Return gives back. Without any, it is read from the Return cards."`
}

// Helper begins a flow when another flow calls it.
var Helper = cards.NewEvent[helperSettings, struct{}](cards.Spec{
	Name:     "event.helper",
	Title:    "Helper",
	Category: category,
	Family:   cards.FamilyEvent,
	Icon:     "workflow",
	Summary:  "Runs when another flow calls this one.",
	Doc: "Makes the flow one that others call, with **Call Flow** or **Call Flow in Background**.\n\n" +
		"- Declare inputs, and the calling card asks for them, checks them and turns them into their types.\n" +
		"- What **Return** gives are the outputs of the calling card. Declare them to give them types and descriptions.\n" +
		"- The Run button begins it by hand, as with Manual.",
	Keywords:    []string{"helper", "call", "subflow", "function", "child", "reuse", "start", "trigger"},
	OutputsFrom: "inputs",
	Examples: []cards.Example{{
		Title: "One input",
		In:    schema.Values{"inputs": []any{schema.Values{"name": "email", "required": true}}, "returns": []any{schema.Values{"name": "found", "type": "boolean"}}},
		Out:   schema.Values{"email": "maya@example.com"},
	}, {
		Title: "A type must be one of those there are",
		In:    schema.Values{"inputs": []any{schema.Values{"name": "email", "type": "colour"}}},
		Err:   cards.CodeInvalidInput,
	}},
})
