package file

import (
	"bytes"
	"errors"
	"mime"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/htmlindex"

	"flowdeck/cards/schema"
)

var (
	errBytes   = errors.New("is not text: it has bytes that are not UTF-8; choose the character set that it is written in")
	errCharset = errors.New("is no character set that is known, such as utf-8, windows-1252 or iso-8859-15")
)

// decode makes text of a file's bytes: by the mark that they begin with, else by the
// character set that was chosen, else by the one of the file's type, else as UTF-8.
func decode(f schema.FileValue, chosen string) (string, error) {
	name := marked(f.Data)
	if name == "" {
		name = chosen
	}
	if name == "" || name == "auto" {
		_, params, _ := mime.ParseMediaType(f.Type)
		name = params["charset"]
	}
	if name == "" || strings.EqualFold(name, "utf-8") || strings.EqualFold(name, "utf8") {
		data := bytes.TrimPrefix(f.Data, []byte("\ufeff"))
		if !utf8.Valid(data) {
			return "", schema.Problems{{Field: "file", Message: errBytes.Error()}}
		}
		return string(data), nil
	}
	how, err := htmlindex.Get(name)
	if err != nil {
		return "", schema.Problems{{Field: "charset", Message: errCharset.Error()}}
	}
	text, err := how.NewDecoder().Bytes(f.Data)
	if err != nil || bytes.ContainsRune(text, utf8.RuneError) {
		return "", schema.Problems{{Field: "file", Message: "is not text: it has bytes that are not " + name}}
	}
	return strings.TrimPrefix(string(text), "\ufeff"), nil
}

// marked returns the character set of a byte order mark; "" when there is none.
func marked(data []byte) string {
	switch {
	case bytes.HasPrefix(data, []byte{0xef, 0xbb, 0xbf}):
		return "utf-8"
	case bytes.HasPrefix(data, []byte{0xff, 0xfe}):
		return "utf-16le"
	case bytes.HasPrefix(data, []byte{0xfe, 0xff}):
		return "utf-16be"
	}
	return ""
}
