package schema

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"unicode/utf8"
)

// EncodeJSON writes a value as JSON: keys in order, numbers with the digits they
// have, no escapes that JSON does not need.
func EncodeJSON(v any) ([]byte, error) { return AppendJSON(nil, v) }

// AppendJSON is EncodeJSON at the end of b.
func AppendJSON(b []byte, v any) ([]byte, error) { return appendJSON(b, v, 0) }

var errDeep = errors.New("nested too deeply to write as JSON")

func appendJSON(b []byte, v any, depth int) ([]byte, error) {
	if depth > 2*maxDepth {
		return b, errDeep
	}
	switch x := v.(type) {
	case nil:
		return append(b, "null"...), nil
	case bool:
		if x {
			return append(b, "true"...), nil
		}
		return append(b, "false"...), nil
	case string:
		return AppendText(b, x), nil
	case json.Number:
		if _, ok := parseDecimal(string(x)); !ok {
			return b, fmt.Errorf("%q is not a number", string(x))
		}
		return append(b, x...), nil
	case int64, float64:
		b, ok := appendNumber(b, x)
		if !ok {
			return b, fmt.Errorf("%v is not a number that JSON has", x)
		}
		return b, nil
	case []any:
		return appendList(b, x, depth)
	case map[string]any:
		return appendObject(b, x, depth)
	}
	n, err := Normal(v)
	if err != nil {
		return b, err
	}
	return appendJSON(b, n, depth+1)
}

func appendList(b []byte, list []any, depth int) ([]byte, error) {
	b = append(b, '[')
	var err error
	for i, e := range list {
		if i > 0 {
			b = append(b, ',')
		}
		if b, err = appendJSON(b, e, depth+1); err != nil {
			return b, err
		}
	}
	return append(b, ']'), nil
}

func appendObject(b []byte, m Values, depth int) ([]byte, error) {
	var few [16]string
	keys := few[:0]
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	b = append(b, '{')
	var err error
	for i, k := range keys {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(AppendText(b, k), ':')
		if b, err = appendJSON(b, m[k], depth+1); err != nil {
			return b, err
		}
	}
	return append(b, '}'), nil
}

const hexDigits = "0123456789abcdef"

// AppendText appends s as a JSON string. What is not UTF-8 in it becomes U+FFFD.
func AppendText(b []byte, s string) []byte {
	b = append(b, '"')
	start := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= utf8.RuneSelf {
			r, n := utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError && n == 1 {
				b = append(append(b, s[start:i]...), "\ufffd"...)
				start = i + 1
			}
			i += n
			continue
		}
		if c >= ' ' && c != '"' && c != '\\' {
			i++
			continue
		}
		b = append(b, s[start:i]...)
		switch c {
		case '"', '\\':
			b = append(b, '\\', c)
		case '\n':
			b = append(b, '\\', 'n')
		case '\r':
			b = append(b, '\\', 'r')
		case '\t':
			b = append(b, '\\', 't')
		default:
			b = append(b, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
		}
		i++
		start = i
	}
	return append(append(b, s[start:]...), '"')
}
