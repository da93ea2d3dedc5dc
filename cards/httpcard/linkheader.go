package httpcard

import (
	"net/http"
	"strings"
)

// nextLink returns the target of the first link whose relation is next in the Link
// headers (RFC 8288, section 3); "" when there is none.
func nextLink(h http.Header) string {
	for _, header := range h.Values("Link") {
		for rest := header; ; {
			open := strings.IndexByte(rest, '<')
			if open < 0 {
				break
			}
			shut := strings.IndexByte(rest[open:], '>')
			if shut < 0 {
				break
			}
			target := rest[open+1 : open+shut]
			var next bool
			next, rest = linkParameters(rest[open+shut+1:])
			if next {
				return strings.TrimSpace(target)
			}
		}
	}
	return ""
}

// linkParameters reads the parameters of one link and says whether its first rel, the
// one that counts, names next. Rest begins with the next link.
func linkParameters(s string) (next bool, rest string) {
	seen := false
	for {
		s = strings.TrimLeft(s, " \t;")
		if s == "" || s[0] == ',' {
			return next, strings.TrimPrefix(s, ",")
		}
		end := strings.IndexAny(s, "=;,")
		if end < 0 || s[end] != '=' { // a parameter without a value
			if end < 0 {
				return next, ""
			}
			s = s[end:]
			continue
		}
		name := strings.TrimSpace(s[:end])
		var value string
		value, s = linkValue(strings.TrimLeft(s[end+1:], " \t"))
		if strings.EqualFold(name, "rel") && !seen {
			seen = true
			for word := range strings.FieldsSeq(value) {
				next = next || strings.EqualFold(word, "next")
			}
		}
	}
}

// linkValue reads a token or a quoted string.
func linkValue(s string) (value, rest string) {
	if !strings.HasPrefix(s, `"`) {
		end := strings.IndexAny(s, ";,")
		if end < 0 {
			end = len(s)
		}
		return strings.TrimSpace(s[:end]), s[end:]
	}
	var b strings.Builder
	for i := 1; i < len(s); i++ {
		switch {
		case s[i] == '\\' && i+1 < len(s):
			i++
			b.WriteByte(s[i])
		case s[i] == '"':
			return b.String(), s[i+1:]
		default:
			b.WriteByte(s[i])
		}
	}
	return b.String(), ""
}
