package connectors

import (
	"fmt"
	"net/http"
	"strings"

	"golang.org/x/net/http/httpguts"

	"flowdeck/cards/schema"
)

// Header is an API key or a token, in headers or query keys that the service names.
var Header = newAuthType[header](AuthType{
	Name: "header", Title: "Custom header", Icon: "key-round",
	Summary: "API key or token in a header you name",
})

type header struct {
	Headers []pair `json:"headers" help:"Sent with every request."`
	Query   []pair `json:"query" label:"Query keys" help:"For services that take their key in the address." form:"advanced"`
}

type pair struct {
	Name  string `json:"name" form:"required" placeholder:"X-Api-Key"`
	Value string `json:"value" form:"required,secret"`
}

func (h *header) Sign(r *http.Request, _ Token) error {
	for _, p := range h.Headers {
		r.Header.Set(p.Name, p.Value)
	}
	if len(h.Query) > 0 {
		q := r.URL.Query()
		for _, p := range h.Query {
			q.Set(p.Name, p.Value)
		}
		u := *r.URL
		u.RawQuery = q.Encode()
		r.URL = &u
	}
	return nil
}

// reserved headers say how a message is framed or routed: no credential belongs there.
var reserved = map[string]bool{"Host": true, "Content-Length": true, "Transfer-Encoding": true,
	"Connection": true, "Upgrade": true, "Trailer": true, "Te": true, "Keep-Alive": true, "Proxy-Connection": true}

func (h *header) Check() (p schema.Problems) {
	if len(h.Headers)+len(h.Query) == 0 {
		p = append(p, schema.Problem{Field: "headers", Message: "needs at least one header or query key"})
	}
	seen := map[string]bool{}
	for i, x := range h.Headers {
		name := http.CanonicalHeaderKey(x.Name)
		switch {
		case !httpguts.ValidHeaderFieldName(x.Name):
			p = append(p, schema.Problem{Field: fmt.Sprintf("headers.%d.name", i), Message: "is not a header name: use letters, digits and hyphens"})
		case reserved[name]:
			p = append(p, schema.Problem{Field: fmt.Sprintf("headers.%d.name", i), Message: name + " is set by the request itself"})
		case seen[name]:
			p = append(p, schema.Problem{Field: fmt.Sprintf("headers.%d.name", i), Message: "is there twice"})
		}
		seen[name] = true
		if !httpguts.ValidHeaderFieldValue(x.Value) || strings.TrimSpace(x.Value) != x.Value {
			p = append(p, schema.Problem{Field: fmt.Sprintf("headers.%d.value", i), Message: "holds a line break, a control character or spaces at its ends: paste it again"})
		}
	}
	return p
}
