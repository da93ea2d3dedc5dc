package web

import (
	"net/http"
	"net/url"
	"strings"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

// event is what the call hands to the flow: the outputs of its API Endpoint card.
func (ep *endpoint) event(r *http.Request, query url.Values, body sent) (schema.Values, error) {
	params := repeated(query)
	delete(params, clientTokenQuery)
	inputs, problems := ep.asked.read(r.Header, params, body)
	if len(problems) > 0 {
		return nil, badInputs(problems)
	}
	event := make(schema.Values, 5+len(inputs))
	for name, v := range inputs {
		event[name] = v
	}
	event["method"] = r.Method
	event["headers"] = headerValues(r.Header)
	event["query"] = params
	event["body"] = body.value
	event["raw_body"] = body.raw
	return event, nil
}

// headerValues returns headers with their names in lower case, and without secrets.
func headerValues(h http.Header) schema.Values {
	out := make(schema.Values, len(h))
	for name, values := range h {
		if cards.Withheld(name) {
			continue
		}
		value := values[0]
		if len(values) > 1 {
			value = strings.Join(values, ", ")
		}
		out[strings.ToLower(name)] = value
	}
	return out
}

func badInputs(problems []refusalField) *refusal {
	r := &refusal{Status: http.StatusBadRequest, Code: "invalid_input", Title: "The request lacks something the flow needs", Errors: problems}
	if len(problems) == 1 {
		r.Detail = problems[0].Field + " " + problems[0].Detail
	}
	return r
}
