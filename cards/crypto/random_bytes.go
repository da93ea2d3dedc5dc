package crypto

import (
	"context"
	"crypto/rand"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type randomBytesInput struct {
	Length int `json:"length" label:"Number of bytes" default:"32" min:"1" max:"65536" help:"How many bytes are drawn."`
	digestInput
}

type randomBytesOutput struct {
	Bytes string `json:"bytes" help:"The bytes, written as text."`
}

// RandomBytes draws bytes.
var RandomBytes = cards.NewFunction(cards.Spec{
	Name:     "crypto.random_bytes",
	Title:    "Random Bytes",
	Category: category,
	Family:   cards.FamilyData,
	Icon:     "shuffle",
	Summary:  "Draws bytes by chance that is good for secrets.",
	Varies:   true,
	Doc: "Puts out bytes that nobody can guess, written in hexadecimal digits or Base64; at most 65,536.\n\n" +
		"- They show in the history of runs, as all outputs do; turn saving data off for a flow that makes keys.",
	Keywords: []string{"random", "bytes", "nonce", "salt", "key", "secret"},
	Examples: []cards.Example{{
		Title: "32 bytes",
		In:    schema.Values{},
	}, {
		Title: "16 bytes for a URL",
		In:    schema.Values{"length": 16, "digest": "base64url"},
	}, {
		Title: "Too many",
		In:    schema.Values{"length": 100000},
		Err:   cards.CodeInvalidInput,
	}},
}, func(_ context.Context, _ cards.Env, in randomBytesInput) (randomBytesOutput, error) {
	data := make([]byte, in.Length)
	if _, err := rand.Read(data); err != nil {
		return randomBytesOutput{}, err
	}
	return randomBytesOutput{in.write(data)}, nil
})
