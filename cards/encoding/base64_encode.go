package encoding

import (
	"encoding/base64"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type base64Input struct {
	textInput
	Alphabet string `json:"alphabet" default:"standard" options:"standard=Standard (+ and /)|url=For URLs (- and _)" form:"fixed" help:"The one for URLs is also that of JSON Web Tokens."`
	Padding  bool   `json:"padding" default:"true" form:"advanced,fixed" help:"End with = signs, up to a length that is a multiple of four."`
}

// Base64Encode writes Base64.
var Base64Encode = declare(cards.Spec{
	Name:    "encoding.base64_encode",
	Title:   "Base64",
	Icon:    "code-xml",
	Summary: "Writes text in Base64.",
	Doc: "Writes the UTF-8 bytes of a text with 64 letters, digits and signs (RFC 4648).\n\n" +
		"- Base64 hides nothing: everybody can decode it.\n" +
		"- For files there is **File to Base64**.",
	Keywords: []string{"base64", "encode", "base64url", "convert", "binary", "ascii"},
	Examples: []cards.Example{{
		Title: "A name and a password",
		In:    schema.Values{"text": "maya:tea"},
		Out:   schema.Values{"text": "bWF5YTp0ZWE="},
	}, {
		Title: "For URLs, without padding",
		In:    schema.Values{"text": "<<ü>>?", "alphabet": "url", "padding": false},
		Out:   schema.Values{"text": "PDzDvD4-Pw"},
	}, {
		Title: "An object is not text",
		In:    schema.Values{"text": schema.Values{}},
		Err:   cards.CodeInvalidInput,
	}},
}, func(in base64Input) (string, error) {
	how := base64.StdEncoding
	if in.Alphabet == "url" {
		how = base64.URLEncoding
	}
	if !in.Padding {
		how = how.WithPadding(base64.NoPadding)
	}
	return how.EncodeToString([]byte(in.Text)), nil
})
