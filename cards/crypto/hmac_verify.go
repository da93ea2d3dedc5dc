package crypto

import (
	"context"
	"crypto/hmac"
	"encoding/hex"
	"strings"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type verifyInput struct {
	Data any `json:"data" help:"Text, or a file: exactly the bytes that came, such as the raw body of a call."`
	HMAC any `json:"hmac" label:"HMAC" form:"required" help:"The code that came with them, in digits or Base64; a name before it, such as sha256=, is passed over."`
	keyInput
	algorithmInput
}

type verifyOutput struct {
	Result bool `json:"result" help:"True when the code is right."`
}

// HMACVerify checks a code.
var HMACVerify = cards.NewFunction(cards.Spec{
	Name:     "crypto.hmac_verify",
	Title:    "HMAC Verify",
	Category: category,
	Family:   cards.FamilyData,
	Icon:     "shield-check",
	Summary:  "Says whether a message authentication code is right.",
	Doc: "Computes the HMAC of the data and compares it with the one that came, in a time that tells nothing about the difference.\n\n" +
		"- The code may be written in hexadecimal digits or in Base64 of either alphabet, with `sha256=` or the like before it.\n" +
		strings.TrimSuffix(keyDoc, "\n"),
	Keywords: []string{"hmac", "verify", "webhook", "signature", "check", "authenticate", "compare"},
	Examples: []cards.Example{{
		Title: "As many services send it",
		In: schema.Values{"data": "what do ya want for nothing?", "key": "Jefe",
			"hmac": "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
		Out: schema.Values{"result": true},
	}, {
		Title: "In Base64",
		In:    schema.Values{"data": "what do ya want for nothing?", "key": "Jefe", "hmac": "W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM="},
		Out:   schema.Values{"result": true},
	}, {
		Title: "Data that was changed",
		In:    schema.Values{"data": "what do you want for nothing?", "key": "Jefe", "hmac": "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
		Out:   schema.Values{"result": false},
	}, {
		Title: "No code",
		In:    schema.Values{"data": "abc", "key": "Jefe"},
		Err:   cards.CodeInvalidInput,
	}},
}, func(_ context.Context, _ cards.Env, in verifyInput) (verifyOutput, error) {
	code, ok := schema.ToText(in.HMAC)
	if !ok {
		return verifyOutput{}, schema.Problems{{Field: "hmac", Message: "must be text, got " + schema.Describe(in.HMAC)}}
	}
	want, err := hmacInput{Data: in.Data, keyInput: in.keyInput, algorithmInput: in.algorithmInput}.sum()
	if err != nil {
		return verifyOutput{}, err
	}
	code = strings.TrimSpace(code)
	if name, rest, named := strings.Cut(code, "="); named && rest != "" && strings.Trim(rest, "=") != "" && len(name) <= 10 {
		code = rest
	}
	for _, read := range []func(string) ([]byte, error){hex.DecodeString, unpack} {
		if got, err := read(code); err == nil && hmac.Equal(got, want) {
			return verifyOutput{true}, nil
		}
	}
	return verifyOutput{}, nil
})
