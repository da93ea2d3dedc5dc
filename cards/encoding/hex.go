package encoding

import (
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

// HexEncode writes hexadecimal digits.
var HexEncode = declare(cards.Spec{
	Name:    "encoding.hex_encode",
	Title:   "Hex",
	Icon:    "hash",
	Summary: "Writes text in hexadecimal digits.",
	Doc: "Writes each of the text's UTF-8 bytes as two digits, 0 to 9 and a to f.\n\n" +
		"- Hexadecimal digits hide nothing: everybody can decode them.",
	Keywords: []string{"hex", "hexadecimal", "encode", "base16", "bytes"},
	Examples: []cards.Example{{
		Title: "Two bytes of a letter",
		In:    schema.Values{"text": "aü"},
		Out:   schema.Values{"text": "61c3bc"},
	}, {
		Title: "No text",
		In:    schema.Values{"text": ""},
		Out:   schema.Values{"text": ""},
	}, {
		Title: "A list is not text",
		In:    schema.Values{"text": []any{}},
		Err:   cards.CodeInvalidInput,
	}},
}, func(in textInput) (string, error) { return hex.EncodeToString([]byte(in.Text)), nil })

// HexDecode reads hexadecimal digits.
var HexDecode = declare(cards.Spec{
	Name:    "encoding.hex_decode",
	Title:   "Hex Decode",
	Icon:    "type",
	Summary: "Reads text that is written in hexadecimal digits.",
	Doc: "Reads two digits for each byte, in small letters or capitals. Spaces, line breaks and colons between them are passed over.\n\n" +
		"- What is not hexadecimal fails the card and the message says where. The result has to be UTF-8 text.",
	Keywords: []string{"hex", "hexadecimal", "decode", "base16", "bytes"},
	Examples: []cards.Example{{
		Title: "Two bytes of a letter",
		In:    schema.Values{"text": "61 C3:bc"},
		Out:   schema.Values{"text": "aü"},
	}, {
		Title: "A digit is missing",
		In:    schema.Values{"text": "616"},
		Err:   cards.CodeInvalidInput,
	}, {
		Title: "A letter that is no digit",
		In:    schema.Values{"text": "6g"},
		Err:   cards.CodeInvalidInput,
	}},
}, func(in textInput) (string, error) {
	digits := spaced.Replace(in.Text)
	data, err := hex.DecodeString(digits)
	if wrong := hex.InvalidByteError(0); errors.As(err, &wrong) {
		at := strings.IndexByte(digits, byte(wrong))
		return "", schema.Problems{{Field: "text", Message: fmt.Sprintf("is not hexadecimal: character %d, without spaces, is none of 0 to 9 and a to f", len([]rune(digits[:at]))+1)}}
	}
	if err != nil {
		return "", schema.Problems{{Field: "text", Message: "is not hexadecimal: every byte has two digits, and the last one is alone"}}
	}
	return readable(data, "")
})

var spaced = strings.NewReplacer(" ", "", "\n", "", "\r", "", "\t", "", ":", "")
