package jwt

import (
	"context"
	"maps"
	"strings"

	"github.com/go-jose/go-jose/v4"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type signInput struct {
	Payload map[string]any `json:"payload" help:"What the token says."`
	keyInput
	Issuer      string         `json:"issuer" help:"Who makes the token (iss)."`
	Subject     string         `json:"subject" help:"Whom it is about (sub)."`
	Audience    []string       `json:"audience" format:"names" help:"Whom it is for (aud); several with commas between them."`
	ExpiresIn   int            `json:"expires_in" label:"Expires in, in seconds" default:"300" min:"0" help:"From now (exp). With 0 the token never expires."`
	NotBefore   int            `json:"not_before" label:"Not before, in seconds" form:"advanced" help:"From now (nbf). With 0 it is valid at once, and nothing is said about it."`
	ID          string         `json:"id" label:"Token ID" form:"advanced" help:"An identifier of the token (jti)."`
	KeyID       string         `json:"key_id" label:"Key ID" form:"advanced" help:"Which key it is signed with (kid). Left empty, that of the JWK."`
	Header      map[string]any `json:"header" form:"advanced" help:"More for the token's header."`
	NoTimestamp bool           `json:"no_timestamp" label:"No timestamp" form:"advanced" help:"Do not say when the token was made (iat)."`
}

type signOutput struct {
	Token string `json:"token" help:"The token."`
}

// Sign makes a token.
var Sign = cards.NewFunction(cards.Spec{
	Name:     "jwt.sign",
	Title:    "Sign",
	Category: category,
	Family:   cards.FamilyData,
	Icon:     "pencil",
	Summary:  "Makes and signs a JSON Web Token.",
	Varies:   true,
	Doc: "Puts out a signed token (RFC 7519) with the payload and the claims that you fill in, which count more than those of the same name in the payload.\n\n" +
		keyDoc +
		"- The token shows in the history of runs until it expires; give it little time. To sign in to a service, a connection is better: it keeps its key sealed.\n" +
		"- HS takes a secret; RS and PS an RSA key of at least 2048 bits; ES a key of its curve; EdDSA an Ed25519 key.",
	Keywords: []string{"jwt", "token", "sign", "encode", "bearer", "claims", "assertion"},
	Examples: []cards.Example{{
		Title: "With a secret, at a time that is known",
		In:    schema.Values{"payload": schema.Values{"scope": "read"}, "algorithm": "HS256", "key": "a secret that both sides know, 32+", "issuer": "flowdeck", "expires_in": 60},
		Out:   schema.Values{"token": "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJleHAiOjE3NzIzNTc0NjAsImlhdCI6MTc3MjM1NzQwMCwiaXNzIjoiZmxvd2RlY2siLCJzY29wZSI6InJlYWQifQ.P3HEmyQwIpyu4VZrX_CgcYowWiCEmt8KvFlExBPRQVk"},
	}, {
		Title: "A key that is none",
		In:    schema.Values{"payload": schema.Values{"scope": "read"}, "algorithm": "RS256", "key": "secret"},
		Err:   cards.CodeInvalidInput,
	}},
}, func(_ context.Context, env cards.Env, in signInput) (signOutput, error) {
	key, id, err := in.private()
	if err != nil {
		return signOutput{}, schema.Problems{{Field: "key", Message: err.Error()}}
	}
	options := (&jose.SignerOptions{}).WithType("JWT")
	if in.KeyID != "" {
		id = in.KeyID
	}
	if id != "" {
		options.WithHeader("kid", id)
	}
	for name, v := range in.Header {
		switch strings.ToLower(name) {
		case "alg", "crit", "b64":
			return signOutput{}, schema.Problems{{Field: "header." + name, Message: "cannot be set here; remove it"}}
		}
		options.WithHeader(jose.HeaderKey(name), v)
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.SignatureAlgorithm(in.Algorithm), Key: key}, options)
	if err != nil {
		return signOutput{}, schema.Problems{{Field: "key", Message: "cannot sign with " + in.Algorithm}}
	}
	payload, err := schema.EncodeJSON(in.claims(env.Now().Unix()))
	if err != nil {
		return signOutput{}, schema.Problems{{Field: "payload", Message: "cannot be written as JSON: " + err.Error()}}
	}
	if len(payload) > maxToken/2 {
		return signOutput{}, &cards.Error{Code: cards.CodeLimit, Message: "payload: is longer than 512 KiB"}
	}
	signed, err := signer.Sign(payload)
	if err != nil {
		return signOutput{}, schema.Problems{{Field: "key", Message: "cannot sign with " + in.Algorithm}}
	}
	token, err := signed.CompactSerialize()
	return signOutput{token}, err
})

// claims is the payload with what was filled in.
func (in signInput) claims(now int64) schema.Values {
	claims := schema.Values{}
	maps.Copy(claims, in.Payload)
	for name, text := range map[string]string{"iss": in.Issuer, "sub": in.Subject, "jti": in.ID} {
		if text != "" {
			claims[name] = text
		}
	}
	switch len(in.Audience) {
	case 0:
	case 1:
		claims["aud"] = in.Audience[0]
	default:
		list := make([]any, len(in.Audience))
		for i, a := range in.Audience {
			list[i] = a
		}
		claims["aud"] = list
	}
	if in.ExpiresIn > 0 {
		claims["exp"] = now + int64(in.ExpiresIn)
	}
	if in.NotBefore != 0 {
		claims["nbf"] = now + int64(in.NotBefore)
	}
	if _, said := claims["iat"]; !said && !in.NoTimestamp {
		claims["iat"] = now
	}
	return claims
}
