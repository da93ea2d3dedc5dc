package httpcard

import (
	"context"
	"net/http"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

// Delete removes something at an API.
var Delete = cards.NewFunction(cards.Spec{
	Name:     "http.delete",
	Title:    "Delete",
	Category: category,
	Family:   cards.FamilyHTTP,
	Icon:     "globe",
	Summary:  "Removes something at an API.",
	Doc: "Sends a DELETE request, with a body if there is one, and puts out the status code, the headers and the body of the answer.\n\n" +
		bodies +
		answers,
	Keywords:   []string{"http", "api", "rest", "call", "request", "remove", "erase", "cancel"},
	Connector:  "http",
	Asks:       []string{"url"},
	World:      true,
	Idempotent: true,
	Changes:    always,
	Examples: []cards.Example{{
		Title: "Remove a customer: the answer has no body",
		In:    schema.Values{"url": "https://api.example.com/customers/7"},
		Out:   schema.Values{"status_code": 204, "body": nil},
	}, {
		Title: "A body is sent when there is one",
		In:    schema.Values{"url": "https://api.example.com/echo", "body": schema.Values{"ids": []any{1, 2}}},
		Out:   schema.Values{"body": schema.Values{"method": "DELETE", "path": "/echo", "query": "", "type": "application/json", "body": `{"ids":[1,2]}`}},
	}, {
		Title: "What is gone already can be accepted",
		In:    schema.Values{"url": "https://api.example.com/customers/0", "accept_status": "404"},
		Out:   schema.Values{"status_code": 404},
	}},
}, func(ctx context.Context, env cards.Env, in bodyInput) (response, error) {
	return sendBody(ctx, env, http.MethodDelete, in)
})
