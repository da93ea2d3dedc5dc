// Package jwt holds the cards that make and read JSON Web Tokens (RFC 7519).
//
// They compute and touch nothing: they fetch no keys. Keys and tokens come in as
// secret inputs, and are blanked in the history of runs.
package jwt

import (
	"encoding/base64"
	"fmt"
	"strings"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

const (
	category = "JWT"
	maxToken = 1 << 20

	keyDoc = "- The key comes from an earlier card: typed, it would stand in the flow for all to read. This card blanks it in the history of runs.\n"
)

// parts are a token's header, its payload and its signature, none of them verified.
type parts struct {
	header, payload schema.Values
	signature       string
}

// split reads a token without verifying anything. The problem never shows the token.
func split(token string) (parts, error) {
	token = strings.TrimSpace(token)
	if len(token) > maxToken {
		return parts{}, &cards.Error{Code: cards.CodeLimit, Message: "token: is longer than 1 MiB"}
	}
	three := strings.Split(token, ".")
	if len(three) == 5 {
		return parts{}, wrong("is encrypted (JWE); only signed tokens can be read")
	}
	if len(three) != 3 {
		return parts{}, wrong(fmt.Sprintf("is not a JSON Web Token: it has %d parts with dots between them, not 3", len(three)))
	}
	var p parts
	for i, to := range []*schema.Values{&p.header, &p.payload} {
		name := []string{"header", "payload"}[i]
		data, err := base64.RawURLEncoding.DecodeString(three[i])
		if err != nil {
			return parts{}, wrong("is not a JSON Web Token: its " + name + " is not Base64 for URLs")
		}
		v, err := schema.DecodeJSON(data)
		object, isObject := v.(map[string]any)
		if err != nil || !isObject {
			return parts{}, wrong("is not a JSON Web Token: its " + name + " is not a JSON object")
		}
		*to = object
	}
	p.signature = three[2]
	return p, nil
}

func wrong(message string) error {
	return schema.Problems{{Field: "token", Message: message}}
}
