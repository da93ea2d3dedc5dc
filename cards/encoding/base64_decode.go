package encoding

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

// Base64Decode reads Base64.
var Base64Decode = declare(cards.Spec{
	Name:    "encoding.base64_decode",
	Title:   "Base64 Decode",
	Icon:    "code",
	Summary: "Reads text that is written in Base64.",
	Doc: "Reads Base64 as it is met: in the standard alphabet or the one for URLs, with or without padding, spaces and line breaks (RFC 4648).\n\n" +
		"- What is not Base64 fails the card and the message says where.\n" +
		"- The result has to be UTF-8 text; for other content there is **Base64 to File**.",
	Keywords: []string{"base64", "decode", "base64url", "convert", "read"},
	Examples: []cards.Example{{
		Title: "A name and a password",
		In:    schema.Values{"text": "bWF5YTp0ZWE="},
		Out:   schema.Values{"text": "maya:tea"},
	}, {
		Title: "From a URL, without padding",
		In:    schema.Values{"text": "PDzDvD4-Pw"},
		Out:   schema.Values{"text": "<<ü>>?"},
	}, {
		Title: "A sign that Base64 does not have",
		In:    schema.Values{"text": "bWF5*Tp0ZWE="},
		Err:   cards.CodeInvalidInput,
	}, {
		Title: "Bytes that are not text",
		In:    schema.Values{"text": "//79"},
		Err:   cards.CodeInvalidInput,
	}},
}, func(in textInput) (string, error) {
	packed := strings.TrimRight(compact.Replace(in.Text), "=")
	data, err := base64.RawStdEncoding.DecodeString(packed)
	if wrong := base64.CorruptInputError(0); errors.As(err, &wrong) {
		message := fmt.Sprintf("is not Base64: character %d, without spaces, is none of its signs", int64(wrong)+1)
		if int(wrong) >= len(packed)-1 {
			message = "is not Base64: it ends in the middle of a byte; a part of it was lost"
		}
		return "", schema.Problems{{Field: "text", Message: message}}
	}
	return readable(data, "; use Base64 to File for them")
})

// compact leaves white space out and knows both alphabets.
var compact = strings.NewReplacer(" ", "", "\n", "", "\r", "", "\t", "", "-", "+", "_", "/")
