package connectors

import (
	"encoding/base64"
	"net/http"
	"strings"

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
	if strings.Contains(b.Username, ":") {
		return schema.Problems{{Field: "username", Message: "cannot hold a colon: in Basic sign-in the password begins there"}}
	}
	return nil
}
