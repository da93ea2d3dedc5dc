package expr

import (
	"strconv"
	"strings"
)

// Reference points at an output of a step, or below it.
type Reference struct {
	Step   string
	Path   []Key
	Line   int // 1-based, of the first letter of Step
	Column int

	at int // byte of the expression at which Step begins
}

// Key is one step down a value: a name in an object, or an index in a list.
type Key struct {
	Name  string
	Index int  // from the end when negative
	List  bool // Index counts, not Name
}

// String writes the reference as people type it: get.body.items[0].id.
func (r Reference) String() string { return r.Step + pathText(r.Path, true) }

// PathString writes only what is below the step: "body.items[0].id".
func (r Reference) PathString() string { return pathText(r.Path, false) }

// value is what the reference points at; nil when it is not there.
func (r *Reference) value(scope Scope) any {
	v, _ := scope.Lookup(r.Step)
	for i := range r.Path {
		k := &r.Path[i]
		if object, ok := v.(map[string]any); ok && !k.List {
			v = object[k.Name]
		} else {
			v = k.of(v)
		}
	}
	return v
}

func (k *Key) of(v any) any {
	switch v := v.(type) {
	case map[string]any:
		if !k.List {
			return v[k.Name]
		}
	case []any:
		if !k.List {
			return nil
		}
		i := k.Index
		if i < 0 {
			i += len(v)
		}
		if i >= 0 && i < len(v) {
			return v[i]
		}
	case nil, string, bool, int64, float64, int:
	default: // a list of texts, as functions of expr-lang give it
		switch x := shallow(v).(type) {
		case []any, map[string]any:
			return k.of(x)
		}
	}
	return nil
}

func pathText(path []Key, dot bool) string {
	var b strings.Builder
	for i, k := range path {
		switch {
		case k.List:
			b.WriteString("[" + strconv.Itoa(k.Index) + "]")
		case isName(k.Name):
			if dot || i > 0 {
				b.WriteByte('.')
			}
			b.WriteString(k.Name)
		default:
			b.WriteString("[" + strconv.Quote(k.Name) + "]")
		}
	}
	return b.String()
}

func isName(s string) bool {
	for i := range len(s) {
		if !isLetter(s[i]) && (i == 0 || !isDigit(s[i])) {
			return false
		}
	}
	return s != ""
}

func isLetter(c byte) bool {
	return c == '_' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

// At returns the value at path below v, nil when there is none.
func At(v any, path []Key) any {
	for i := range path {
		v = path[i].of(v)
	}
	return v
}
