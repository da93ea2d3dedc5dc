package connectors

import "net/http"

// None sends no credential: public services, or a sign-in that the card itself carries.
var None = newAuthType[none](AuthType{
	Name: "none", Title: "None", Icon: "globe", Open: true,
	Summary: "No sign-in, or you set it on the card",
})

type none struct{}

func (*none) Sign(*http.Request, Token) error { return nil }
