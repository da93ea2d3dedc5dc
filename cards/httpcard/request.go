// Package httpcard holds the cards that speak HTTP.
//
// They send what their inputs say through the client they are given and know
// nothing of who signs the request in. They never put a URL's query, a header or
// a body into the message of an error.
package httpcard

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"time"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

// target is where a request goes and what it says before its body.
type target struct {
	URL     string         `json:"url" form:"required" format:"url" placeholder:"https://api.example.com/customers" help:"The whole address, beginning with https:// or http://."`
	Query   map[string]any `json:"query" help:"Added to the address after the question mark. A list repeats its key; a value that is empty (null) is left out."`
	Headers map[string]any `json:"headers" help:"Sent with the request. Sign-in belongs in a connection, not here."`
}

// limits say when an answer counts and how long to wait for it.
type limits struct {
	Accept  statuses        `json:"accept_status" label:"Accept these statuses" form:"advanced,fixed" format:"names" placeholder:"404, 5xx" help:"Statuses that are not failures, beside 200 to 299: numbers or classes such as 404 or 5xx."`
	Timeout schema.Duration `json:"timeout" default:"30s" form:"advanced" placeholder:"30s" help:"How long to wait for the whole answer, such as 10s or 2m."`
}

// plainInput asks for something without sending a body.
type plainInput struct {
	target
	limits
}

// bodyInput sends a body.
type bodyInput struct {
	target
	BodyType string `json:"body_type" label:"Body type" default:"json" options:"json=JSON|text=Text" form:"fixed,advanced" help:"JSON sends any value as JSON. Text sends the text as it is."`
	Body     any    `json:"body" format:"@body_type" help:"What to send. Its Content-Type is set by the body type, unless a header sets it."`
	limits
}

// request is a request that is ready but for its connection.
type request struct {
	method string
	target
	limits
	body        []byte
	contentType string // of the body, unless a header says another
}

const maxTimeout = time.Hour

// build makes the HTTP request. The error is schema.Problems.
func (r *request) build(ctx context.Context, env cards.Env) (*http.Request, error) {
	u, err := address(r.URL, r.Query)
	if err != nil {
		return nil, err
	}
	if d := r.Timeout.Duration; d <= 0 || d > maxTimeout {
		return nil, schema.Problems{{Field: "timeout", Message: "must be more than 0s and at most 1h, got " + d.String()}}
	}
	headers, err := requestHeaders(r.Headers)
	if err != nil {
		return nil, err
	}
	if r.contentType != "" && headers.Get("Content-Type") == "" {
		headers.Set("Content-Type", r.contentType)
	}
	if headers.Get("User-Agent") == "" {
		headers.Set("User-Agent", "Flowdeck")
	}
	if writesAnew(r.method) && env.Key != "" && headers.Get("Idempotency-Key") == "" {
		headers.Set("Idempotency-Key", env.Key)
	}
	req := (&http.Request{Method: r.method, URL: u, Host: u.Host, Header: headers, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1}).WithContext(ctx)
	if len(r.body) > 0 {
		req.ContentLength = int64(len(r.body))
		req.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(r.body)), nil }
		req.Body, _ = req.GetBody()
	}
	return req, nil
}

// writesAnew reports whether doing the method twice may do the thing twice.
func writesAnew(method string) bool { return method == http.MethodPost || method == http.MethodPatch }
