package crypto

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/rand"

	"flowdeck/cards"
	"flowdeck/cards/keys"
	"flowdeck/cards/schema"
)

type signInput struct {
	Data any `json:"data" help:"Text, or a file: exactly the bytes that are signed."`
	schemeInput
	Key    string `json:"key" label:"Private key" form:"required,secret" format:"multiline" help:"In PEM, or a JWK."`
	Form   string `json:"form" label:"Signature is" default:"der" options:"der=DER, as most programs have it|raw=r and s one behind the other, as in JWTs and WebCrypto" when:"scheme=ecdsa" form:"fixed" help:"For ECDSA: how its two numbers are put together."`
	Digest string `json:"digest" label:"Written as" default:"base64" options:"base64=Base64|base64url=Base64 for URLs, without padding|hex=Hexadecimal digits" form:"fixed" help:"How the bytes become text."`
}

type signOutput struct {
	Signature string `json:"signature" help:"The signature."`
}

// Sign signs with a private key.
var Sign = cards.NewFunction(cards.Spec{
	Name:     "crypto.sign",
	Title:    "Sign",
	Category: category,
	Family:   cards.FamilyData,
	Icon:     "pencil",
	Summary:  "Signs text or a file with a private key.",
	Varies:   true, // with PSS and ECDSA
	Doc: "Puts out a signature that everybody with the public key can check, and nobody without the private key can make.\n\n" +
		keyDoc +
		"- RSA keys have at least 2048 bits. PSS takes a salt as long as its hash (RFC 8017). ECDSA takes the curve of the key: P-256, P-384 or P-521 (FIPS 186-5). Ed25519 is that of RFC 8032, and hashes by itself.\n" +
		"- With PSS and ECDSA the same data has another signature each time.\n" +
		"- For a JSON Web Token take **Sign** of JWT; for a secret that both sides know, **HMAC**.",
	Keywords: []string{"sign", "signature", "rsa", "pss", "ecdsa", "ed25519", "private key", "pem"},
	Examples: []cards.Example{{
		Title: "Ed25519: RFC 8032, test 2",
		In:    schema.Values{"data": "r", "scheme": "ed25519", "key": ed25519Key, "digest": "hex"},
		Out:   schema.Values{"signature": "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"},
	}, {
		Title: "A public key",
		In:    schema.Values{"data": "r", "scheme": "ed25519", "key": ed25519Public},
		Err:   cards.CodeInvalidInput,
	}, {
		Title: "A key for another algorithm",
		In:    schema.Values{"data": "r", "scheme": "ecdsa", "key": ed25519Key},
		Err:   cards.CodeInvalidInput,
	}},
}, func(_ context.Context, _ cards.Env, in signInput) (signOutput, error) {
	k, err := keys.Private(in.Key)
	if err == nil {
		err = in.fits(keys.Public(k.Key))
	}
	if err != nil {
		return signOutput{}, schema.Problems{{Field: "key", Message: err.Error()}}
	}
	data, err := bytesOf("data", in.Data)
	if err != nil {
		return signOutput{}, err
	}
	signature, err := k.Key.(crypto.Signer).Sign(rand.Reader, in.digest(data), in.options())
	if err != nil {
		return signOutput{}, schema.Problems{{Field: "key", Message: "cannot sign: it is damaged"}}
	}
	if e, ok := k.Key.(*ecdsa.PrivateKey); ok && in.Form == "raw" {
		if signature, err = rawOf(signature, e.Curve); err != nil {
			return signOutput{}, err
		}
	}
	return signOutput{digestInput{in.Digest}.write(signature)}, nil
})
