package connectors

import (
	"maps"
	"slices"
	"strings"

	"flowdeck/cards/schema"
)

// clientAuthNames are the ways to prove a client, as metadata names them, the most usual first.
var clientAuthNames = []struct{ registered, ours string }{
	{"client_secret_basic", "basic"}, {"client_secret_post", "post"}, {"private_key_jwt", "private_key_jwt"}, {"none", "none"},
}

// Fill returns filled with what the server says of itself in the fields that t has,
// and what a person should know besides, one sentence each.
func (m Metadata) Fill(t AuthType, filled schema.Values) (schema.Values, []string) {
	out := maps.Clone(filled)
	if out == nil {
		out = schema.Values{}
	}
	set := func(field, value string) {
		if _, has := t.Form.Field(field); has && value != "" {
			out[field] = value
		}
	}
	set("authorize_url", m.AuthorizeURL)
	set("token_url", m.TokenURL)
	set("issuer", m.Issuer)
	var notes []string
	if t.Interactive() {
		set("issuer_check", map[bool]string{true: "always", false: "named"}[m.NamesIssuer])
		notes = m.interactiveNotes()
	} else if len(m.Grants) > 0 && !slices.Contains(m.Grants, "client_credentials") {
		notes = append(notes, "The server does not list client credentials among what it grants.")
	}
	if m.TokenURL == "" {
		notes = append(notes, "The server names no token URL.")
	}
	method, note := m.clientAuth(out["client_auth"])
	set("client_auth", method)
	if note != "" {
		notes = append(notes, note)
	}
	return out, notes
}

func (m Metadata) interactiveNotes() (notes []string) {
	if m.AuthorizeURL == "" {
		notes = append(notes, "The server names no authorize URL.")
	}
	switch {
	case len(m.PKCE) > 0 && !slices.Contains(m.PKCE, "S256"):
		notes = append(notes, "The server does PKCE only as “"+strings.Join(m.PKCE, ", ")+"”, not S256: it may have to be switched off.")
	case len(m.PKCE) == 0:
		notes = append(notes, "The server does not say whether it does PKCE. Most that do not know it ignore it.")
	}
	if len(m.Grants) > 0 && !slices.Contains(m.Grants, "authorization_code") {
		notes = append(notes, "The server does not list the authorization code among what it grants.")
	}
	return notes
}

// clientAuth keeps what was chosen when the server takes it, else it chooses.
func (m Metadata) clientAuth(chosen any) (method, note string) {
	listed := m.ClientAuth
	if len(listed) == 0 {
		listed = []string{"client_secret_basic"} // RFC 8414 section 2
	}
	for _, x := range clientAuthNames {
		if !slices.Contains(listed, x.registered) {
			continue
		}
		if method == "" || x.ours == chosen {
			method = x.ours
		}
	}
	if method == "" {
		return "", "The server proves clients only by " + strings.Join(listed, ", ") + ", which Flowdeck does not do."
	}
	return method, ""
}
