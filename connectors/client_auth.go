package connectors

import (
	"errors"
	"net/http"
	"net/url"
	"time"

	"flowdeck/cards/schema"
)

// clientAuth is who we are to a token endpoint, and how that is proved.
type clientAuth struct {
	ClientID          string `json:"client_id" label:"Client ID" form:"required"`
	ClientSecret      string `json:"client_secret" form:"secret" help:"Public clients have none. To sign with a private key instead, see Advanced."`
	ClientAuth        string `json:"client_auth" label:"Client authentication" options:"basic=Secret as a Basic header|post=Secret in the request body|private_key_jwt=Signed with a private key|none=None (public client)" default:"basic" form:"advanced" help:"How the token URL is told that it is us."`
	PrivateKey        string `json:"private_key" when:"client_auth=private_key_jwt" format:"multiline" form:"secret,advanced" placeholder:"-----BEGIN PRIVATE KEY-----" help:"PEM or JWK, without a passphrase. A certificate after the key is named in the signature, as Microsoft wants it."`
	KeyID             string `json:"key_id" when:"client_auth=private_key_jwt" label:"Key ID (kid)" form:"advanced" help:"When the service knows several keys."`
	SigningAlgorithm  string `json:"signing_algorithm" when:"client_auth=private_key_jwt" options:"auto=As the key is|RS256|RS384|RS512|PS256|ES256|ES384|ES512|EdDSA" default:"auto" form:"advanced"`
	AssertionAudience string `json:"assertion_audience" when:"client_auth=private_key_jwt" label:"Signature is made for" options:"token_url=The token URL|issuer=The issuer" default:"token_url" form:"advanced" help:"Some services want to be called by their issuer."`
}

// public reports whether nothing proves that it is us who ask.
func (c clientAuth) public() bool {
	return c.ClientAuth == "none" || c.ClientAuth != "private_key_jwt" && c.ClientSecret == ""
}

// identify puts the client into a token request: into its form and its headers.
// The second value is what must not be shown of it, or "".
func (c clientAuth) identify(form url.Values, h http.Header, endpoint, issuer string, now time.Time) (string, error) {
	switch {
	case c.ClientAuth == "private_key_jwt":
		audience := endpoint
		if c.AssertionAudience == "issuer" {
			audience = issuer
		}
		signed, err := c.assertion(audience, now)
		if err != nil {
			return "", err
		}
		form.Set("client_id", c.ClientID)
		form.Set("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
		form.Set("client_assertion", signed)
		return signed, nil
	case c.public():
		form.Set("client_id", c.ClientID)
	case c.ClientAuth == "post":
		form.Set("client_id", c.ClientID)
		form.Set("client_secret", c.ClientSecret)
	default:
		// RFC 6749 2.3.1: both are form-encoded before they are joined.
		pair := basic{url.QueryEscape(c.ClientID), url.QueryEscape(c.ClientSecret)}
		h.Set("Authorization", "Basic "+pair.encoded())
		return pair.encoded(), nil
	}
	return "", nil
}

func (c clientAuth) check(issuer string) (p schema.Problems) {
	if c.ClientAuth != "private_key_jwt" {
		return nil
	}
	if c.AssertionAudience == "issuer" && issuer == "" {
		p = append(p, schema.Problem{Field: "issuer", Message: "is required, as the signature is made for it"})
	}
	if c.PrivateKey == "" {
		return append(p, schema.Problem{Field: "private_key", Message: "is required: paste the key whose public half the service knows"})
	}
	key, err := readClientKey(c.PrivateKey)
	if err == nil {
		_, err = key.algorithm(c.SigningAlgorithm)
	}
	var misfit *algorithmError
	switch {
	case errors.As(err, &misfit):
		p = append(p, schema.Problem{Field: "signing_algorithm", Message: err.Error()})
	case err != nil:
		p = append(p, schema.Problem{Field: "private_key", Message: err.Error()})
	}
	return p
}
