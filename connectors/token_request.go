package connectors

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/http/httpguts"

	"flowdeck/cards/schema"
)

// tokenRequest is what a service wants in its token requests besides the protocol.
type tokenRequest struct {
	Params  map[string]string `json:"token_params" label:"Extra token parameters" form:"advanced"`
	Headers []tokenHeader     `json:"token_headers" label:"Extra token headers" form:"advanced" help:"Sent to the token URL only. The authorize URL is opened by a browser, which sends no headers of ours."`
}

type tokenHeader struct {
	Name  string `json:"name" form:"required" placeholder:"X-Tenant"`
	Value string `json:"value" form:"required,secret"`
}

// form is a token request of the grant, with the extra parameters in it.
func (t tokenRequest) form(grant string) url.Values {
	form := url.Values{}
	for k, v := range t.Params {
		form.Set(k, v)
	}
	form.Set("grant_type", grant)
	return form
}

func (t tokenRequest) check() (p schema.Problems) {
	p = checkExtra("token_params", t.Params)
	var seen []string
	for i, h := range t.Headers {
		at := fmt.Sprintf("token_headers.%d.", i)
		name := http.CanonicalHeaderKey(h.Name)
		switch {
		case !httpguts.ValidHeaderFieldName(h.Name):
			p = append(p, schema.Problem{Field: at + "name", Message: "is not a header name: use letters, digits and hyphens"})
		case reserved[name] || name == "Authorization" || name == "Content-Type":
			p = append(p, schema.Problem{Field: at + "name", Message: name + " is set by the sign-in itself"})
		case slices.Contains(seen, name):
			p = append(p, schema.Problem{Field: at + "name", Message: "is there twice"})
		}
		seen = append(seen, name)
		if !httpguts.ValidHeaderFieldValue(h.Value) || strings.TrimSpace(h.Value) != h.Value {
			p = append(p, schema.Problem{Field: at + "value", Message: "holds a line break, a control character or spaces at its ends: paste it again"})
		}
	}
	return p
}
