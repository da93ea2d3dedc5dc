package httpcard

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// textError says where bytes stop being text in the character set they are in.
type textError struct {
	set    string
	offset int // in bytes, from 0; -1 when the set itself is unknown
}

// Error names the set and the place.
func (e *textError) Error() string {
	if e.offset < 0 {
		return "the character set " + short(errors.New(e.set)) + " is not known here"
	}
	return fmt.Sprintf("the bytes from offset %d are not %s", e.offset, e.set)
}

// text returns data as UTF-8 text, by its byte order mark, the set that its type
// names, its XML declaration, or as UTF-8. Nothing is replaced: what is not text in
// its set is a textError.
func (m media) text(data []byte) (string, error) {
	if enc, name := byMark(data); enc != nil {
		return decoded(enc, name, data)
	}
	set := m.charset
	if set == "" && m.isXML() {
		set = byDeclaration(data)
	}
	switch enc, name := charset.Lookup(set); {
	case set == "", name == "utf-8":
	case enc == nil, enc == encoding.Replacement:
		if !utf8.Valid(data) {
			return "", &textError{set: set, offset: -1}
		}
	default:
		return decoded(enc, set, data)
	}
	if utf8.Valid(data) {
		return string(data), nil
	}
	if set == "" && m.isText() && !m.isJSON {
		enc, name, _ := charset.DetermineEncoding(data, m.header)
		return decoded(enc, name, data)
	}
	return "", &textError{set: "UTF-8", offset: firstBad(data)}
}

// byMark returns the encoding that a byte order mark names, or nil.
func byMark(data []byte) (encoding.Encoding, string) {
	switch {
	case len(data) >= 3 && data[0] == 0xEF && data[1] == 0xBB && data[2] == 0xBF:
		return unicode.UTF8BOM, "UTF-8"
	case len(data) >= 2 && (data[0] == 0xFF && data[1] == 0xFE || data[0] == 0xFE && data[1] == 0xFF):
		return unicode.UTF16(unicode.BigEndian, unicode.UseBOM), "UTF-16"
	}
	return nil, ""
}

var declaration = regexp.MustCompile(`^\s*<\?xml\s[^>]*encoding\s*=\s*["']([A-Za-z0-9._-]+)["']`)

// byDeclaration returns the character set that an XML declaration names.
func byDeclaration(data []byte) string {
	if found := declaration.FindSubmatch(data[:min(len(data), 256)]); found != nil {
		return string(found[1])
	}
	return ""
}

// decoded is data in UTF-8. Decoders put U+FFFD where they understand nothing; in
// UTF-8 and UTF-16 it may also have been sent.
func decoded(enc encoding.Encoding, set string, data []byte) (string, error) {
	if enc == unicode.UTF8BOM {
		if !utf8.Valid(data) {
			return "", &textError{set: set, offset: firstBad(data)}
		}
		return string(data[3:]), nil
	}
	out, err := enc.NewDecoder().Bytes(data)
	if err == nil && !strings.ContainsRune(string(out), utf8.RuneError) {
		return string(out), nil
	}
	return "", &textError{set: set, offset: firstUnknown(enc, data)}
}

// firstBad is where data stops being UTF-8.
func firstBad(data []byte) int {
	for i := 0; i < len(data); {
		r, n := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && n <= 1 {
			return i
		}
		i += n
	}
	return len(data)
}

// firstUnknown is where a decoder understands nothing: it is fed a character's room at a time.
func firstUnknown(enc encoding.Encoding, data []byte) int {
	d, room := enc.NewDecoder(), make([]byte, utf8.UTFMax)
	for at := 0; at < len(data); {
		wrote, read, err := d.Transform(room, data[at:], true)
		if strings.ContainsRune(string(room[:wrote]), utf8.RuneError) || err != nil && err != transform.ErrShortDst || read == 0 && wrote == 0 {
			return at
		}
		at += read
	}
	return len(data)
}
