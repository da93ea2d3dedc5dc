package httpcard

import (
	"mime"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/unicode"
)

// media is what a Content-Type says.
type media struct {
	header  string // as it came
	name    string // "application/json"; "" when there is none
	charset string
	isJSON  bool
}

func mediaOf(contentType string) media {
	m := media{header: contentType}
	switch contentType { // the usual ones need no parsing
	case "application/json", "application/json; charset=utf-8":
		m.name, m.isJSON = "application/json", true
		return m
	}
	name, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		name, _, _ = strings.Cut(contentType, ";")
		name = strings.ToLower(strings.TrimSpace(name))
	}
	m.name, m.charset = name, params["charset"]
	m.isJSON = name == "application/json" || name == "text/json" || strings.HasSuffix(name, "+json")
	return m
}

// mayBeJSON reports whether s, of a type that is not JSON, is worth a try: there is
// no type or one that says nothing, or plain text that looks like an object or a list.
func (m media) mayBeJSON(s string) bool {
	switch m.name {
	case "", "application/octet-stream", "binary/octet-stream", "application/unknown", "unknown/unknown":
		return true
	case "text/plain":
		s = strings.TrimSpace(s)
		return len(s) > 1 && (s[0] == '{' && s[len(s)-1] == '}' || s[0] == '[' && s[len(s)-1] == ']')
	}
	return false
}

// isText reports whether what has this type is text in some character set.
func (m media) isText() bool {
	return strings.HasPrefix(m.name, "text/") || strings.HasSuffix(m.name, "xml") || m.isJSON ||
		m.name == "application/javascript" || m.name == "application/x-www-form-urlencoded"
}

// text returns data as UTF-8 text; false when it is not text.
func (m media) text(data []byte) (string, bool) {
	if enc := byMark(data); enc != nil {
		return decoded(enc, data)
	}
	if m.charset != "" && !strings.EqualFold(m.charset, "utf-8") && !strings.EqualFold(m.charset, "utf8") {
		if enc, _ := charset.Lookup(m.charset); enc != nil && enc != encoding.Nop {
			return decoded(enc, data)
		}
	}
	if utf8.Valid(data) {
		return string(data), true
	}
	if m.charset == "" && m.isText() && !m.isJSON {
		enc, _, _ := charset.DetermineEncoding(data, m.header)
		return decoded(enc, data)
	}
	return "", false
}

// byMark returns the encoding that a byte order mark names, or nil.
func byMark(data []byte) encoding.Encoding {
	switch {
	case len(data) >= 3 && data[0] == 0xEF && data[1] == 0xBB && data[2] == 0xBF:
		return unicode.UTF8BOM
	case len(data) >= 2 && (data[0] == 0xFF && data[1] == 0xFE || data[0] == 0xFE && data[1] == 0xFF):
		return unicode.UTF16(unicode.BigEndian, unicode.UseBOM)
	}
	return nil
}

func decoded(enc encoding.Encoding, data []byte) (string, bool) {
	out, err := enc.NewDecoder().Bytes(data)
	if err != nil || !utf8.Valid(out) {
		return "", false
	}
	return string(out), true
}
