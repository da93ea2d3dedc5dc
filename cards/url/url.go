// Package url holds the cards that read and write web addresses.
//
// They compute and touch nothing.
package url

import (
	"fmt"
	"strings"

	"flowdeck/cards/schema"
)

const category = "URL"

type textOutput struct {
	Text string `json:"text" help:"The result."`
}

const upperHex = "0123456789ABCDEF"

// encode writes every byte as %XX that is not unreserved (RFC 3986 section 2.3).
func encode(s string, plus bool) string {
	var b strings.Builder
	b.Grow(len(s))
	for i := range len(s) {
		c := s[i]
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '-', c == '_', c == '.', c == '~':
			b.WriteByte(c)
		case c == ' ' && plus:
			b.WriteByte('+')
		default:
			b.WriteByte('%')
			b.WriteByte(upperHex[c>>4])
			b.WriteByte(upperHex[c&15])
		}
	}
	return b.String()
}

// decode reads %XX, and + as a space when it is asked to. The problem names the
// character, counted from 1, where the text is not encoded.
func decode(s string, plus bool) (string, error) {
	var b strings.Builder
	b.Grow(len(s))
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '+' && plus:
			b.WriteByte(' ')
		case s[i] != '%':
			b.WriteByte(s[i])
		case i+2 >= len(s) || nibble(s[i+1]) < 0 || nibble(s[i+2]) < 0:
			return "", schema.Problems{{Field: "text", Message: fmt.Sprintf("has a %% at character %d that no two hexadecimal digits follow; a percent sign itself is written %%25", len([]rune(s[:i]))+1)}}
		default:
			b.WriteByte(byte(nibble(s[i+1])<<4 | nibble(s[i+2])))
			i += 2
		}
	}
	return b.String(), nil
}

func nibble(c byte) int {
	switch {
	case '0' <= c && c <= '9':
		return int(c - '0')
	case 'a' <= c && c <= 'f':
		return int(c-'a') + 10
	case 'A' <= c && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}
