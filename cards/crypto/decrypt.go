package crypto

import (
	"context"
	"unicode/utf8"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type decryptInput struct {
	Encrypted string `json:"encrypted" form:"required" format:"multiline" help:"What Encrypt put out."`
	cipherKeyInput
	Additional any    `json:"additional" label:"Additional data" form:"advanced" help:"The same as when it was encrypted."`
	Digest     string `json:"digest" label:"Written as" default:"text" options:"text=Text|base64=Base64|hex=Hexadecimal digits" form:"advanced,fixed" help:"How the bytes become text. For a file, take Base64 and File from Base64."`
}

type decryptOutput struct {
	Data string `json:"data" help:"What was encrypted."`
}

// exampleKey is the key that examples use, and nobody else should.
const exampleKey = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"

// Decrypt reads what Encrypt hid.
var Decrypt = cards.NewFunction(cards.Spec{
	Name:     "crypto.decrypt",
	Title:    "Decrypt",
	Category: category,
	Family:   cards.FamilyData,
	Icon:     "key-round",
	Summary:  "Reads what Encrypt put out, with the same key or passphrase.",
	Doc: "Puts out what was encrypted, when not one bit of it was changed.\n\n" +
		"- The card fails with `decrypt_failed` when the text was changed, or the key or the additional data are others: which of these, nobody can tell. " +
		"It fails with `not_encrypted` when the text cannot be what Encrypt puts out, such as when its end is missing; an error block for `decrypt_failed` catches both.\n" +
		keyDoc +
		"- What was encrypted shows in the history of runs, as all outputs do; turn saving data off for a flow that must not keep it.\n" +
		layoutDoc[:len(layoutDoc)-1],
	Keywords: []string{"decrypt", "aes", "gcm", "cipher", "secret", "passphrase", "reveal", "open"},
	Examples: []cards.Example{{
		Title: "With a key in hexadecimal digits",
		In:    schema.Values{"encrypted": "ARAhMkNUZXaHmKm6yytuHt2ahzBMOuOtLomCyhubEYDD1grriSHhwwM=", "key": exampleKey},
		Out:   schema.Values{"data": "maya@acme.io"},
	}, {
		Title: "With a passphrase, for one customer",
		In:    schema.Values{"encrypted": "AqCxwtPk9QYXKDlKW2x9jp8QITJDVGV2h5ipustnrPWmLR1GxViqQwSnp3kRsGH1pq7BVYtJSpdo", "key_kind": "passphrase", "key": "correct horse battery staple", "additional": "customer 1234"},
		Out:   schema.Values{"data": "maya@acme.io"},
	}, {
		Title: "Another key",
		In:    schema.Values{"encrypted": "ARAhMkNUZXaHmKm6yytuHt2ahzBMOuOtLomCyhubEYDD1grriSHhwwM=", "key": "ff" + exampleKey[2:]},
		Err:   cards.CodeDecryptFailed,
	}, {
		Title: "Text whose end is missing",
		In:    schema.Values{"encrypted": "AQABAgMEBQYH", "key": exampleKey},
		Err:   cards.CodeNotEncrypted,
	}},
}, func(_ context.Context, _ cards.Env, in decryptInput) (decryptOutput, error) {
	additional, err := bytesOf("additional", in.Additional)
	if err != nil {
		return decryptOutput{}, err
	}
	e, err := open(in.Encrypted, in.passphrase())
	if err != nil {
		return decryptOutput{}, err
	}
	key, err := in.bytes(e.salt)
	if err != nil {
		return decryptOutput{}, err
	}
	aead, err := gcm(key)
	if err != nil {
		return decryptOutput{}, err
	}
	data, err := aead.Open(nil, e.nonce, e.sealed, additional)
	if err != nil {
		return decryptOutput{}, &cards.Error{Code: cards.CodeDecryptFailed,
			Message: "encrypted: was changed since, or was not encrypted with this " + in.what() + " and this additional data"}
	}
	if in.Digest != "text" {
		return decryptOutput{digestInput{in.Digest}.write(data)}, nil
	}
	if !utf8.Valid(data) {
		return decryptOutput{}, schema.Problems{{Field: "digest", Message: "cannot be text: what was encrypted is not UTF-8; choose Base64"}}
	}
	return decryptOutput{string(data)}, nil
})

func (in cipherKeyInput) what() string {
	if in.passphrase() {
		return "passphrase"
	}
	return "key"
}
