package httpcard

import (
	"context"
	"net/http"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

// Put replaces something at an API.
var Put = cards.NewFunction(cards.Spec{
	Name:     "http.put",
	Title:    "Put",
	Category: category,
	Family:   cards.FamilyHTTP,
	Icon:     "globe",
	Summary:  "Replaces something at an API.",
	Doc: "Sends a PUT request with a body and puts out the status code, the headers and the body of the answer.\n\n" +
		bodies +
		answers,
	Keywords:   []string{"http", "api", "rest", "call", "request", "replace", "update", "overwrite", "store"},
	Connector:  "http",
	Asks:       []string{"url"},
	World:      true,
	Idempotent: true,
	Changes:    always,
	Examples: []cards.Example{{
		Title: "Replace an address",
		In:    schema.Values{"url": "https://api.example.com/customers/7", "body": schema.Values{"email": "m@example.com"}},
		Out:   schema.Values{"status_code": 200, "body": schema.Values{"id": 7, "email": "m@example.com"}},
	}, {
		Title: "Text, with a type of its own",
		In: schema.Values{"url": "https://api.example.com/echo", "body_type": "text", "body": "a=1&b=2",
			"headers": schema.Values{"Content-Type": "application/x-www-form-urlencoded"}},
		Out: schema.Values{"body": schema.Values{"method": "PUT", "path": "/echo", "query": "", "type": "application/x-www-form-urlencoded", "body": "a=1&b=2"}},
	}, {
		Title: "A refusal is an error that keeps the answer",
		In:    schema.Values{"url": "https://api.example.com/invalid", "body": schema.Values{"email": "?"}},
		Err:   "http_422",
	}},
}, func(ctx context.Context, env cards.Env, in bodyInput) (response, error) {
	return sendBody(ctx, env, http.MethodPut, in)
})
