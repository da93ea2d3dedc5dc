package control

import (
	"errors"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type returnInput struct {
	Values  map[string]any `json:"values" help:"A name and a value for each. They are the flow's output."`
	Headers map[string]any `json:"headers" form:"advanced" help:"Sent to the caller of an endpoint with the output: cache-control, x-request-cost."`
}

// Return ends the run with its outputs.
var Return = cards.NewControl(cards.Spec{
	Name:     "control.return",
	Title:    "Return",
	Category: category,
	Family:   cards.FamilyReply,
	Icon:     "corner-down-left",
	Summary:  "Ends the flow with its output.",
	Doc: "Ends the run at once; the cards after it do not run. The values are the flow's output.\n\n" +
		"- The caller of an endpoint gets them as JSON, with the headers, unless **Close** has answered before.\n" +
		"- It ends the whole flow, also from inside of a branch, a loop or Try. **Continue If** ends only the block.\n" +
		"- Without values the run simply ends.",
	Keywords: []string{"end", "stop", "exit", "output", "result", "finish", "reply"},
	Examples: []cards.Example{{
		Title: "Give back two values",
		In:    schema.Values{"values": schema.Values{"total": 19.5, "currency": "EUR"}},
		Out:   schema.Values{"total": 19.5, "currency": "EUR"},
	}, {
		Title: "Just end",
		In:    schema.Values{},
		Out:   schema.Values{},
	}},
}, func(flow cards.Flow, in returnInput) (struct{}, error) {
	return struct{}{}, in.returnTo(flow)
})

func (in returnInput) returnTo(flow cards.Flow) error {
	if in.Values == nil {
		in.Values = schema.Values{}
	}
	if len(in.Headers) > 0 {
		if err := in.respond(flow); err != nil {
			return err
		}
	}
	return flow.Return(in.Values)
}

// respond answers the caller with the output and the headers, unless Close has answered.
func (in returnInput) respond(flow cards.Flow) error {
	r := cards.Response{Status: 200, Headers: map[string][]string{}, Body: in.Values}
	for name, v := range in.Headers {
		list, several := v.([]any)
		if !several {
			list = []any{v}
		}
		for _, x := range list {
			text, ok := schema.ToText(x)
			if !ok {
				return schema.Problems{{Field: "headers." + name, Message: "must be text, got " + schema.Describe(x)}}
			}
			r.Headers[name] = append(r.Headers[name], text)
		}
	}
	var failed *cards.Error
	if err := flow.Respond(r); !errors.As(err, &failed) || failed.Code != cards.CodeResponded {
		return err
	}
	return nil
}
