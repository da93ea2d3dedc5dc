package connectors

import (
	"context"
	"net/http"

	"flowdeck/cards/schema"
)

// ClientCredentials is OAuth 2.0 between servers: no person is involved.
var ClientCredentials = newAuthType[clientCredentials](AuthType{
	Name: "client_credentials", Title: "Client credentials", Icon: "shield-check",
	Summary: "Server to server, no person involved",
})

type clientCredentials struct {
	TokenURL string `json:"token_url" label:"Token URL" format:"url" form:"required" placeholder:"https://login.example.com/oauth2/token"`
	Scopes   string `json:"scopes" format:"names" placeholder:"Separated by spaces"`
	clientAuth
	Separator string `json:"separator" label:"Between scopes" options:"space=A space|comma=A comma" default:"space" form:"advanced"`
	Audience  string `json:"audience" form:"advanced" help:"Only if the service asks for it."`
	Resource  string `json:"resource" form:"advanced" help:"Only if the service asks for it (RFC 8707). Several are separated by spaces."`
	Issuer    string `json:"issuer" form:"advanced" help:"Only if the signature is made for it."`
	tokenRequest
	tokenUse
}

func (c *clientCredentials) Sign(r *http.Request, t Token) error { return c.sign(r, t) }

func (c *clientCredentials) Refresh(ctx context.Context, client *http.Client, _ Token) (Token, error) {
	form := c.form("client_credentials")
	setIf(form, "scope", joinScopes(c.Scopes, c.Separator))
	setIf(form, "audience", c.Audience)
	setEach(form, "resource", c.Resource)
	at := tokenEndpoint{url: c.TokenURL, issuer: c.Issuer, client: c.clientAuth, extra: c.tokenRequest, use: c.tokenUse}
	t, err := at.ask(ctx, client, form)
	// RFC 6749 4.4.3: there should be none, and asking again is as good.
	t.Refresh = ""
	return t, err
}

func (c *clientCredentials) Check() (p schema.Problems) {
	if c.ClientSecret == "" && (c.ClientAuth == "basic" || c.ClientAuth == "post") {
		p = append(p, schema.Problem{Field: "client_secret", Message: "is required"})
	}
	p = append(p, checkEndpoint("token_url", c.TokenURL)...)
	p = append(p, c.clientAuth.check(c.Issuer)...)
	p = append(p, c.tokenRequest.check()...)
	return append(p, c.tokenUse.check()...)
}
