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
		bodies +
		inPages +
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
		Title: "A form; a list repeats its key",
		In:    schema.Values{"url": "https://api.example.com/echo", "body_type": "form", "form": schema.Values{"to": "maya@example.com", "tag": []any{"new", "eu"}}},
		Out: schema.Values{"body": schema.Values{"method": "POST", "path": "/echo", "query": "", "type": "application/x-www-form-urlencoded",
			"body": "tag=new&tag=eu&to=maya%40example.com"}},
	}, {
		Title: "A form with a file",
		In: schema.Values{"url": "https://api.example.com/upload", "body_type": "multipart", "parts": []any{
			schema.Values{"name": "title", "value": "Our logo"},
			schema.Values{"name": "logo", "kind": "file", "value": schema.Values{"name": "logo.svg", "type": "image/svg+xml", "size": 6, "base64": "PHN2Zy8+"}},
			schema.Values{"name": "note", "kind": "file", "value": "a,b", "filename": "note.csv", "content_type": "text/csv"},
		}},
		Out: schema.Values{"body": schema.Values{"title": "Our logo", "logo": "logo.svg, image/svg+xml, 6 bytes", "note": "note.csv, text/csv, 3 bytes"}},
	}, {
		Title: "XML",
		In:    schema.Values{"url": "https://api.example.com/echo", "body_type": "xml", "body": "<ping/>"},
		Out:   schema.Values{"body": schema.Values{"method": "POST", "path": "/echo", "query": "", "type": "application/xml; charset=utf-8", "body": "<ping/>"}},
	}, {
		Title: "XML is checked before it is sent",
		In:    schema.Values{"url": "https://api.example.com/echo", "body_type": "xml", "body": "<ping>"},
		Err:   cards.CodeInvalidInput,
	}, {
		Title: "A file, as it is",
		In: schema.Values{"url": "https://api.example.com/echo", "body_type": "file",
			"file": schema.Values{"name": "logo.svg", "type": "image/svg+xml", "size": 6, "base64": "PHN2Zy8+"}},
		Out: schema.Values{"body": schema.Values{"method": "POST", "path": "/echo", "query": "", "type": "image/svg+xml", "body": "<svg/>"}},
	}, {
		Title: "No body",
		In:    schema.Values{"url": "https://api.example.com/echo", "body_type": "none"},
		Out:   schema.Values{"body": schema.Values{"method": "POST", "path": "/echo", "query": "", "type": "", "body": ""}},
	}, {
		Title: "The key that a service notices a repeated request by, under another name",
		In:    schema.Values{"url": "https://api.example.com/once", "idempotency_header": "X-Request-Id"},
		Out:   schema.Values{"body": schema.Values{"key": "", "request_id": "r_1/step"}},
	}, {
		Title: "A search whose answer comes in pages",
		In: schema.Values{"url": "https://api.example.com/search", "body": schema.Values{"text": "tea"}, "pagination": "cursor",
			"cursor_path": "next_cursor", "cursor_param": "cursor", "cursor_in": "body"},
		Out: schema.Values{"pages": 3, "items": sevenItems},
	}, {
		Title: "A refusal is an error that keeps the answer",
		In:    schema.Values{"url": "https://api.example.com/invalid", "body": schema.Values{"email": "?"}},
		Err:   "http_422",
	}},
}, func(ctx context.Context, env cards.Env, in postInput) (pagedResponse, error) {
	r, err := writeRequest(http.MethodPost, in.writeInput)
	if err != nil {
		return pagedResponse{}, err
	}
	return sendPages(ctx, env, r, in.paging, &in.content)
})

type postInput struct {
	writeInput
	paging
}
