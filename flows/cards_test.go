package flows

import (
	"context"
	"errors"
	"strings"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

// The cards of these tests: like the real ones in what flows can see of them.

type declaredInput struct {
	Name     string `json:"name"`
	Type     string `json:"type"`
	Required bool   `json:"required"`
	Help     string `json:"help"`
}

type endpointSettings struct {
	Inputs []declaredInput `json:"inputs"`
}

type endpointOut struct {
	Method  string         `json:"method"`
	Headers map[string]any `json:"headers"`
	Query   map[string]any `json:"query"`
	Body    any            `json:"body"`
}

type manualOut struct{}

type getIn struct {
	URL     string         `json:"url" label:"URL" form:"required" format:"url"`
	Query   map[string]any `json:"query"`
	Headers map[string]any `json:"headers"`
	Accept  string         `json:"accept_status" form:"fixed,advanced"`
}

type postIn struct {
	URL      string         `json:"url" label:"URL" form:"required" format:"url"`
	Headers  map[string]any `json:"headers"`
	BodyType string         `json:"body_type" form:"fixed" default:"json" options:"json=JSON|text=Text"`
	Body     any            `json:"body" format:"@body_type"`
}

type response struct {
	Status  int            `json:"status_code"`
	Headers map[string]any `json:"headers"`
	Body    any            `json:"body"`
}

type closeIn struct {
	Status   int            `json:"status_code" default:"200" min:"200" max:"599"`
	Headers  map[string]any `json:"headers"`
	BodyType string         `json:"body_type" form:"fixed" default:"json" options:"json=JSON|text=Text"`
	Body     any            `json:"body" format:"@body_type"`
}

type condition struct {
	Left     any    `json:"left"`
	Operator string `json:"operator" form:"required,fixed" default:"equals" options:"equals|not_equals"`
	Right    any    `json:"right"`
}

type ifIn struct {
	Match      string      `json:"match" form:"fixed" default:"all" options:"all|any"`
	Conditions []condition `json:"conditions" form:"required"`
}

type ifOut struct {
	Branch  string         `json:"branch"`
	Results map[string]any `json:"*"`
}

type fieldsIn struct {
	Fields map[string]any `json:"fields"`
}

type returnIn struct {
	Values map[string]any `json:"values"`
}

type eachIn struct {
	Items []any `json:"items" form:"required"`
}

type eachOut struct {
	Results []any `json:"results"`
}

type composeIn struct {
	Text string `json:"text" format:"multiline"`
}

type composeOut struct {
	Text string `json:"text"`
}

var lanes = []cards.BlockSpec{{Name: "then", Title: "Then"}, {Name: "else", Title: "Else"}}

var registry = cards.NewRegistry(
	cards.NewEvent[endpointSettings, endpointOut](cards.Spec{Name: "event.endpoint", Title: "API Endpoint", Summary: "Begins by a call.", OutputsFrom: "inputs"}),
	cards.NewEvent[endpointSettings, manualOut](cards.Spec{Name: "event.manual", Title: "Manual", Summary: "Begins by hand.", OutputsFrom: "inputs"}),
	cards.NewFunction(cards.Spec{Name: "http.get", Title: "Get", Summary: "Reads.", World: true}, func(_ context.Context, _ cards.Env, in getIn) (response, error) {
		if strings.HasSuffix(in.URL, "/missing") {
			return response{}, &cards.Error{Code: "http_404", Message: "not there", Details: schema.Values{"status_code": int64(404)}}
		}
		return response{Status: 200, Headers: map[string]any{"content-type": "application/json"}, Body: map[string]any{"url": in.URL}}, nil
	}),
	cards.NewFunction(cards.Spec{Name: "http.post", Title: "Post", Summary: "Writes.", World: true}, func(_ context.Context, _ cards.Env, in postIn) (response, error) {
		return response{Status: 201, Body: in.Body}, nil
	}),
	cards.NewFunction(cards.Spec{Name: "text.compose", Title: "Compose", Summary: "Makes text."}, func(_ context.Context, _ cards.Env, in composeIn) (composeOut, error) {
		return composeOut{in.Text}, nil
	}),
	cards.NewFunction(cards.Spec{Name: "object.set", Title: "Set fields", Summary: "Makes an object.", OutputsFrom: "fields"}, func(_ context.Context, _ cards.Env, in fieldsIn) (schema.Values, error) {
		return in.Fields, nil
	}),
	cards.NewControl(cards.Spec{Name: "http.close", Title: "Close", Summary: "Answers."}, func(f cards.Flow, in closeIn) (struct{}, error) {
		return struct{}{}, f.Respond(cards.Response{Status: in.Status, Body: in.Body})
	}),
	cards.NewControl(cards.Spec{Name: "control.if", Title: "If / Else", Summary: "Chooses.", Blocks: lanes, BlockOutputs: true}, func(f cards.Flow, in ifIn) (ifOut, error) {
		out := ifOut{Branch: "then"}
		for _, c := range in.Conditions {
			if schema.Equal(c.Left, c.Right) != (c.Operator == "equals") {
				out.Branch = "else"
			}
		}
		var err error
		out.Results, err = f.Run(out.Branch)
		return out, err
	}),
	cards.NewControl(cards.Spec{Name: "control.each", Title: "For Each", Summary: "Repeats.", Blocks: []cards.BlockSpec{{Name: "each", Title: "Each"}}}, func(f cards.Flow, in eachIn) (eachOut, error) {
		results, err := f.Each("each", in.Items, 2)
		out := eachOut{}
		for _, r := range results {
			out.Results = append(out.Results, r)
		}
		return out, err
	}),
	cards.NewControl(cards.Spec{Name: "control.return", Title: "Return", Summary: "Ends."}, func(f cards.Flow, in returnIn) (struct{}, error) {
		return struct{}{}, f.Return(in.Values)
	}),
	cards.NewControl(cards.Spec{Name: "control.broken", Title: "Broken", Summary: "Panics."}, func(cards.Flow, struct{}) (struct{}, error) {
		panic(errors.New("boom"))
	}),
)

// flow is the flow most tests begin with:
//
//	1 API Endpoint → 2 Get → 3 If / Else (then: 3.1 Post, else: 3.2 Get) → 4 Close
func flow() Document {
	return Document{
		Format: 1,
		Trigger: Step{ID: "call", Card: "event.endpoint", Inputs: schema.Values{
			"inputs": []any{map[string]any{"name": "customer", "type": "text", "required": true}}}},
		Chain: []Step{
			{ID: "get", Card: "http.get", Inputs: schema.Values{"url": "https://api.test/c/{{ call.customer }}", "query": map[string]any{"expand": "orders"}},
				Outputs: []Output{{Path: "body.url", Type: schema.Text}}},
			{ID: "check", Card: "control.if", Inputs: schema.Values{"conditions": []any{
				map[string]any{"left": "{{ get.status_code }}", "operator": "equals", "right": int64(200)}}},
				Blocks: map[string]Block{
					"then": {Chain: []Step{{ID: "post", Card: "http.post", Inputs: schema.Values{"url": "https://crm.test/", "body": `{"from": {{ get.body }}, "note": "for {{ call.customer }}"}`}}},
						Result: schema.Values{"who": "{{ post.body.note }}"}},
					"else": {Chain: []Step{{ID: "again", Card: "http.get", Inputs: schema.Values{"url": "https://other.test/"}}},
						Result: schema.Values{"who": "nobody"}},
				}},
			{ID: "close", Card: "http.close", Inputs: schema.Values{"status_code": int64(201), "body": `{"who": {{ check.who }}, "run": "{{ run.id }}", "status": {{ post.status_code }}}`}},
		},
	}
}
