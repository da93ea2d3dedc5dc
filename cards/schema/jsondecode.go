package schema

import (
	"encoding/json"
	"strings"
	"unicode/utf8"
)

const (
	// maxDepth is how deep lists and objects may be nested in JSON.
	maxDepth = 1000
	// shareBelow is the size of a text up to which its strings may keep all of it in memory.
	shareBelow = 64 << 10
)

// DecodeJSON reads one JSON value as flows carry it: digits of numbers are kept.
// Of a key that an object repeats, the last one counts. The error is a *JSONError.
func DecodeJSON(data []byte) (any, error) { return DecodeJSONText(string(data)) }

// DecodeJSONText is DecodeJSON for text.
func DecodeJSONText(src string) (any, error) {
	v, _, err := ReadJSON(src)
	return v, err
}

// ReadJSON is DecodeJSONText that also returns a few of the keys that an object
// repeats, of which only the last one counted.
func ReadJSON(src string) (v any, repeated []string, err error) {
	d := decoder{src: src, share: len(src) <= shareBelow}
	if !d.share {
		d.keys = new([64]string)
	}
	d.space()
	var ok bool
	if v, ok = d.value(0); ok {
		if d.space(); d.pos < len(d.src) {
			v, ok = d.fail(d.pos, "expected nothing more after the value")
		}
	}
	if !ok {
		return nil, nil, d.err
	}
	return v, d.repeated, nil
}

// maxRepeated is how many repeated keys are told.
const maxRepeated = 5

type decoder struct {
	src   string
	pos   int
	share bool
	stack []any       // elements of the lists that are open
	keys  *[64]string // the last ones seen, when strings are not shared
	err   *JSONError

	repeated []string
}

func (d *decoder) fail(pos int, message string) (any, bool) {
	if d.err == nil {
		if pos >= len(d.src) {
			message += ", but the text ends"
		}
		d.err = jsonError(d.src, pos, message)
	}
	return nil, false
}

func (d *decoder) deep() (any, bool) {
	d.fail(d.pos, "nested too deeply: more than 1000 levels")
	d.err.TooDeep = true
	return nil, false
}

func (d *decoder) space() {
	for d.pos < len(d.src) {
		switch d.src[d.pos] {
		case ' ', '\n', '\t', '\r':
			d.pos++
		default:
			return
		}
	}
}

// next skips space and returns the byte there, 0 at the end.
func (d *decoder) next() byte {
	d.space()
	if d.pos < len(d.src) {
		return d.src[d.pos]
	}
	return 0
}

func (d *decoder) value(depth int) (any, bool) {
	if d.pos >= len(d.src) {
		return d.fail(d.pos, "expected a value")
	}
	switch c := d.src[d.pos]; {
	case c == '{':
		return d.object(depth + 1)
	case c == '[':
		return d.list(depth + 1)
	case c == '"':
		s, ok := d.text()
		if !ok {
			return nil, false
		}
		return s, true
	case c == '-' || isDigit(c):
		return d.number()
	case c == 't':
		return d.word("true", true)
	case c == 'f':
		return d.word("false", false)
	case c == 'n':
		return d.word("null", nil)
	}
	return d.fail(d.pos, "expected a value")
}

func (d *decoder) word(word string, v any) (any, bool) {
	if !strings.HasPrefix(d.src[d.pos:], word) {
		return d.fail(d.pos, "expected a value")
	}
	d.pos += len(word)
	return v, true
}

func (d *decoder) number() (any, bool) {
	start := d.pos
	for d.pos < len(d.src) {
		switch c := d.src[d.pos]; {
		case isDigit(c), c == '-', c == '+', c == '.', c == 'e', c == 'E':
			d.pos++
			continue
		}
		break
	}
	s := d.src[start:d.pos]
	v, ok := ParseNumber(s)
	if !ok {
		return d.fail(start, "expected a number, but "+cut(s, 40)+" is none")
	}
	if n, long := v.(json.Number); long && !d.share {
		return json.Number(strings.Clone(string(n))), true
	}
	return v, true
}

func (d *decoder) list(depth int) (any, bool) {
	if depth > maxDepth {
		return d.deep()
	}
	d.pos++
	if d.next() == ']' {
		d.pos++
		return []any{}, true
	}
	bottom := len(d.stack)
	for {
		v, ok := d.value(depth)
		if !ok {
			return nil, false
		}
		d.stack = append(d.stack, v)
		switch d.next() {
		case ',':
			d.pos++
			d.space()
		case ']':
			d.pos++
			list := make([]any, len(d.stack)-bottom)
			copy(list, d.stack[bottom:])
			clear(d.stack[bottom:])
			d.stack = d.stack[:bottom]
			return list, true
		default:
			return d.fail(d.pos, "expected a comma or ]")
		}
	}
}

func (d *decoder) object(depth int) (any, bool) {
	if depth > maxDepth {
		return d.deep()
	}
	d.pos++
	m := Values{}
	if d.next() == '}' {
		d.pos++
		return m, true
	}
	for {
		if d.pos >= len(d.src) || d.src[d.pos] != '"' {
			return d.fail(d.pos, "expected a key in double quotes")
		}
		key, ok := d.key()
		if !ok {
			return nil, false
		}
		if d.next() != ':' {
			return d.fail(d.pos, "expected a colon after the key")
		}
		d.pos++
		d.space()
		v, ok := d.value(depth)
		if !ok {
			return nil, false
		}
		known := len(m)
		if m[key] = v; len(m) == known && len(d.repeated) < maxRepeated {
			d.repeated = append(d.repeated, strings.Clone(key))
		}
		switch d.next() {
		case ',':
			d.pos++
			d.space()
		case '}':
			d.pos++
			return m, true
		default:
			return d.fail(d.pos, "expected a comma or }")
		}
	}
}

// plain returns the text at pos when it needs no decoding, with its end.
func (d *decoder) plain() (raw string, simple bool) {
	start, high := d.pos+1, false
	for i := start; i < len(d.src); i++ {
		switch c := d.src[i]; {
		case c == '"':
			raw = d.src[start:i]
			if high && !utf8.ValidString(raw) {
				return "", false
			}
			d.pos = i + 1
			return raw, true
		case c == '\\' || c < ' ':
			return "", false
		case c >= utf8.RuneSelf:
			high = true
		}
	}
	return "", false
}

func (d *decoder) text() (string, bool) {
	raw, simple := d.plain()
	if !simple {
		return d.escaped()
	}
	if d.share {
		return raw, true
	}
	return strings.Clone(raw), true
}

// key is text that is likely to have come before: lists hold objects of one shape.
func (d *decoder) key() (string, bool) {
	if d.share {
		return d.text()
	}
	raw, simple := d.plain()
	if !simple {
		return d.escaped()
	}
	if raw == "" {
		return "", true
	}
	seen := &d.keys[(len(raw)*31+int(raw[0])*7+int(raw[len(raw)-1]))%len(d.keys)]
	if *seen != raw {
		*seen = strings.Clone(raw)
	}
	return *seen, true
}
