package expr

import (
	"regexp"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

var numberText = regexp.MustCompile(`^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?`)

func (p *jsonParser) number() (Node, error) {
	end := p.at
	for end < len(p.src) && strings.IndexByte("0123456789.eE+-", p.src[end]) >= 0 {
		end++
	}
	text := numberText.FindString(p.src[p.at:end]) // of all that follows it would look at far too much
	end = p.at + len(text)
	if text == "" || end < len(p.src) && strings.IndexByte(" \t\r\n,]}", p.src[end]) < 0 {
		return Node{}, p.fail("this is not a number")
	}
	p.at = end
	return Node{constant: Number(text)}, nil
}

func (p *jsonParser) word() (Node, error) {
	n := p.at
	for n < len(p.src) && (isLetter(p.src[n]) || isDigit(p.src[n])) {
		n++
	}
	word := p.src[p.at:n]
	var v any
	switch word {
	case "true", "false":
		v = word == "true"
	case "null":
	case "":
		return Node{}, p.fail("a value is due, but there is %s", p.here())
	default:
		return Node{}, p.fail(`text needs "quotes" around it: %s`, word)
	}
	p.at = n
	return Node{constant: v}, nil
}

// text reads quoted text with templates in it.
func (p *jsonParser) text() (Template, error) {
	t := Template{quoted: true}
	start := p.at
	p.at++
	if plain := plainText(p.src[p.at:]); plain >= 0 { // no escapes, no templates
		t.parts = literal(nil, p.src[p.at:p.at+plain])
		p.at += plain + 1
		return t, nil
	}
	var lit []byte
	for {
		if p.at >= len(p.src) {
			p.at = start
			return Template{}, p.fail("this text is never closed")
		}
		switch c := p.src[p.at]; {
		case c == '"':
			p.at++
			t.parts = literal(t.parts, string(lit))
			return t, nil
		case c == '\\':
			var err error
			if lit, err = p.escape(lit); err != nil {
				return Template{}, err
			}
		case c == '\n' || c == '\r':
			return Template{}, p.fail(`this text breaks off at the end of the line; write \n for a line break`)
		case c < ' ':
			return Template{}, p.fail(`a control character in text is written \u%04x`, c)
		case c == '{' && !p.literal && strings.HasPrefix(p.src[p.at:], "{{"):
			t.parts, lit = literal(t.parts, string(lit)), nil
			code, err := p.braces()
			if err != nil {
				return Template{}, err
			}
			t.parts = append(t.parts, part{code: code})
		default:
			lit = append(lit, c)
			p.at++
		}
	}
}

// plainText returns the length of a text up to its quote when it can be taken as it is, or -1.
func plainText(s string) int {
	for i := range len(s) {
		switch c := s[i]; {
		case c == '"':
			return i
		case c == '\\' || c == '{' || c < ' ':
			return -1
		}
	}
	return -1
}

func literal(parts []part, text string) []part {
	if text == "" {
		return parts
	}
	return append(parts, part{text: text})
}

func (p *jsonParser) braces() (*code, error) {
	if p.ruler == nil {
		p.ruler = newRuler(p.src)
	}
	c, end, err := p.lib.braces(p.src, p.at, p.ruler, true)
	if err != nil {
		return nil, err
	}
	p.at = end
	return c, nil
}

func (p *jsonParser) escape(lit []byte) ([]byte, error) {
	rest := p.src[p.at+1:]
	if rest == "" {
		return nil, p.fail("this text is never closed")
	}
	if i := strings.IndexByte(`"\/bfnrt`, rest[0]); i >= 0 {
		p.at += 2
		return append(lit, "\"\\/\b\f\n\r\t"[i]), nil
	}
	r, ok := unicodeEscape(rest)
	if !ok {
		return nil, p.fail(`after \ comes one of " \ / b f n r t or u and four digits`)
	}
	p.at += 6
	if utf16.IsSurrogate(r) {
		low, ok := rune(0), false
		if strings.HasPrefix(p.src[p.at:], `\`) {
			low, ok = unicodeEscape(p.src[p.at+1:])
		}
		if r = utf16.DecodeRune(r, low); ok && r != utf8.RuneError {
			p.at += 6
		}
	}
	return utf8.AppendRune(lit, r), nil
}

func unicodeEscape(s string) (rune, bool) {
	if len(s) < 5 || s[0] != 'u' {
		return 0, false
	}
	n, err := strconv.ParseUint(s[1:5], 16, 16)
	return rune(n), err == nil
}
