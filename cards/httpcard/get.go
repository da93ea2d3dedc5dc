package httpcard

import (
	"context"
	"net/http"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

// Get asks a server for something and changes nothing there.
var Get = cards.NewFunction(cards.Spec{
	Name:     "http.get",
	Title:    "Get",
	Category: category,
	Family:   cards.FamilyHTTP,
	Icon:     "globe",
	Summary:  "Reads something from an API.",
	Doc: "Sends a GET request and puts out the status code, the headers and the body of the answer.\n\n" +
		"- The body is a value you can drag keys from when the answer is JSON, otherwise text.\n" +
		"- The connection signs the request in; choose **None** for a public API.\n" +
		answers,
	Keywords:   []string{"http", "api", "rest", "fetch", "read", "call", "request", "download"},
	Connector:  "http",
	Asks:       []string{"url"},
	World:      true,
	Idempotent: true,
	Examples: []cards.Example{{
		Title: "Read a customer",
		In:    schema.Values{"url": "https://api.example.com/customers/7"},
		Out:   schema.Values{"status_code": 200, "body": schema.Values{"id": 7, "email": "maya@example.com", "active": true}},
	}, {
		Title: "Search, with a key that repeats",
		In:    schema.Values{"url": "https://api.example.com/echo?page=2", "query": schema.Values{"tag": []any{"new", "eu"}, "limit": 10}},
		Out:   schema.Values{"body": schema.Values{"method": "GET", "path": "/echo", "query": "page=2&limit=10&tag=new&tag=eu", "type": "", "body": ""}},
	}, {
		Title: "What is not there is an error",
		In:    schema.Values{"url": "https://api.example.com/customers/0"},
		Err:   "http_404",
	}, {
		Title: "Unless its status is accepted",
		In:    schema.Values{"url": "https://api.example.com/customers/0", "accept_status": "404, 410"},
		Out:   schema.Values{"status_code": 404, "body": schema.Values{"error": "no such customer"}},
	}, {
		Title: "An address needs its beginning",
		In:    schema.Values{"url": "api.example.com/customers/7"},
		Err:   cards.CodeInvalidInput,
	}},
}, func(ctx context.Context, env cards.Env, in plainInput) (response, error) {
	return send(ctx, env, request{method: http.MethodGet, target: in.target, reading: in.reading, limits: in.limits, lists: in.lists})
})

const (
	category = "API Connector"
	answers  = "- A status other than 200 to 299 fails the card with the code `http_` and the status, unless **Accept these statuses** names it. " +
		"The error keeps the status, the headers and the body.\n" +
		"- Redirects are followed. An answer may have up to 10 MiB."
)
