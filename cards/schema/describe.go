package schema

import (
	"encoding/json"
	"fmt"
	"time"
	"unicode/utf8"
)

// TypeOf returns the type of a value as flows carry it; Any for nil and for what flows do not carry.
func TypeOf(v any) Type {
	switch v.(type) {
	case string, *Expression:
		return Text
	case bool:
		return Boolean
	case int64, float64, json.Number, int, int32, uint64, uint32, float32, uint, int16, uint16, int8, uint8:
		return Number
	case map[string]any:
		return Object
	case []any:
		return List
	case time.Time:
		return Date
	}
	return Any
}

// Describe says what a value is, briefly, for a message: `text "abc"`, "number 9", "a list of 3".
func Describe(v any) string {
	switch x := v.(type) {
	case nil:
		return "nothing"
	case string:
		if x == "" {
			return "empty text"
		}
		return fmt.Sprintf("text %q", cut(x, 40))
	case *Expression:
		return fmt.Sprintf("the expression %q", cut(x.text, 40))
	case bool:
		return fmt.Sprint(x)
	case map[string]any:
		return "an object"
	case []any:
		return fmt.Sprintf("a list of %d", len(x))
	}
	if s, ok := FormatNumber(v); ok {
		return "number " + cut(s, 40)
	}
	return fmt.Sprintf("a %T", v)
}

// kind says what a value is without showing it, for a field that holds a secret.
func kind(v any) string {
	switch t := TypeOf(v); t {
	case Object:
		return "an object"
	case Boolean:
		return "true or false"
	case Text, Number, List, Date:
		return "a " + string(t)
	default:
		return "something else"
	}
}

// cut returns the first n bytes of s or less, never half a character.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n] + "…"
}
