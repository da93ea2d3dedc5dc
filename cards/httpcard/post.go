package httpcard

import (
	"context"
	"net/http"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

// Post sends something new to an API.
var Post = cards.NewFunction(cards.Spec{
	Name:     "http.post",
	Title:    "Post",
	Category: category,
	Family:   cards.FamilyHTTP,
	Icon:     "globe",
	Summary:  "Sends something new to an API.",
	Doc: "Sends a POST request with a body and puts out the status code, the headers and the body of the answer.\n\n" +
		"- As **JSON** the body may be an object, a list or any other value; as **Text** it is sent as it is. Without a body, none is sent.\n" +
		"- An **Idempotency-Key** header, the same for every attempt of this run, lets the API notice a repeated request.\n" +
		answers,
	Keywords:  []string{"http", "api", "rest", "call", "request", "create", "add", "send", "webhook", "submit"},
	Connector: "http",
	Asks:      []string{"url"},
	World:     true,
	Examples: []cards.Example{{
		Title: "Create a contact",
		In:    schema.Values{"url": "https://api.example.com/contacts", "body": schema.Values{"email": "maya@example.com", "tags": []any{"new"}}},
		Out:   schema.Values{"status_code": 201, "body": schema.Values{"id": "crm_51", "email": "maya@example.com"}},
	}, {
		Title: "Text, with a type of its own",
		In: schema.Values{"url": "https://api.example.com/echo", "body_type": "text", "body": "a=1&b=2",
			"headers": schema.Values{"Content-Type": "application/x-www-form-urlencoded"}},
		Out: schema.Values{"body": schema.Values{"method": "POST", "path": "/echo", "query": "", "type": "application/x-www-form-urlencoded", "body": "a=1&b=2"}},
	}, {
		Title: "A refusal is an error that keeps the answer",
		In:    schema.Values{"url": "https://api.example.com/invalid", "body": schema.Values{"email": "?"}},
		Err:   "http_422",
	}},
}, func(ctx context.Context, env cards.Env, in writeInput) (response, error) {
	return sendWrite(ctx, env, http.MethodPost, in)
})
