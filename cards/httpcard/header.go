package httpcard

import (
	"net/http"
	"strings"

	"golang.org/x/net/http/httpguts"

	"flowdeck/cards/schema"
)

// ownHeaders are what the connection itself says.
var ownHeaders = map[string]bool{
	"Connection": true, "Content-Length": true, "Host": true, "Keep-Alive": true, "Proxy-Connection": true,
	"Te": true, "Trailer": true, "Transfer-Encoding": true, "Upgrade": true,
}

// requestHeaders returns an object as headers. The error is schema.Problems.
func requestHeaders(in map[string]any) (http.Header, error) {
	h := make(http.Header, len(in)+3)
	for name, v := range in {
		field := "headers." + name
		key := strings.TrimSpace(name)
		if !httpguts.ValidHeaderFieldName(key) {
			return nil, schema.Problems{{Field: field, Message: "is not a header name; use letters, digits and dashes"}}
		}
		if key = http.CanonicalHeaderKey(key); ownHeaders[key] {
			return nil, schema.Problems{{Field: field, Message: "cannot be set: it is worked out from the rest; remove it"}}
		}
		values, err := texts(field, v)
		if err != nil {
			return nil, err
		}
		for _, s := range values {
			if s = strings.TrimSpace(s); !httpguts.ValidHeaderFieldValue(s) {
				return nil, schema.Problems{{Field: field, Message: "must be one line without control characters; remove its line breaks"}}
			}
			h[key] = append(h[key], s)
		}
	}
	return h, nil
}

// headersOf returns headers as a card puts them out.
func headersOf(h http.Header) map[string]any {
	out := make(map[string]any, len(h))
	for name, values := range h {
		switch {
		case len(values) == 1:
			out[lower(name)] = text(values[0])
		case name == "Set-Cookie":
			list := make([]any, len(values))
			for i, v := range values {
				list[i] = text(v)
			}
			out["set-cookie"] = list
		default:
			out[lower(name)] = text(strings.Join(values, ", "))
		}
	}
	return out
}

// usual are headers that most answers have, in lower case.
var usual = map[string]string{
	"Access-Control-Allow-Origin": "access-control-allow-origin", "Age": "age", "Cache-Control": "cache-control", "Connection": "connection",
	"Content-Encoding": "content-encoding", "Content-Length": "content-length", "Content-Type": "content-type", "Date": "date", "Etag": "etag",
	"Expires": "expires", "Last-Modified": "last-modified", "Link": "link", "Location": "location", "Pragma": "pragma", "Retry-After": "retry-after",
	"Server": "server", "Set-Cookie": "set-cookie", "Strict-Transport-Security": "strict-transport-security", "Transfer-Encoding": "transfer-encoding",
	"Vary": "vary", "Via": "via", "X-Content-Type-Options": "x-content-type-options", "X-Frame-Options": "x-frame-options",
	"X-Powered-By": "x-powered-by", "X-Request-Id": "x-request-id", "X-Xss-Protection": "x-xss-protection",
}

func lower(name string) string {
	if s, ok := usual[name]; ok {
		return s
	}
	return strings.ToLower(name)
}

// repeatedOf returns the headers that came several times, each as a list; nil when none did.
func repeatedOf(h http.Header) map[string]any {
	var out map[string]any
	for name, values := range h {
		if len(values) < 2 {
			continue
		}
		if out == nil {
			out = map[string]any{}
		}
		list := make([]any, len(values))
		for i, v := range values {
			list[i] = text(v)
		}
		out[strings.ToLower(name)] = list
	}
	return out
}

// text makes UTF-8 of a header, which may hold Latin-1.
func text(s string) string { return strings.ToValidUTF8(s, "\ufffd") }
