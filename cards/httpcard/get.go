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
		inPages +
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
		Title: "A list in brackets, an object by its names",
		In: schema.Values{"url": "https://api.example.com/echo", "query_arrays": "brackets",
			"query": schema.Values{"tag": []any{"new", "eu"}, "created": schema.Values{"after": "2026-01-01"}}},
		Out: schema.Values{"body": schema.Values{"method": "GET", "path": "/echo", "query": "created%5Bafter%5D=2026-01-01&tag%5B%5D=new&tag%5B%5D=eu", "type": "", "body": ""}},
	}, {
		Title: "A list with commas",
		In:    schema.Values{"url": "https://api.example.com/echo", "query_arrays": "commas", "query": schema.Values{"fields": []any{"id", "email"}}},
		Out:   schema.Values{"body": schema.Values{"method": "GET", "path": "/echo", "query": "fields=id,email", "type": "", "body": ""}},
	}, {
		Title: "JSON as text",
		In:    schema.Values{"url": "https://api.example.com/customers/7", "response_as": "text"},
		Out:   schema.Values{"body": `{"active":true,"email":"maya@example.com","id":7}`},
	}, {
		Title: "Download a file",
		In:    schema.Values{"url": "https://api.example.com/logo.svg", "response_as": "file"},
		Out:   schema.Values{"body": schema.Values{"name": "logo.svg", "type": "image/svg+xml", "size": 6, "base64": "PHN2Zy8+"}},
	}, {
		Title: "Redirects are followed",
		In:    schema.Values{"url": "https://api.example.com/moved/7"},
		Out:   schema.Values{"status_code": 200, "body": schema.Values{"id": 7, "email": "maya@example.com", "active": true}},
	}, {
		Title: "A redirect that is not followed is the answer",
		In:    schema.Values{"url": "https://api.example.com/moved/7", "redirects": 0},
		Out:   schema.Values{"status_code": 301, "body": nil},
	}, {
		Title: "Little patience, but enough",
		In:    schema.Values{"url": "https://api.example.com/customers/7", "timeout": "20s", "connect_timeout": "10s", "first_byte_timeout": "15s"},
		Out:   schema.Values{"status_code": 200},
	}, {
		Title: "More than the card is to take",
		In:    schema.Values{"url": "https://api.example.com/export", "max_size": 0.002},
		Err:   cards.CodeTooLarge,
	}, {
		Title: "All pages, by the links in their headers",
		In:    schema.Values{"url": "https://api.example.com/linked", "pagination": "link"},
		Out:   schema.Values{"pages": 3, "more": false, "items": sevenItems},
	}, {
		Title: "All pages, each after the last item of the one before",
		In: schema.Values{"url": "https://api.example.com/cursors", "pagination": "cursor", "cursor_path": "data[-1].id", "cursor_param": "starting_after",
			"stop_when": "false", "stop_path": "has_more"},
		Out: schema.Values{"pages": 3, "more": false, "items": sevenItems},
	}, {
		Title: "All pages, by their numbers, until one is empty",
		In:    schema.Values{"url": "https://api.example.com/numbered", "pagination": "page", "limit_param": "per_page", "page_size": 4},
		Out:   schema.Values{"pages": 3, "more": false, "items": sevenItems, "body": schema.Values{"items": []any{}}},
	}, {
		Title: "The first pages by offset, although there are more",
		In:    schema.Values{"url": "https://api.example.com/offsets", "pagination": "offset", "items_path": "items", "max_pages": 2, "max_items": 5},
		Out:   schema.Values{"pages": 2, "more": true, "items": sevenItems[:5]},
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
}, func(ctx context.Context, env cards.Env, in getInput) (pagedResponse, error) {
	r := request{method: http.MethodGet, target: in.target, reading: in.reading, limits: in.limits, lists: in.lists}
	return sendPages(ctx, env, r, in.paging, nil)
})

type getInput struct {
	plainInput
	paging
}

const (
	category = "API Connector"
	answers  = "- A status other than 200 to 299 fails the card with the code `http_` and the status, unless **Accept these statuses** names it. " +
		"The error keeps the status, the headers and the body.\n" +
		"- Up to 10 redirects are followed, and an answer may have up to 10 MiB; both can be set under **More**. " +
		"At 301 and 302 only POST becomes GET, at 303 all but HEAD do, at 307 and 308 nothing changes.\n" +
		"- **Response as** File puts out the body as a file with name, type, size and base64, for other cards to send on. " +
		"Text that is not in the character set it came with is an error, never guessed.\n" +
		"- Headers that came several times stand in **Repeated headers** as lists."
	bodies = "- **Body type** JSON sends any value as JSON, numbers to their last digit; Form sends an object as a web form; Form with files sends texts and files; " +
		"Text and XML send text, XML only when it is well-formed; File sends a file from another card. Each kind keeps what was typed for it.\n"
)
