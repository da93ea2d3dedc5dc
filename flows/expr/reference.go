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
	for i, c := range []byte(s) {
		if !isLetter(c) && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return s != ""
}

func isLetter(c byte) bool {
	return c == '_' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}
