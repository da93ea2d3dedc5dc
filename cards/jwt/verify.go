package jwt

import (
	"context"
	"strings"

	"github.com/go-jose/go-jose/v4"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type verifyInput struct {
	Token string `json:"token" form:"required,secret" help:"Three parts with dots between them."`
	keyInput
	Issuer      string   `json:"issuer" help:"Who must have made it (iss). Left empty, anybody."`
	Audience    []string `json:"audience" format:"names" help:"Whom it must be for (aud): one of these. Left empty, anybody."`
	Leeway      int      `json:"leeway" label:"Leeway, in seconds" default:"60" min:"0" max:"3600" form:"advanced" help:"How far two clocks may differ."`
	NeverExpire bool     `json:"never_expires" label:"Accept tokens that never expire" form:"advanced,fixed" help:"Without it, a token must say when it expires."`
}

type verifyOutput struct {
	Payload map[string]any `json:"payload" help:"What the token says, and its maker stands for."`
	Header  map[string]any `json:"header" help:"How the token is signed."`
}

// Verify reads a token that can be trusted.
var Verify = cards.NewFunction(cards.Spec{
	Name:     "jwt.verify",
	Title:    "Verify",
	Category: category,
	Family:   cards.FamilyData,
	Icon:     "shield-check",
	Summary:  "Reads a JSON Web Token when its signature and its claims are right.",
	Varies:   true,
	Doc: "Checks the signature, the time (exp, nbf), and the issuer and the audience that you name, then puts out what the token says.\n\n" +
		"- A token that is not right fails the card with `invalid_token`, one whose time is over with `token_expired`, so that a flow can tell them apart.\n" +
		keyDoc +
		"- **Key** may be a set of JWKs, such as a service publishes: the one with the token's key id is taken. It is not fetched; read it with Get.",
	Keywords: []string{"jwt", "token", "verify", "check", "signature", "claims", "validate"},
	Examples: []cards.Example{{
		Title: "The token of RFC 7515, A.1, which expired in 2011",
		In:    schema.Values{"token": exampleToken, "algorithm": "HS256", "key": exampleKey, "key_format": "base64"},
		Err:   cards.CodeTokenExpired,
	}, {
		Title: "Another key",
		In:    schema.Values{"token": exampleToken, "algorithm": "HS256", "key": "a secret that nobody signed with"},
		Err:   cards.CodeInvalidToken,
	}, {
		Title: "A token that is right",
		In:    schema.Values{"token": "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJleHAiOjE3NzIzNTc0NjAsImlhdCI6MTc3MjM1NzQwMCwiaXNzIjoiZmxvd2RlY2siLCJzY29wZSI6InJlYWQifQ.P3HEmyQwIpyu4VZrX_CgcYowWiCEmt8KvFlExBPRQVk", "algorithm": "HS256", "key": "a secret that both sides know, 32+", "issuer": "flowdeck"},
		Out:   schema.Values{"payload": schema.Values{"exp": 1772357460, "iat": 1772357400, "iss": "flowdeck", "scope": "read"}},
	}},
}, func(_ context.Context, env cards.Env, in verifyInput) (verifyOutput, error) {
	p, err := split(in.Token)
	if err != nil {
		return verifyOutput{}, err
	}
	id, _ := p.header["kid"].(string)
	keys, err := in.publics(id)
	if err != nil {
		return verifyOutput{}, schema.Problems{{Field: "key", Message: err.Error()}}
	}
	signed, err := jose.ParseSignedCompact(strings.TrimSpace(in.Token), []jose.SignatureAlgorithm{jose.SignatureAlgorithm(in.Algorithm)})
	if err != nil {
		return verifyOutput{}, untrusted("is not signed with " + in.Algorithm)
	}
	for _, key := range keys {
		if _, err = signed.Verify(key); err == nil {
			break
		}
	}
	if err != nil {
		return verifyOutput{}, untrusted("was not signed with this key, or was changed since")
	}
	return verifyOutput{p.payload, p.header}, in.check(p.payload, env.Now().Unix())
})
