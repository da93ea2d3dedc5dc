package connectors

import (
	"context"
	"net/http"
	"net/url"

	"flowdeck/cards/schema"
)

// ClientCredentials is OAuth 2.0 between servers: no person is involved.
var ClientCredentials = newAuthType[clientCredentials](AuthType{
	Name: "client_credentials", Title: "Client credentials", Icon: "shield-check",
	Summary: "Server to server, no person involved",
})

type clientCredentials struct {
	TokenURL     string            `json:"token_url" label:"Token URL" format:"url" form:"required" placeholder:"https://login.example.com/oauth2/token"`
	Scopes       string            `json:"scopes" format:"names" placeholder:"Separated by spaces"`
	ClientID     string            `json:"client_id" label:"Client ID" form:"required"`
	ClientSecret string            `json:"client_secret" form:"required,secret"`
	ClientAuth   string            `json:"client_auth" label:"Send client secret" options:"basic=As a Basic header|post=In the request body" default:"basic" form:"advanced"`
	Separator    string            `json:"separator" label:"Between scopes" options:"space=A space|comma=A comma" default:"space" form:"advanced"`
	Audience     string            `json:"audience" form:"advanced" help:"Only if the service asks for it."`
	Resource     string            `json:"resource" form:"advanced" help:"Only if the service asks for it (RFC 8707)."`
	Token        map[string]string `json:"token_params" label:"Extra token parameters" form:"advanced"`
}

func (c *clientCredentials) Sign(r *http.Request, t Token) error { return bearer(r, t) }

func (c *clientCredentials) Refresh(ctx context.Context, client *http.Client, _ Token) (Token, error) {
	form := url.Values{}
	for k, v := range c.Token {
		form.Set(k, v)
	}
	form.Set("grant_type", "client_credentials")
	setIf(form, "scope", joinScopes(c.Scopes, c.Separator))
	setIf(form, "audience", c.Audience)
	setIf(form, "resource", c.Resource)
	t, err := tokenEndpoint{url: c.TokenURL, id: c.ClientID, secret: c.ClientSecret, auth: c.ClientAuth}.ask(ctx, client, form)
	// RFC 6749 4.4.3: there should be none, and asking again is as good.
	t.Refresh = ""
	return t, err
}

func (c *clientCredentials) Check() schema.Problems {
	return append(checkEndpoint("token_url", c.TokenURL), checkExtra("token_params", c.Token)...)
}
