package schema

import (
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// escaped reads text that has escapes, or finds out what is wrong with it.
func (d *decoder) escaped() (string, bool) {
	var b strings.Builder
	i := d.pos + 1
	for i < len(d.src) {
		switch c := d.src[i]; {
		case c == '"':
			d.pos = i + 1
			return b.String(), true
		case c == '\\':
			n, ok := d.escape(&b, i)
			if !ok {
				return "", false
			}
			i += n
		case c < ' ':
			d.fail(i, "line breaks, tabs and control characters in text must be written as escapes such as \\n")
			return "", false
		case c < utf8.RuneSelf:
			b.WriteByte(c)
			i++
		default:
			r, n := utf8.DecodeRuneInString(d.src[i:])
			if r == utf8.RuneError && n == 1 {
				d.fail(i, "this is not UTF-8 text")
				return "", false
			}
			b.WriteString(d.src[i : i+n])
			i += n
		}
	}
	d.fail(len(d.src), "expected a closing double quote")
	return "", false
}

// escape decodes the escape at i and returns its length.
func (d *decoder) escape(b *strings.Builder, i int) (int, bool) {
	if i+1 >= len(d.src) {
		d.fail(i+1, "expected a closing double quote")
		return 0, false
	}
	switch c := d.src[i+1]; c {
	case '"', '\\', '/':
		b.WriteByte(c)
	case 'b':
		b.WriteByte('\b')
	case 'f':
		b.WriteByte('\f')
	case 'n':
		b.WriteByte('\n')
	case 'r':
		b.WriteByte('\r')
	case 't':
		b.WriteByte('\t')
	case 'u':
		r, ok := hex4(d.src, i+2)
		if !ok {
			d.fail(i, "expected four hexadecimal digits after \\u")
			return 0, false
		}
		if utf16.IsSurrogate(r) {
			if i+7 < len(d.src) && d.src[i+6] == '\\' && d.src[i+7] == 'u' {
				if low, ok := hex4(d.src, i+8); ok {
					if pair := utf16.DecodeRune(r, low); pair != utf8.RuneError {
						b.WriteRune(pair)
						return 12, true
					}
				}
			}
			r = utf8.RuneError // half a pair is no character
		}
		b.WriteRune(r)
		return 6, true
	default:
		d.fail(i, "this escape is unknown; a backslash is written \\\\")
		return 0, false
	}
	return 2, true
}

func hex4(s string, i int) (rune, bool) {
	if i+4 > len(s) {
		return 0, false
	}
	var r rune
	for _, c := range []byte(s[i : i+4]) {
		switch {
		case isDigit(c):
			c -= '0'
		case c >= 'a' && c <= 'f':
			c -= 'a' - 10
		case c >= 'A' && c <= 'F':
			c -= 'A' - 10
		default:
			return 0, false
		}
		r = r<<4 | rune(c)
	}
	return r, true
}
