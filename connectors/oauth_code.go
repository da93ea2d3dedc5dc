package connectors

import (
	"context"
	"fmt"
	"net/http"
	"net/url"

	"golang.org/x/oauth2"

	"flowdeck/cards/schema"
)

// OAuthCode is OAuth 2.0 with an authorization code: a person allows it once, in a browser.
var OAuthCode = newAuthType[oauthCode](AuthType{
	Name: "oauth_code", Title: "OAuth 2.0 sign-in", Icon: "users",
	Summary: "A person signs in once; tokens refresh by themselves",
})

type oauthCode struct {
	AuthorizeURL string `json:"authorize_url" label:"Authorize URL" format:"url" form:"required" placeholder:"https://login.example.com/oauth2/authorize"`
	TokenURL     string `json:"token_url" label:"Token URL" format:"url" form:"required" placeholder:"https://login.example.com/oauth2/token"`
	Scopes       string `json:"scopes" format:"names" placeholder:"Separated by spaces" help:"Many services need offline_access here to keep you signed in."`
	clientAuth
	PKCE         bool              `json:"pkce" label:"Use PKCE (S256)" default:"true" form:"advanced"`
	Separator    string            `json:"separator" label:"Between scopes" options:"space=A space|comma=A comma" default:"space" form:"advanced"`
	Audience     string            `json:"audience" form:"advanced" help:"Only if the service asks for it."`
	Resource     string            `json:"resource" form:"advanced" help:"Only if the service asks for it (RFC 8707). Several are separated by spaces."`
	Issuer       string            `json:"issuer" form:"advanced" help:"When given, the answer must come from this issuer (RFC 9207)."`
	IssuerCheck  string            `json:"issuer_check" label:"Issuer in the answer" options:"always=Must be there|named=Compared when it is there" default:"always" form:"advanced"`
	RefreshURL   string            `json:"refresh_url" label:"Refresh URL" format:"url" form:"advanced" help:"Only if tokens are renewed somewhere else than at the token URL."`
	RefreshScope bool              `json:"refresh_scope" label:"Name the scopes when renewing" form:"advanced" help:"Only if the service forgets them otherwise."`
	Authorize    map[string]string `json:"authorize_params" label:"Extra authorize parameters" form:"advanced" help:"For example access_type = offline."`
	tokenRequest
	tokenUse
}

func (o *oauthCode) Sign(r *http.Request, t Token) error { return o.sign(r, t) }

func (o *oauthCode) ConsentURL(redirect, state, verifier string) (string, error) {
	u, err := url.Parse(o.AuthorizeURL)
	if err != nil {
		return "", fmt.Errorf("authorize URL: %w", err)
	}
	q := u.Query()
	for k, v := range o.Authorize {
		q.Set(k, v)
	}
	q.Set("response_type", "code")
	q.Set("client_id", o.ClientID)
	q.Set("redirect_uri", redirect)
	q.Set("state", state)
	setIf(q, "scope", joinScopes(o.Scopes, o.Separator))
	setIf(q, "audience", o.Audience)
	setEach(q, "resource", o.Resource)
	if o.PKCE {
		q.Set("code_challenge", oauth2.S256ChallengeFromVerifier(verifier))
		q.Set("code_challenge_method", "S256")
	}
	u.RawQuery = q.Encode()
	return u.String(), nil
}

func (o *oauthCode) Returned(a Answer) (string, error) {
	host := hostOf(o.AuthorizeURL)
	switch {
	case o.Issuer != "" && a.Issuer != o.Issuer && (a.Issuer != "" || o.IssuerCheck != "named"):
		return "", &TokenError{Host: host, Code: "wrong_issuer",
			Description: fmt.Sprintf("the answer names the issuer %q, the connection expects %q", a.Issuer, o.Issuer)}
	case a.Error != "":
		return "", &TokenError{Host: host, Code: a.Error, Description: a.Description, URI: a.URI}
	case a.Code == "":
		return "", &TokenError{Host: host, Code: "no_code", Description: "the service sent the browser back without a code"}
	}
	return a.Code, nil
}

func (o *oauthCode) Exchange(ctx context.Context, client *http.Client, redirect, code, verifier string) (Token, error) {
	form := o.form("authorization_code")
	form.Set("code", code)
	form.Set("redirect_uri", redirect)
	if o.PKCE {
		form.Set("code_verifier", verifier)
	}
	return o.endpoint(o.TokenURL).ask(ctx, client, form)
}

func (o *oauthCode) Refresh(ctx context.Context, client *http.Client, old Token) (Token, error) {
	if old.Refresh == "" {
		return Token{}, &TokenError{Host: hostOf(o.TokenURL), Code: "no_refresh_token",
			Description: "the service gave no refresh token, so a person has to sign in again", final: true}
	}
	form := o.form("refresh_token")
	form.Set("refresh_token", old.Refresh)
	if o.RefreshScope {
		setIf(form, "scope", joinScopes(o.Scopes, o.Separator))
	}
	at := o.RefreshURL
	if at == "" {
		at = o.TokenURL
	}
	e := o.endpoint(at)
	e.renews = true
	t, err := e.ask(ctx, client, form)
	if err != nil {
		return Token{}, err
	}
	return t.after(old), nil
}

func (o *oauthCode) form(grant string) url.Values {
	form := o.tokenRequest.form(grant)
	setIf(form, "audience", o.Audience)
	setEach(form, "resource", o.Resource)
	return form
}

func (o *oauthCode) endpoint(at string) tokenEndpoint {
	return tokenEndpoint{url: at, issuer: o.Issuer, client: o.clientAuth, extra: o.tokenRequest, use: o.tokenUse}
}

func (o *oauthCode) Check() (p schema.Problems) {
	if o.public() && !o.PKCE {
		p = append(p, schema.Problem{Field: "pkce", Message: "must stay on without a client secret: nothing else would prove that the code is ours"})
	}
	for _, f := range []struct{ name, value string }{
		{"authorize_url", o.AuthorizeURL}, {"token_url", o.TokenURL}, {"refresh_url", o.RefreshURL},
	} {
		p = append(p, checkEndpoint(f.name, f.value)...)
	}
	p = append(p, checkExtra("authorize_params", o.Authorize)...)
	p = append(p, o.clientAuth.check(o.Issuer)...)
	p = append(p, o.tokenRequest.check()...)
	return append(p, o.tokenUse.check()...)
}
