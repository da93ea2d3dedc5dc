package flows

import (
	"strconv"
	"strings"

	"flowdeck/flows/expr"
)

// SplitField reads a field path: "query.expand" is two keys, `a\.b` is one.
func SplitField(field string) []string {
	if field == "" {
		return nil
	}
	var keys []string
	var b strings.Builder
	for i := 0; i < len(field); i++ {
		switch c := field[i]; {
		case c == '\\' && i+1 < len(field):
			i++
			b.WriteByte(field[i])
		case c == '.':
			keys = append(keys, b.String())
			b.Reset()
		default:
			b.WriteByte(c)
		}
	}
	return append(keys, b.String())
}

// FieldPath joins the names on the way to a value in a step's inputs, as Edit and
// Problem write it: "query.expand", "conditions.0.left".
func FieldPath(names ...string) string {
	path := ""
	for i, name := range names {
		if i > 0 {
			path += "."
		}
		path += expr.Below("", name)
	}
	return path
}

// valueAt returns what stands at a path below v.
func valueAt(v any, path []string) (any, bool) {
	for _, key := range path {
		switch x := v.(type) {
		case map[string]any:
			next, ok := x[key]
			if !ok {
				return nil, false
			}
			v = next
		case []any:
			i, ok := item(key, len(x))
			if !ok || i == len(x) {
				return nil, false
			}
			v = x[i]
		default:
			return nil, false
		}
	}
	return v, true
}

// item reads a key as an index in a list of n: 0 to n.
func item(key string, n int) (int, bool) {
	i, err := strconv.Atoi(key)
	return i, err == nil && i >= 0 && i <= n && strconv.Itoa(i) == key
}
