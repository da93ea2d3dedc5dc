package httpcard

import (
	"mime"
	"strings"
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
	return strings.HasPrefix(m.name, "text/") || m.isXML() || m.isJSON ||
		m.name == "application/javascript" || m.name == "application/x-www-form-urlencoded"
}

func (m media) isXML() bool { return strings.HasSuffix(m.name, "xml") }
