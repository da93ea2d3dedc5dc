package flows

import (
	"context"
	"errors"
	"maps"
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
	Items []any `json:"items" form:"required,empty"`
	GoOn  bool  `json:"go_on"`
}

type eachInside struct {
	Item  any `json:"item"`
	Index int `json:"index"`
}

type eachOut struct {
	Results  []any `json:"results"`
	Failures []any `json:"failures"`
}

type composeIn struct {
	Text string `json:"text" format:"multiline"`
}

type composeOut struct {
	Text string `json:"text"`
}

var lanes = []cards.BlockSpec{{Name: "then", Title: "Then"}, {Name: "else", Title: "Else"}}

type laneIn struct {
	Key   string `json:"key" form:"required,fixed"`
	Title string `json:"title" form:"fixed"`
	Value any    `json:"value"`
}

type switchIn struct {
	Lanes []laneIn `json:"lanes" form:"required"`
}

type results struct {
	Results map[string]any `json:"*"`
}

type tryIn struct {
	Catches []laneIn `json:"catches" form:"required"`
}

type repeatIn struct {
	Carry map[string]any `json:"carry"`
	While any            `json:"while"`
}

type repeatOut struct {
	Rounds int            `json:"rounds"`
	Values map[string]any `json:"*"`
}

type repeatInside struct {
	Index int `json:"index"`
}

var registry = cards.NewRegistry(
	cards.NewControl(cards.Spec{Name: "flow.note", Title: "Note", Summary: "Says something.", Comment: true},
		func(cards.Flow, struct{}) (struct{}, error) { return struct{}{}, nil }),
	cards.NewControl(cards.Spec{Name: "control.switch", Title: "Switch", Summary: "Chooses.", BlockOutputs: true,
		Blocks: []cards.BlockSpec{{Name: "lane", Title: "Lane", From: "lanes", More: "Or"}, {Name: "else", Title: "Else"}}}, func(f cards.Flow, in switchIn) (results, error) {
		for _, l := range in.Lanes {
			if l.Value == true {
				out, err := f.Run(l.Key)
				return results{out}, err
			}
		}
		out, err := f.Run("else")
		return results{out}, err
	}),
	cards.NewControl(cards.Spec{Name: "control.parallel", Title: "Parallel", Summary: "Runs at once.", BlockOutputs: true,
		Blocks: []cards.BlockSpec{{Name: "lane", Title: "Lane", From: "lanes", Least: 2, All: true}}}, func(f cards.Flow, in switchIn) (results, error) {
		out := results{map[string]any{}}
		var keys []string
		for _, l := range in.Lanes {
			keys = append(keys, l.Key)
		}
		all, err := f.Together(keys)
		for _, r := range all {
			maps.Copy(out.Results, r)
		}
		return out, err
	}),
	cards.NewControl(cards.Spec{Name: "control.try", Title: "Try", Summary: "Catches.", BlockOutputs: true,
		Blocks: []cards.BlockSpec{{Name: "try", Title: "Try"}, {Name: "catch", Title: "Catch", From: "catches", Inside: cards.Caught, After: true}, {Name: "finally", Title: "Finally", After: true}}},
		func(f cards.Flow, in tryIn) (results, error) {
			out, failure, err := f.Try("try")
			if failure != nil {
				if in.Catches[0].Value == nil || cards.Matches(in.Catches[0].Value.(string), failure.Err.Code) {
					out, err = f.RunWith(in.Catches[0].Key, schema.Values{"error": failure.Values()})
				} else {
					err = failure
				}
			}
			return results{out}, f.Finally("finally", err)
		}),
	cards.NewControl(cards.Spec{Name: "control.repeat", Title: "Repeat", Summary: "Repeats.", OutputsFrom: "carry", Late: []string{"while"},
		Blocks: []cards.BlockSpec{{Name: "round", Title: "Round", Inside: schema.Of[repeatInside](), InsideFrom: "carry", Loop: true}}}, func(f cards.Flow, in repeatIn) (repeatOut, error) {
		out := repeatOut{Values: maps.Clone(in.Carry)}
		for {
			own := maps.Clone(out.Values)
			own["index"] = int64(out.Rounds)
			late, err := f.Late(own)
			if err != nil || late["while"] != true {
				return out, err
			}
			changed, left, err := f.Round("round", out.Rounds, own)
			if err != nil {
				return out, err
			}
			if out.Rounds++; !left {
				maps.Copy(out.Values, changed)
			}
		}
	}),
	cards.NewControl(cards.Spec{Name: "control.leave", Title: "Leave", Summary: "Leaves when asked."}, func(f cards.Flow, in struct {
		Unless any `json:"unless"`
	}) (struct{}, error) {
		if in.Unless == true {
			return struct{}{}, nil
		}
		return struct{}{}, f.Leave(schema.Values{"message": "left"})
	}),
	cards.NewControl(cards.Spec{Name: "control.fail", Title: "Fail", Summary: "Fails."}, func(f cards.Flow, in struct {
		Code string `json:"code"`
	}) (struct{}, error) {
		if in.Code == "" {
			return struct{}{}, nil
		}
		return struct{}{}, &cards.Error{Code: in.Code, Message: "told to"}
	}),
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
	cards.NewControl(cards.Spec{Name: "control.each", Title: "For Each", Summary: "Repeats.", Blocks: []cards.BlockSpec{{Name: "each", Title: "Each", Inside: schema.Of[eachInside](), Loop: true}}}, func(f cards.Flow, in eachIn) (eachOut, error) {
		done, err := f.Each("each", in.Items, cards.Rounds{Limit: 2, GoOn: in.GoOn})
		out := eachOut{Results: done.Results}
		for _, x := range done.Failures {
			out.Failures = append(out.Failures, schema.Values{"index": int64(x.Index), "error": x.Values()})
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
