package httpcard

import (
	"context"
	"net/http"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

// Patch changes a part of something at an API.
var Patch = cards.NewFunction(cards.Spec{
	Name:     "http.patch",
	Title:    "Patch",
	Category: category,
	Family:   cards.FamilyHTTP,
	Icon:     "globe",
	Summary:  "Changes a part of something at an API.",
	Doc: "Sends a PATCH request with a body and puts out the status code, the headers and the body of the answer.\n\n" +
		bodies +
		"- An **Idempotency-Key** header, the same for every attempt of this run, lets the API notice a repeated request.\n" +
		answers,
	Keywords:  []string{"http", "api", "rest", "call", "request", "update", "change", "edit", "modify"},
	Connector: "http",
	Asks:      []string{"url"},
	World:     true,
	Examples: []cards.Example{{
		Title: "Change one field",
		In:    schema.Values{"url": "https://api.example.com/customers/7", "body": schema.Values{"active": false}},
		Out:   schema.Values{"status_code": 200, "body": schema.Values{"id": 7, "active": false}},
	}, {
		Title: "Text, with a type of its own",
		In: schema.Values{"url": "https://api.example.com/echo", "body_type": "text", "body": "a=1&b=2",
			"headers": schema.Values{"Content-Type": "application/x-www-form-urlencoded"}},
		Out: schema.Values{"body": schema.Values{"method": "PATCH", "path": "/echo", "query": "", "type": "application/x-www-form-urlencoded", "body": "a=1&b=2"}},
	}, {
		Title: "Without a key to notice a repeated request by",
		In:    schema.Values{"url": "https://api.example.com/once", "idempotency": "off"},
		Out:   schema.Values{"body": schema.Values{"key": "", "request_id": ""}},
	}, {
		Title: "A refusal is an error that keeps the answer",
		In:    schema.Values{"url": "https://api.example.com/invalid", "body": schema.Values{"email": "?"}},
		Err:   "http_422",
	}},
}, func(ctx context.Context, env cards.Env, in writeInput) (response, error) {
	return sendWrite(ctx, env, http.MethodPatch, in)
})
