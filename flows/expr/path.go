package expr

import (
	"strconv"
	"strings"
)

// words that mean something else in an expression and cannot name a step.
var words = map[string]bool{
	"true": true, "false": true, "nil": true, "not": true, "and": true, "or": true, "in": true, "let": true,
	"if": true, "else": true, "contains": true, "matches": true, "startsWith": true, "endsWith": true,
}

// IsStep reports whether s can name a step: letters, digits and _, no word of the language.
func IsStep(s string) bool { return isName(s) && !words[s] }

// ParsePath reads what stands below a step: "body.items[0].id", `headers["x-id"]`.
func ParsePath(src string) ([]Key, error) {
	if src == "" {
		return nil, nil
	}
	text := src
	if src[0] != '[' {
		text = "." + src
	}
	path, rest := keys(text)
	if rest != "" {
		return nil, errorAt(src, len(src)-len(rest), `a path reads like body.items[0].id or headers["x-id"]`)
	}
	return path, nil
}

// simple reads src as nothing but a reference. It is the way most templates go.
func simple(src string) (Reference, bool) {
	n := 0
	for n < len(src) && (isLetter(src[n]) || n > 0 && isDigit(src[n])) {
		n++
	}
	if !IsStep(src[:n]) {
		return Reference{}, false
	}
	path, rest := keys(src[n:])
	return Reference{Step: src[:n], Path: path}, rest == ""
}

// keys reads .name, ?.name, [0], [-1], ["name"] as often as they come.
func keys(src string) (path []Key, rest string) {
	for src != "" {
		k, after, ok := key(src)
		if !ok {
			return path, src
		}
		path, src = append(path, k), after
	}
	return path, ""
}

func key(src string) (k Key, rest string, ok bool) {
	if after, found := strings.CutPrefix(src, "?."); found {
		src = "." + after
	}
	if src[0] == '.' {
		n := 1
		for n < len(src) && (isLetter(src[n]) || n > 1 && isDigit(src[n])) {
			n++
		}
		return Key{Name: src[1:n]}, src[n:], n > 1
	}
	if src[0] != '[' {
		return Key{}, src, false
	}
	in, after := strings.TrimLeft(src[1:], " "), ""
	switch {
	case in == "":
		return Key{}, src, false
	case in[0] == '"' || in[0] == '\'':
		end := endOfQuote(in, 0, in[:1])
		if end < 0 {
			return Key{}, src, false
		}
		quoted := in[:end+1]
		if in[0] == '\'' {
			if strings.ContainsAny(quoted, `"\`) {
				return Key{}, src, false
			}
			quoted = `"` + quoted[1:end] + `"`
		}
		name, err := strconv.Unquote(quoted)
		if err != nil {
			return Key{}, src, false
		}
		k, after = Key{Name: name}, in[end+1:]
	default:
		n := 0
		for n < len(in) && (isDigit(in[n]) || n == 0 && in[n] == '-') {
			n++
		}
		i, err := strconv.Atoi(in[:n])
		if err != nil {
			return Key{}, src, false
		}
		k, after = Key{Index: i, List: true}, in[n:]
	}
	after, ok = strings.CutPrefix(strings.TrimLeft(after, " "), "]")
	return k, after, ok
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }
