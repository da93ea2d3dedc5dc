package schema

import (
	"strconv"
	"strings"
)

// accept returns val as a field of f's type holds it. What cannot be that
// without losing something is a problem.
func (x *filler) accept(f *Field, val any) (any, bool) {
	if isLater(val) {
		if !x.later {
			x.problem("is not known yet")
		}
		return nil, false
	}
	switch f.Type {
	case Text:
		if _, isText := val.(string); isText {
			return val, true
		}
		if e, is := val.(*Expression); is {
			if f.Format == Inline {
				return e, true
			}
			return e.String(), true
		}
		if s, ok := ToText(val); ok {
			return s, true
		}
		x.refuse(f, val, "must be text", "; pick one of its values, or put it into text with Compose")
	case Number:
		if n, ok := normalNumber(val); ok {
			return n, true
		}
		if s, isText := val.(string); isText {
			if n, ok := ParseNumber(strings.TrimSpace(s)); ok {
				return n, true
			}
		}
		x.refuse(f, val, "must be a number", "")
	case Boolean:
		switch val {
		case true, "true":
			return true, true
		case false, "false":
			return false, true
		}
		x.refuse(f, val, "must be true or false", "")
	case Date:
		if s, isText := val.(string); isText {
			if _, ok := parseDate(s); ok {
				return s, true
			}
		}
		x.refuse(f, val, "must be a date such as 2026-03-01 or 2026-03-01T09:30:00Z", "")
	case Object, File:
		if m, ok := val.(map[string]any); ok {
			return m, true
		}
		if m, ok := fromJSON(val, '{').(map[string]any); ok {
			return m, true
		}
		x.refuse(f, val, "must be an object", "")
	case List:
		return x.acceptList(f, val)
	default:
		return val, true
	}
	return nil, false
}

func (x *filler) acceptList(f *Field, val any) (any, bool) {
	if l, ok := val.([]any); ok {
		return l, true
	}
	if l, ok := fromJSON(val, '[').([]any); ok {
		return l, true
	}
	if s, isText := val.(string); isText && f.Format == Names {
		var list []any
		for _, name := range SplitNames(s) {
			list = append(list, name)
		}
		return list, true
	}
	x.refuse(f, val, "must be a list", "")
	return nil, false
}

func (x *filler) refuse(f *Field, val any, must, hint string) {
	got := Describe(val)
	if f.Secret {
		got = kind(val)
	}
	if t := TypeOf(val); t != Object && t != List {
		hint = ""
	}
	x.problem(must + ", got " + got + hint)
}

// fromJSON returns what text that begins like that holds as JSON, or nil.
func fromJSON(val any, begins byte) any {
	s, isText := val.(string)
	if !isText {
		return nil
	}
	if s = strings.TrimSpace(s); s == "" || s[0] != begins {
		return nil
	}
	v, err := DecodeJSONText(s)
	if err != nil {
		return nil
	}
	return v
}

// ToText returns text, a number or true/false as text; false for anything else.
func ToText(v any) (string, bool) {
	switch x := v.(type) {
	case string:
		return x, true
	case bool:
		return strconv.FormatBool(x), true
	}
	return FormatNumber(v)
}

// SplitNames returns the names that a Names field lists.
func SplitNames(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ' ' || r == '\n' || r == '\t' || r == '\r' || r == ';' })
}
