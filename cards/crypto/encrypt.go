package crypto

import (
	"context"
	"crypto/rand"
	"encoding/base64"

	"flowdeck/cards"
	"flowdeck/cards/bounds"
	"flowdeck/cards/schema"
)

type encryptInput struct {
	Data any `json:"data" help:"Text, or a file."`
	cipherKeyInput
	Additional any `json:"additional" label:"Additional data" form:"advanced" help:"Text that is not hidden, and without which nothing can be decrypted."`
}

type encryptOutput struct {
	Encrypted string `json:"encrypted" help:"The encrypted text, in Base64."`
}

// Encrypt hides data from all who have no key.
var Encrypt = cards.NewFunction(cards.Spec{
	Name:     "crypto.encrypt",
	Title:    "Encrypt",
	Category: category,
	Family:   cards.FamilyData,
	Icon:     "lock",
	Summary:  "Encrypts text or a file with a key or a passphrase.",
	Varies:   true,
	Doc: "Puts out text that only **Decrypt** with the same key can read, and that cannot be changed without its being noticed. The same data looks different each time.\n\n" +
		keyDoc +
		"- The data that goes in shows in the history of runs, as all inputs do; turn saving data off for a flow that must not keep it.\n" +
		layoutDoc +
		"- Encrypted text may be 10 MiB long. One key is good for four thousand million texts; a passphrase has a new salt each time.",
	Keywords: []string{"encrypt", "aes", "gcm", "cipher", "secret", "passphrase", "hide", "protect"},
	Examples: []cards.Example{{
		Title: "With a key in hexadecimal digits",
		In:    schema.Values{"data": "maya@acme.io", "key": exampleKey},
	}, {
		Title: "A key that is too short",
		In:    schema.Values{"data": "maya@acme.io", "key": "c2VjcmV0"},
		Err:   cards.CodeInvalidInput,
	}, {
		Title: "No key",
		In:    schema.Values{"data": "maya@acme.io"},
		Err:   cards.CodeInvalidInput,
	}},
}, func(_ context.Context, _ cards.Env, in encryptInput) (encryptOutput, error) {
	data, err := bytesOf("data", in.Data)
	if err != nil {
		return encryptOutput{}, err
	}
	additional, err := bytesOf("additional", in.Additional)
	if err != nil {
		return encryptOutput{}, err
	}
	whole := 1 + saltBytes + nonceBytes + len(data) + tagBytes
	if err := bounds.CheckText("encrypted", base64.StdEncoding.EncodedLen(whole)); err != nil {
		return encryptOutput{}, err
	}
	e := envelope{nonce: make([]byte, nonceBytes)}
	if in.passphrase() {
		e.salt = make([]byte, saltBytes)
		_, _ = rand.Read(e.salt) // never fails: see crypto/rand
	}
	_, _ = rand.Read(e.nonce)
	key, err := in.bytes(e.salt)
	if err != nil {
		return encryptOutput{}, err
	}
	aead, err := gcm(key)
	if err != nil {
		return encryptOutput{}, err
	}
	e.sealed = aead.Seal(nil, e.nonce, data, additional)
	return encryptOutput{e.text()}, nil
})
