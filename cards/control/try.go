package control

import (
	"maps"
	"slices"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type catch struct {
	Key   string `json:"key" form:"required,fixed" help:"Names the block in the flow; never changes."`
	Title string `json:"title" form:"fixed" placeholder:"Not found" help:"What the block is called."`
	Match string `json:"match" label:"On these errors" default:"any" format:"names" form:"fixed" placeholder:"any" help:"Codes or classes with commas between them: http_404, http_5xx, timeout. any is every error."`
}

type tryInput struct {
	Catches []catch `json:"catches" label:"Catch" form:"required" help:"They are looked at in order; the first that names the error runs."`
}

type tryOutput struct {
	Branch  string        `json:"branch" help:"try when all went well, else the key of the catch block that ran."`
	Failed  bool          `json:"failed" help:"Whether an error was caught."`
	Error   any           `json:"error" form:"advanced" help:"What was caught; empty when nothing was."`
	Results schema.Values `json:"*"`
}

// Try runs cards and, when one of them fails, others instead.
var Try = cards.NewControl(cards.Spec{
	Name:     "control.try",
	Title:    "Try / Catch",
	Category: category,
	Family:   cards.FamilyLogic,
	Icon:     "shield",
	Summary:  "Runs cards, and others when one of them fails.",
	Doc: "Runs the cards under **Try**. When one fails, the cards after it in Try do not run, and the first **Catch** that names its error does. What the block that came to its end results in becomes outputs of this card.\n\n" +
		"- Inside of Catch, **error** has the code, message, status, headers and body of the answer, the step that failed and at which attempt. After the card it is an output.\n" +
		"- An error that no Catch names goes up to the next Try around this one; without one, the run fails.\n" +
		"- Retries of a card come first: what is caught is the failure of its last attempt.\n" +
		"- **Finally** runs last in any case, also when an error goes up or Return ends the flow.\n" +
		"- `any` is every error but a cancelled run and a mistake of Flowdeck's own.",
	Keywords: []string{"error", "catch", "fail", "exception", "if error", "rescue", "handle", "finally", "fallback"},
	Blocks: []cards.BlockSpec{{Name: "try", Title: "Try"},
		{Name: "catch", Title: "Catch", From: "catches", More: "Catch", Inside: cards.Caught, After: true},
		{Name: "finally", Title: "Finally", After: true}},
	BlockOutputs: true,
	Examples: []cards.Example{{
		Title: "Nothing fails",
		In:    schema.Values{"catches": []any{schema.Values{"key": "catch", "match": "any"}}},
		Out:   schema.Values{"branch": "try", "failed": false, "error": nil, "ran": "try"},
	}, {
		Title: "Without a catch there is nothing to try for",
		In:    schema.Values{"catches": []any{}},
		Err:   cards.CodeInvalidInput,
	}},
}, func(flow cards.Flow, in tryInput) (tryOutput, error) {
	out, err := in.run(flow)
	if err = flow.Finally("finally", err); err != nil {
		return tryOutput{}, err
	}
	return out, free(out.Branch, out.Results, "branch", "failed", "error")
})

func (in tryInput) run(flow cards.Flow) (tryOutput, error) {
	results, failure, err := flow.Try("try")
	if err != nil {
		return tryOutput{}, err
	}
	if failure == nil {
		return tryOutput{Branch: "try", Results: maps.Clone(results)}, nil
	}
	for _, c := range in.Catches {
		if !slices.ContainsFunc(schema.SplitNames(c.Match), func(m string) bool { return cards.Matches(m, failure.Err.Code) }) {
			continue
		}
		caught := failure.Values()
		results, err := flow.RunWith(c.Key, schema.Values{"error": caught})
		return tryOutput{Branch: c.Key, Failed: true, Error: caught, Results: maps.Clone(results)}, err
	}
	return tryOutput{}, failure
}
