package connectors

import (
	"encoding/base64"
	"net/http"
	"strings"
	"unicode"

	"flowdeck/cards/schema"
)

// Basic is a user name and a password, sent as RFC 7617 says, in UTF-8.
var Basic = newAuthType[basic](AuthType{
	Name: "basic", Title: "Basic", Icon: "lock",
	Summary: "Username and password",
})

type basic struct {
	Username string `json:"username" form:"required"`
	Password string `json:"password" form:"secret" help:"May be empty when the service takes a key as the username."`
}

func (b *basic) Sign(r *http.Request, _ Token) error {
	r.Header.Set("Authorization", "Basic "+b.encoded())
	return nil
}

func (b *basic) encoded() string {
	return base64.StdEncoding.EncodeToString([]byte(b.Username + ":" + b.Password))
}

func (b *basic) Check() schema.Problems {
	p := colonless(b.Username)
	for field, text := range map[string]string{"username": b.Username, "password": b.Password} {
		if strings.ContainsFunc(text, unicode.IsControl) { // RFC 7617, section 2
			p = append(p, schema.Problem{Field: field, Message: "holds a line break or another control character: paste it again"})
		}
	}
	return p
}

func colonless(username string) schema.Problems {
	if strings.Contains(username, ":") {
		return schema.Problems{{Field: "username", Message: "cannot hold a colon: that is where the password begins"}}
	}
	return nil
}
