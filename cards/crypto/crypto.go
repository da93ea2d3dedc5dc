// Package crypto holds the cards that hash, authenticate and draw by chance.
//
// They compute and touch nothing. Keys come in as secret inputs: they are never put
// out, and are blanked in the history of runs.
package crypto

import (
	"encoding/base64"
	"encoding/hex"

	"flowdeck/cards/bounds"
	"flowdeck/cards/schema"
)

const category = "Encryption"

// digestInput says how bytes are written as text.
type digestInput struct {
	Digest string `json:"digest" label:"Written as" default:"hex" options:"hex=Hexadecimal digits|base64=Base64|base64url=Base64 for URLs, without padding" form:"fixed" help:"How the bytes become text."`
}

func (in digestInput) write(data []byte) string {
	switch in.Digest {
	case "base64":
		return base64.StdEncoding.EncodeToString(data)
	case "base64url":
		return base64.RawURLEncoding.EncodeToString(data)
	}
	return hex.EncodeToString(data)
}

// bytesOf returns the bytes of text, a number or a file.
func bytesOf(field string, v any) ([]byte, error) {
	if v == nil {
		return nil, nil
	}
	if schema.IsFile(v) {
		file, err := schema.FileOf(v)
		if err != nil {
			return nil, schema.Problems{{Field: field, Message: err.Error()}}
		}
		return file.Data, nil
	}
	text, ok := schema.ToText(v)
	if !ok {
		return nil, schema.Problems{{Field: field, Message: "must be text or a file, got " + schema.Describe(v) + "; make text of it with Stringify"}}
	}
	return []byte(text), bounds.CheckText(field, len(text))
}
