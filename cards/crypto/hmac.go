package crypto

import (
	"context"
	"crypto/hmac"
	"encoding/base64"
	"encoding/hex"
	"strings"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

// keyInput is a key that was agreed on.
type keyInput struct {
	Key       string `json:"key" form:"required,secret" help:"The secret that both sides know."`
	KeyFormat string `json:"key_format" label:"Key is written as" default:"text" options:"text=Text|hex=Hexadecimal digits|base64=Base64" form:"advanced,fixed" help:"What makes bytes of the key."`
}

// bytes returns the key. A mistake in it is told without showing it.
func (in keyInput) bytes() ([]byte, error) {
	var data []byte
	var err error
	switch in.KeyFormat {
	case "hex":
		data, err = hex.DecodeString(in.Key)
	case "base64":
		data, err = unpack(in.Key)
	default:
		return []byte(in.Key), nil
	}
	if err != nil {
		return nil, schema.Problems{{Field: "key", Message: "cannot be read in the way that Key is written as says"}}
	}
	return data, nil
}

// unpack reads Base64 in both alphabets, with padding or without.
func unpack(s string) ([]byte, error) {
	return base64.RawStdEncoding.DecodeString(strings.TrimRight(strings.NewReplacer("-", "+", "_", "/").Replace(s), "="))
}

type hmacInput struct {
	Data any `json:"data" help:"Text, or a file: exactly the bytes that are signed."`
	keyInput
	algorithmInput
	digestInput
}

type hmacOutput struct {
	HMAC string `json:"hmac" label:"HMAC" help:"The code."`
}

const keyDoc = "- The key comes from an earlier card: typed, it would stand in the flow for all to read. This card blanks it in the history of runs.\n"

// HMAC signs with a key that both sides know.
var HMAC = cards.NewFunction(cards.Spec{
	Name:     "crypto.hmac",
	Title:    "HMAC",
	Category: category,
	Family:   cards.FamilyData,
	Icon:     "key-round",
	Summary:  "Signs text or a file with a key that both sides know.",
	Doc: "Puts out the message authentication code of data (RFC 2104), as many services want it in a header.\n\n" +
		keyDoc +
		"- To check a code that came in, use **HMAC Verify**. Text may be 10 MiB long.",
	Keywords: []string{"hmac", "sign", "signature", "webhook", "sha256", "key", "authenticate"},
	Examples: []cards.Example{{
		Title: "RFC 4231, test case 2",
		In:    schema.Values{"data": "what do ya want for nothing?", "key": "Jefe"},
		Out:   schema.Values{"hmac": "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
	}, {
		Title: "SHA-512 in Base64, with a key in digits",
		In:    schema.Values{"data": "Hi There", "key": "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "key_format": "hex", "algorithm": "sha512", "digest": "base64"},
		Out:   schema.Values{"hmac": "h6p83qXvYZ1P8LQkGh1ssCN59OLOTsJ4etCzBUXhfN7aqDO31rinAgOLJ06uo/Tkvp2RTuth8XAuaWwgOhJoVA=="},
	}, {
		Title: "No key",
		In:    schema.Values{"data": "abc"},
		Err:   cards.CodeInvalidInput,
	}},
}, func(_ context.Context, _ cards.Env, in hmacInput) (hmacOutput, error) {
	sum, err := in.sum()
	return hmacOutput{in.write(sum)}, err
})

func (in hmacInput) sum() ([]byte, error) {
	key, err := in.bytes()
	if err != nil {
		return nil, err
	}
	data, err := bytesOf("data", in.Data)
	if err != nil {
		return nil, err
	}
	h := hmac.New(in.algorithmInput.hash(), key)
	h.Write(data)
	return h.Sum(nil), nil
}
