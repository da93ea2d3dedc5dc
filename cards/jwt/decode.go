package jwt

import (
	"context"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type decodeInput struct {
	Token string `json:"token" form:"required,secret" help:"Three parts with dots between them."`
}

type decodeOutput struct {
	Header    map[string]any `json:"header" help:"How the token says that it is signed."`
	Payload   map[string]any `json:"payload" help:"What the token says. Nobody verified it."`
	Signature string         `json:"signature" help:"The signature, in Base64 for URLs. Nobody verified it."`
}

// Decode reads a token without verifying it.
var Decode = cards.NewFunction(cards.Spec{
	Name:     "jwt.decode",
	Title:    "Decode",
	Category: category,
	Family:   cards.FamilyData,
	Icon:     "eye",
	Summary:  "Reads a JSON Web Token without verifying it.",
	Whole:    true,
	Doc: "Puts out the header and the payload of a token.\n\n" +
		"- **Nothing is verified**: anybody can make a token that says anything. Use **Verify** before you trust it.\n" +
		"- The token is blanked in the history of runs; its payload shows there. A token may be 1 MiB long.",
	Keywords: []string{"jwt", "token", "read", "claims", "payload", "parse", "unverified"},
	Examples: []cards.Example{{
		Title: "The token of RFC 7515, A.1",
		In:    schema.Values{"token": exampleToken},
		Out: schema.Values{"header": schema.Values{"typ": "JWT", "alg": "HS256"}, "payload": schema.Values{"iss": "joe", "exp": 1300819380, "http://example.com/is_root": true},
			"signature": "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"},
	}, {
		Title: "Half a token",
		In:    schema.Values{"token": "eyJhbGciOiJIUzI1NiJ9.e30"},
		Err:   cards.CodeInvalidInput,
	}},
}, func(_ context.Context, _ cards.Env, in decodeInput) (decodeOutput, error) {
	p, err := split(in.Token)
	return decodeOutput{p.header, p.payload, p.signature}, err
})

// exampleToken and exampleKey are those of RFC 7515, appendix A.1.
const (
	exampleToken = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
	exampleKey   = "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"
)
