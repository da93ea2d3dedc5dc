package httpcard

import (
	"net/http"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type closeInput struct {
	StatusCode int            `json:"status_code" label:"Status code" default:"200" min:"200" max:"599" help:"What the answer begins with: 200 says that all is well."`
	Headers    map[string]any `json:"headers" help:"Sent with the answer."`
	BodyType   string         `json:"body_type" label:"Body type" default:"json" options:"json=JSON|text=Text" form:"fixed,advanced" help:"JSON sends any value as JSON. Text sends the text as it is."`
	Body       any            `json:"body" format:"@body_type" help:"What the caller gets."`
}

// Close answers whoever called the flow's endpoint.
var Close = cards.NewControl(cards.Spec{
	Name:     "http.close",
	Title:    "Close",
	Category: category,
	Family:   cards.FamilyReply,
	Icon:     "reply",
	Summary:  "Replies to the caller; the flow runs on.",
	Doc: "Sends the answer to whoever called the flow's endpoint, right away. The cards after it still run.\n\n" +
		"- A run answers once: a second Close fails with `already_responded`.\n" +
		"- A flow that was not called by an endpoint has no caller; the answer is then only kept in the run.\n" +
		"- Statuses 204 and 304 have no body.",
	Keywords: []string{"reply", "respond", "response", "answer", "return", "http", "end"},
	Examples: []cards.Example{{
		Title: "Answer with JSON",
		In:    schema.Values{"body": schema.Values{"synced": true, "crm_id": "crm_51"}},
		Out: schema.Values{"status": 200, "headers": schema.Values{"Content-Type": []any{"application/json"}},
			"body": schema.Values{"synced": true, "crm_id": "crm_51"}},
	}, {
		Title: "Refuse in words",
		In:    schema.Values{"status_code": "409", "body_type": "text", "body": "This customer is not active.", "headers": schema.Values{"x-reason": "inactive"}},
		Out: schema.Values{"status": 409, "headers": schema.Values{"Content-Type": []any{"text/plain; charset=utf-8"}, "X-Reason": []any{"inactive"}},
			"body": "This customer is not active."},
	}, {
		Title: "Only a status",
		In:    schema.Values{"status_code": 204},
		Out:   schema.Values{"status": 204, "headers": schema.Values{}, "body": nil},
	}, {
		Title: "A status must be one",
		In:    schema.Values{"status_code": 99},
		Err:   cards.CodeInvalidInput,
	}},
}, func(flow cards.Flow, in closeInput) (struct{}, error) {
	r, err := reply(in)
	if err != nil {
		return struct{}{}, err
	}
	return struct{}{}, flow.Respond(r)
})

// reply is the answer that the inputs ask for.
func reply(in closeInput) (cards.Response, error) {
	headers, err := requestHeaders(in.Headers)
	if err != nil {
		return cards.Response{}, err
	}
	r := cards.Response{Status: in.StatusCode, Headers: headers}
	if in.Body == nil || in.Body == "" {
		return r, nil
	}
	if in.StatusCode == http.StatusNoContent || in.StatusCode == http.StatusNotModified {
		return r, schema.Problems{{Field: "body", Message: "must be empty: an answer with this status has none; use status 200 to send it"}}
	}
	data, contentType, err := encodeBody(in.BodyType, in.Body)
	if err != nil {
		return r, err
	}
	if headers.Get("Content-Type") == "" {
		headers.Set("Content-Type", contentType)
	}
	// Objects and lists stay values, to be read in the run's history; whoever sends them
	// writes them as JSON. Text that is to be JSON is written here.
	r.Body = in.Body
	if schema.TypeOf(in.Body) != schema.Object && schema.TypeOf(in.Body) != schema.List {
		r.Body = string(data)
	} else if in.BodyType == "json" {
		r.Encoded = data
	}
	return r, nil
}
