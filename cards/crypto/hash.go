package crypto

import (
	"context"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type hashInput struct {
	Data any `json:"data" help:"Text, or a file."`
	algorithmInput
	digestInput
}

type hashOutput struct {
	Hash string `json:"hash" help:"The hash."`
}

// Hash makes a fingerprint.
var Hash = cards.NewFunction(cards.Spec{
	Name:     "crypto.hash",
	Title:    "Hash",
	Category: category,
	Family:   cards.FamilyData,
	Icon:     "hash",
	Summary:  "Makes a fingerprint of text or of a file.",
	Doc: "Puts out the hash of a text's UTF-8 bytes, or of a file's content. The same data has the same hash everywhere.\n\n" +
		"- A hash proves nothing about who made it; **HMAC** does. It hides no password either: short texts can be guessed.\n" +
		"- Text may be 10 MiB long.",
	Keywords: []string{"hash", "sha256", "sha1", "md5", "sha3", "checksum", "digest", "fingerprint"},
	Examples: []cards.Example{{
		Title: "SHA-256",
		In:    schema.Values{"data": "abc"},
		Out:   schema.Values{"hash": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
	}, {
		Title: "MD5 in Base64, as Content-MD5 has it",
		In:    schema.Values{"data": "abc", "algorithm": "md5", "digest": "base64"},
		Out:   schema.Values{"hash": "kAFQmDzST7DWlj99KOF/cg=="},
	}, {
		Title: "A file",
		In:    schema.Values{"data": schema.Values{"name": "a.txt", "base64": "YWJj", "size": 3}, "algorithm": "sha1"},
		Out:   schema.Values{"hash": "a9993e364706816aba3e25717850c26c9cd0d89d"},
	}, {
		Title: "A list",
		In:    schema.Values{"data": []any{1}},
		Err:   cards.CodeInvalidInput,
	}},
}, func(_ context.Context, _ cards.Env, in hashInput) (hashOutput, error) {
	data, err := bytesOf("data", in.Data)
	if err != nil {
		return hashOutput{}, err
	}
	h := newHash(in.Algorithm)
	h.Write(data)
	return hashOutput{in.write(h.Sum(nil))}, nil
})
