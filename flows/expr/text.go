package expr

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"
)

// maxText is how long a text may become that an expression or a template makes.
const maxText = 32 << 20

// Text is how a value reads inside of text: numbers with their digits, objects and
// lists as compact JSON, nothing for nil.
func Text(v any) string {
	if s, ok := v.(string); ok {
		return s
	}
	b, err := appendText(nil, v)
	if err != nil {
		return ""
	}
	return string(b)
}

func appendText(b []byte, v any) ([]byte, error) {
	switch v := v.(type) {
	case nil:
		return b, nil
	case string:
		if len(b)+len(v) > maxText {
			return nil, errTooLong
		}
		return append(b, v...), nil
	case time.Time:
		return v.AppendFormat(b, time.RFC3339Nano), nil
	}
	return appendJSON(b, v)
}

var errTooLong = &Error{Message: "the text would be longer than 32 MiB"}

// appendJSON writes v as compact JSON with sorted keys.
func appendJSON(b []byte, v any) ([]byte, error) {
	if len(b) > maxText {
		return nil, errTooLong
	}
	switch v := v.(type) {
	case nil:
		return append(b, "null"...), nil
	case bool:
		return strconv.AppendBool(b, v), nil
	case int64:
		return strconv.AppendInt(b, v, 10), nil
	case int:
		return strconv.AppendInt(b, int64(v), 10), nil
	case float64:
		return appendFloat(b, v), nil
	case json.Number:
		return append(b, v...), nil
	case string:
		return appendQuoted(b, v), nil
	case []any:
		return appendList(b, v)
	case map[string]any:
		return appendObject(b, v)
	}
	data, err := json.Marshal(v)
	if err != nil {
		return nil, &Error{Message: fmt.Sprintf("a %T cannot be written as text", v)}
	}
	return append(b, data...), nil
}

func appendList(b []byte, v []any) (_ []byte, err error) {
	b = append(b, '[')
	for i, x := range v {
		if i > 0 {
			b = append(b, ',')
		}
		if b, err = appendJSON(b, x); err != nil {
			return nil, err
		}
	}
	return append(b, ']'), nil
}

func appendObject(b []byte, v map[string]any) (_ []byte, err error) {
	names := make([]string, 0, len(v))
	for k := range v {
		names = append(names, k)
	}
	slices.Sort(names)
	b = append(b, '{')
	for i, k := range names {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(appendQuoted(b, k), ':')
		if b, err = appendJSON(b, v[k]); err != nil {
			return nil, err
		}
	}
	return append(b, '}'), nil
}

func appendQuoted(b []byte, s string) []byte {
	const hex = "0123456789abcdef"
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
			b = append(b, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		}
		i++
		start = i
	}
	return append(append(b, s[start:]...), '"')
}
