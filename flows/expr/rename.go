package expr

import (
	"cmp"
	"slices"
	"strings"
)

// Rename returns text, plain or JSON, with references to steps in names pointing
// at the new ones. What does not parse stays as it is.
func Rename(src string, names map[string]string) string {
	var b strings.Builder
	at := 0
	for {
		open := strings.Index(src[at:], "{{")
		end := -1
		if open >= 0 {
			end, _ = closing(src, at+open+2)
		}
		if end < 0 {
			b.WriteString(src[at:])
			return b.String()
		}
		open += at + 2
		b.WriteString(src[at:open])
		b.WriteString(renameCode(src[open:end], names))
		at = end
	}
}

func renameCode(src string, names map[string]string) string {
	escaped := false
	c, err := Lenient().parseCode(src)
	if err != nil {
		if escaped = strings.Contains(src, `\"`); !escaped {
			return src
		}
		if c, err = Lenient().parseCode(strings.ReplaceAll(src, `\"`, `"`)); err != nil {
			return src
		}
	}
	text := replaced(c.src, 0, c.refs, names)
	if text == c.src {
		return src
	}
	if escaped {
		text = strings.ReplaceAll(text, `"`, `\"`)
	}
	return " " + text + " "
}

// replaced is text with new names for the steps of refs, whose places count from at.
func replaced(text string, from int, refs []Reference, names map[string]string) string {
	refs = slices.Clone(refs)
	slices.SortFunc(refs, func(a, b Reference) int { return cmp.Compare(b.at, a.at) })
	for _, r := range refs {
		if name, ok := names[r.Step]; ok {
			at := from + r.at
			text = text[:at] + name + text[at+len(r.Step):]
		}
	}
	return text
}
