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
	"strings"

	"golang.org/x/net/http/httpguts"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

// target is where a request goes and what it says before its body.
type target struct {
	URL     string         `json:"url" form:"required" format:"url" placeholder:"https://api.example.com/customers" help:"The whole address, beginning with https:// or http://."`
	Query   map[string]any `json:"query" help:"Added to the address after the question mark. An object inside becomes key[name]; a value that is empty (null) is left out."`
	Headers map[string]any `json:"headers" help:"Sent with the request; a list sends its header several times. Sign-in belongs in a connection, not here."`
}

// lists says how a list is written in a query and in a form.
type lists struct {
	Arrays string `json:"query_arrays" label:"Lists in query and form" default:"repeat" options:"repeat=a=1&a=2 (repeat)|brackets=a[]=1&a[]=2 (brackets)|commas=a=1,2 (commas)|indices=a[0]=1&a[1]=2 (indices)" form:"fixed,advanced" group:"Request" help:"How a list is written; services differ in what they understand."`
}

// reading says what to make of the body of an answer.
type reading struct {
	As string `json:"response_as" label:"Response as" group:"Answer" default:"auto" options:"auto=Automatic|json=JSON|text=Text|file=File" form:"fixed,advanced" help:"Automatic goes by the answer's Content-Type. JSON and Text insist, whatever the type says. File keeps the bytes as they are, with name, type and size."`
}

// repeats says how a service is to notice a repeated request.
type repeats struct {
	Idempotency string `json:"idempotency" label:"Idempotency key" group:"Request" default:"auto" options:"auto=Automatic|off=Off" form:"fixed,advanced" help:"Automatic sends a key that stays the same over retries and when a run resumes, so that a service can notice a repeated request. A key of your own goes into Headers."`
	KeyHeader   string `json:"idempotency_header" label:"Header of the key" group:"Request" default:"Idempotency-Key" when:"idempotency=auto" form:"fixed,advanced" help:"The header that the service reads the key from."`
}

// plainInput asks for something without sending a body.
type plainInput struct {
	target
	reading
	limits
	lists
}

// bodyInput sends a body.
type bodyInput struct {
	target
	content
	reading
	limits
	lists
}

// writeInput sends a body with a method that may do the thing twice when it is sent twice.
type writeInput struct {
	target
	content
	reading
	limits
	repeats
	lists
}

// request is a request that is ready but for its connection.
type request struct {
	method string
	target
	reading
	limits
	repeats
	lists
	body        []byte
	contentType string // of the body, unless a header says another
}

// build makes the HTTP request. The error is schema.Problems.
func (r *request) build(ctx context.Context, env cards.Env) (*http.Request, error) {
	u, err := address(r.URL, r.Query, r.Arrays)
	if err != nil {
		return nil, err
	}
	headers, err := requestHeaders(r.Headers)
	if err != nil {
		return nil, err
	}
	if r.contentType != "" && headers.Get("Content-Type") == "" {
		headers.Set("Content-Type", r.contentType)
	}
	if headers.Get("User-Agent") == "" {
		headers["User-Agent"] = agent
	}
	if writesAnew(r.method) && env.Key != "" && r.Idempotency != "off" {
		if err := r.setKey(headers, env.Key); err != nil {
			return nil, err
		}
	}
	req := (&http.Request{Method: r.method, URL: u, Host: u.Host, Header: headers, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1}).WithContext(ctx)
	if len(r.body) > 0 {
		req.ContentLength = int64(len(r.body))
		req.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(r.body)), nil }
		req.Body, _ = req.GetBody()
	}
	return req, nil
}

// agent may not be changed.
var agent = []string{"Flowdeck"}

// setKey sets the header that a service notices a repeated request by, unless the author did.
func (r *request) setKey(headers http.Header, key string) error {
	name := "Idempotency-Key"
	if r.KeyHeader != "" {
		name = http.CanonicalHeaderKey(strings.TrimSpace(r.KeyHeader))
	}
	if !httpguts.ValidHeaderFieldName(name) || ownHeaders[name] {
		return schema.Problems{{Field: "idempotency_header", Message: "must be the name of a header such as Idempotency-Key, got " + schema.Describe(r.KeyHeader)}}
	}
	if headers.Get(name) == "" {
		headers.Set(name, key)
	}
	return nil
}

// writesAnew reports whether doing the method twice may do the thing twice.
func writesAnew(method string) bool { return method == http.MethodPost || method == http.MethodPatch }
