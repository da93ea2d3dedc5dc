package oauth

import (
	"encoding/base64"
	"mime"
	"net/http"
	"net/url"
	"strings"
)

// Credentials are how a client says and proves who it is.
type Credentials struct {
	ClientID  string
	Secret    string
	Assertion string
	Basic     bool // they came as HTTP Basic
}

// Params are the parameters of a request, each there at most once and never empty.
type Params map[string]string

// ReadParams reads the form of a request to one of our endpoints. Nothing may be in the
// address, where it would be logged.
func ReadParams(r *http.Request, body string) (Params, *Error) {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "application/x-www-form-urlencoded" {
		return nil, refuse(InvalidRequest, "Send the parameters as a form: Content-Type: application/x-www-form-urlencoded.")
	}
	if r.URL.RawQuery != "" {
		return nil, refuse(InvalidRequest, "Parameters belong in the body, not in the address.")
	}
	form, err := url.ParseQuery(body)
	if err != nil {
		return nil, refuse(InvalidRequest, "The body is not a valid form.")
	}
	p := Params{}
	for name, values := range form {
		if len(values) > 1 {
			return nil, refuse(InvalidRequest, "The parameter "+quote(name)+" is there more than once.")
		}
		if values[0] != "" { // empty ones count as left out: RFC 6749 section 3.2
			p[name] = values[0]
		}
	}
	return p, nil
}

// ReadCredentials finds the one way in which the client proves who it is. Two of them
// at once are refused: RFC 6749 section 2.3.
func ReadCredentials(h http.Header, p Params) (Credentials, *Error) {
	c := Credentials{ClientID: p["client_id"], Secret: p["client_secret"], Assertion: p["client_assertion"]}
	ways := 0
	for _, x := range []string{c.Secret, c.Assertion} {
		if x != "" {
			ways++
		}
	}
	authorization := h.Values("Authorization")
	if len(authorization) > 0 {
		ways++
	}
	if ways > 1 || len(authorization) > 1 {
		return c, refuse(InvalidRequest, "The client proves who it is in more than one way. Use one.")
	}
	if len(authorization) == 1 {
		return c.basic(authorization[0])
	}
	kind := p["client_assertion_type"]
	switch {
	case c.Assertion != "" && kind == "":
		return c, refuse(InvalidRequest, "client_assertion_type is missing: it is "+AssertionType+".")
	case c.Assertion != "" && kind != AssertionType:
		return c, refuse(InvalidClient, "That client_assertion_type is not known: it is "+AssertionType+".")
	case c.Assertion == "" && kind != "":
		return c, refuse(InvalidRequest, "client_assertion is missing.")
	case ways == 0:
		return c, refuse(InvalidClient, "The client does not prove who it is: send a client_assertion or the client secret.")
	case c.Secret != "" && c.ClientID == "":
		return c, refuse(InvalidRequest, "client_id is missing.")
	}
	return c, nil
}

// basic reads the id and the secret from HTTP Basic, where both are form-encoded: RFC
// 6749 section 2.3.1.
func (c Credentials) basic(header string) (Credentials, *Error) {
	bad := &Error{Code: InvalidClient, Description: "The Authorization header is not HTTP Basic with the client id and secret.", Basic: true}
	scheme, text, _ := strings.Cut(header, " ")
	if !strings.EqualFold(scheme, "Basic") {
		return c, bad
	}
	plain, err := base64.StdEncoding.DecodeString(strings.TrimSpace(text))
	if err != nil {
		return c, bad
	}
	id, secret, ok := strings.Cut(string(plain), ":")
	if !ok {
		return c, bad
	}
	given := c.ClientID
	if c.ClientID, err = url.QueryUnescape(id); err != nil || c.ClientID == "" {
		return c, bad
	}
	if c.Secret, err = url.QueryUnescape(secret); err != nil || c.Secret == "" {
		return c, bad
	}
	if given != "" && given != c.ClientID {
		return c, refuse(InvalidRequest, "client_id and the Authorization header name different clients.")
	}
	c.Basic = true
	return c, nil
}

// Scopes are what the client gets: what it asks for, or all it was granted.
func Scopes(asked string, a App) ([]string, *Error) {
	list := strings.Fields(asked)
	if len(list) == 0 {
		list = a.Scopes
	}
	if len(list) == 0 {
		return nil, refuse(InvalidScope, "No scope was granted to this client.")
	}
	seen := map[string]bool{}
	var unique []string
	for _, s := range list {
		if !IsScope(s) {
			return nil, refuse(InvalidScope, "A scope holds characters that scopes cannot have.")
		}
		if !a.Grants([]string{s}) {
			return nil, refuse(InvalidScope, "The scope "+quote(s)+" was not granted to this client.")
		}
		if !seen[s] {
			seen[s], unique = true, append(unique, s)
		}
	}
	return unique, nil
}
