package crypto

import (
	"context"
	"encoding/hex"
	"errors"
	"strings"

	"flowdeck/cards"
	"flowdeck/cards/keys"
	"flowdeck/cards/schema"
)

type verifySignatureInput struct {
	Data      any    `json:"data" help:"Text, or a file: exactly the bytes that were signed, such as the raw body of a call."`
	Signature string `json:"signature" form:"required" format:"multiline" help:"In hexadecimal digits or Base64. For ECDSA in DER, or r and s one behind the other."`
	schemeInput
	Key string `json:"key" label:"Public key" form:"required,secret" format:"multiline" help:"In PEM, also a certificate; a JWK, or a set of JWKs, of which one must fit."`
}

type verifySignatureOutput struct {
	Result bool `json:"result" help:"True when the signature is right."`
}

// The keys of RFC 8032, test 2, which examples use.
const (
	ed25519Key    = `{"kty":"OKP","crv":"Ed25519","x":"PUAXw-hDiVqStwqnTRt-vJyYLM8uxJaMwM1V8Sr0Zgw","d":"TM0Imyj_ltqdtsNG7BFOD1uKMZ81q6Yk2oz27U-4pvs"}`
	ed25519Public = `{"kty":"OKP","crv":"Ed25519","x":"PUAXw-hDiVqStwqnTRt-vJyYLM8uxJaMwM1V8Sr0Zgw"}`
)

// Verify checks a signature.
var Verify = cards.NewFunction(cards.Spec{
	Name:     "crypto.verify",
	Title:    "Verify Signature",
	Category: category,
	Family:   cards.FamilyData,
	Icon:     "shield-check",
	Summary:  "Says whether a signature is right, by the public key of who signed.",
	Doc: "Puts out whether the data was signed with the private half of the key, and is as it was then.\n\n" +
		"- A signature that is no signature at all is not right either. A key that cannot be read, or is not for the algorithm, is an error.\n" +
		"- RSA keys have at least 2048 bits; of PSS, a salt of any length is accepted. A signature never chooses its algorithm itself.\n" +
		"- The public key is no secret, but this card blanks it in the history of runs, in case a private one is put here; only its public half is used.",
	Keywords: []string{"verify", "signature", "rsa", "pss", "ecdsa", "ed25519", "public key", "check", "webhook", "certificate"},
	Examples: []cards.Example{{
		Title: "Ed25519: RFC 8032, test 2",
		In: schema.Values{"data": "r", "scheme": "ed25519", "key": ed25519Public,
			"signature": "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"},
		Out: schema.Values{"result": true},
	}, {
		Title: "Data that was changed",
		In: schema.Values{"data": "s", "scheme": "ed25519", "key": ed25519Public,
			"signature": "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"},
		Out: schema.Values{"result": false},
	}, {
		Title: "A key for another algorithm",
		In:    schema.Values{"data": "r", "scheme": "rsa_pss", "key": ed25519Public, "signature": "AAAA"},
		Err:   cards.CodeInvalidInput,
	}},
}, func(_ context.Context, _ cards.Env, in verifySignatureInput) (verifySignatureOutput, error) {
	fit, err := in.keys()
	if err != nil {
		return verifySignatureOutput{}, schema.Problems{{Field: "key", Message: err.Error()}}
	}
	data, err := bytesOf("data", in.Data)
	if err != nil {
		return verifySignatureOutput{}, err
	}
	for _, signature := range readings(in.Signature) {
		for _, key := range fit {
			if in.verify(key, data, signature) {
				return verifySignatureOutput{true}, nil
			}
		}
	}
	return verifySignatureOutput{false}, nil
})

// keys are those that fit the scheme.
func (in verifySignatureInput) keys() (fit []any, err error) {
	list, set, err := keys.Publics(in.Key)
	if err != nil {
		return nil, err
	}
	var why error
	for _, k := range list {
		if err := in.fits(k.Key); err != nil {
			why = err
			continue
		}
		fit = append(fit, k.Key)
	}
	switch {
	case len(fit) > 0:
		return fit, nil
	case set:
		return nil, errors.New("has no key for this algorithm among its JWKs")
	}
	return nil, why
}

// readings are the bytes that a signature's text may stand for: hexadecimal digits are
// Base64 as well.
func readings(text string) (list [][]byte) {
	text = strings.Join(strings.Fields(text), "")
	if b, err := hex.DecodeString(text); err == nil {
		list = append(list, b)
	}
	if b, err := unpack(text); err == nil {
		list = append(list, b)
	}
	return list
}
