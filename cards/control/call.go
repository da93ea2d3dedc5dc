package control

import (
	"maps"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type callInput struct {
	Flow string         `json:"flow" format:"flow" form:"required" help:"A published flow that begins with Helper or Manual."`
	With map[string]any `json:"with" label:"Inputs" format:"flow-inputs" help:"What the flow declares that it needs."`
}

type callOutput struct {
	Run     string        `json:"run_id" label:"Run" help:"Id of the run of the flow."`
	Results schema.Values `json:"*"`
}

type startOutput struct {
	Run string `json:"run_id" label:"Run" help:"Id of the run that was begun."`
}

const callDoc = "\n\n" +
	"- The version that is live when the card is reached runs. A flow that was never published can be called by test runs of drafts alone: then its draft runs.\n" +
	"- Inputs are checked and turned into their types, as the flow declares them.\n" +
	"- A flow that is switched off or deleted fails the card with `flow_unavailable`.\n" +
	"- Flows may call themselves and each other, 32 deep; then the card fails with `call_depth`. One run may call 10,000 times.\n"

// Call runs another flow and waits for it.
var Call = cards.NewControl(cards.Spec{
	Name:     "control.call",
	Title:    "Call Flow",
	Category: "Flows",
	Family:   cards.FamilyLogic,
	Icon:     "workflow",
	Summary:  "Runs another flow and waits for what it returns.",
	Doc: "Runs another flow as a run of its own. What that flow returns are the outputs of this card." + callDoc +
		"- When the called run fails, this card fails with the same code; the error says at which card, and has the id of the run in its details.\n" +
		"- Cancelling this run cancels the called one too.\n" +
		"- While it waits, the run timeout of this flow stands still; the called flow has its own.",
	Keywords: []string{"call", "flow", "helper", "subflow", "function", "reuse", "invoke", "child", "workflow"},
	Examples: []cards.Example{{
		Title: "Call a helper with one input",
		In:    schema.Values{"flow": "f_1", "with": schema.Values{"email": "maya@example.com"}},
		Out:   schema.Values{"run_id": "r_2", "email": "maya@example.com"},
	}, {
		Title: "A flow must be chosen",
		In:    schema.Values{},
		Err:   cards.CodeInvalidInput,
	}},
}, func(flow cards.Flow, in callInput) (callOutput, error) {
	called, err := flow.Call(cards.Call{Flow: in.Flow, With: in.With, Waits: true})
	if err != nil {
		return callOutput{}, err
	}
	results := maps.Clone(called.Output)
	delete(results, "run_id")
	return callOutput{called.Run, results}, nil
})

// Start runs another flow and goes on.
var Start = cards.NewControl(cards.Spec{
	Name:     "control.call_background",
	Title:    "Call Flow in Background",
	Category: "Flows",
	Family:   cards.FamilyLogic,
	Icon:     "git-branch",
	Summary:  "Begins a run of another flow and goes on at once.",
	Doc: "Begins a run of another flow and does not wait for it." + callDoc +
		"- What becomes of that run is its own affair: it does not fail this one, and cancelling this run leaves it alone.",
	Keywords: []string{"call", "flow", "helper", "async", "background", "fire and forget", "start", "parallel", "child"},
	Examples: []cards.Example{{
		Title: "Begin a run",
		In:    schema.Values{"flow": "f_1", "with": schema.Values{"email": "maya@example.com"}},
		Out:   schema.Values{"run_id": "r_2"},
	}, {
		Title: "A flow must be chosen",
		In:    schema.Values{},
		Err:   cards.CodeInvalidInput,
	}},
}, func(flow cards.Flow, in callInput) (startOutput, error) {
	called, err := flow.Call(cards.Call{Flow: in.Flow, With: in.With})
	return startOutput{called.Run}, err
})
