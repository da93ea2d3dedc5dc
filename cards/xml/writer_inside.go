package xml

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"flowdeck/cards/schema"
)

// attributes writes the keys of an object that begin with @, by name.
func (w *writer) attributes(path string, object map[string]any) {
	for _, key := range slices.Sorted(maps.Keys(object)) {
		name, is := strings.CutPrefix(key, "@")
		if !is || object[key] == nil {
			continue
		}
		at := path + "." + key
		if !validName(name) {
			w.fail(at, "cannot be the name of an attribute; names begin with a letter or _ and have no spaces")
			return
		}
		w.WriteString(" " + name + `="`)
		w.escape(at, object[key], attributeEscapes)
		w.WriteByte('"')
	}
}

// inside writes what stands between an element's two tags.
func (w *writer) inside(path string, object map[string]any) {
	plain := true // elements only, so that line breaks between them change nothing
	for _, key := range []string{"#text", "#cdata", "#children"} {
		v, there := object[key]
		if !there || v == nil {
			continue
		}
		plain = false
		w.special(path+"."+key, key, v)
	}
	for key := range object {
		if strings.HasPrefix(key, "#") && key != "#text" && key != "#cdata" && key != "#children" {
			w.fail(path+"."+key, "is not one of #text, #cdata and #children")
			return
		}
	}
	wrote := false
	for _, key := range w.ordered(object) {
		if list, several := object[key].([]any); several && len(list) == 0 {
			continue
		}
		if plain {
			w.newline()
		}
		w.element(path+"."+key, key, object[key])
		wrote = true
	}
	if wrote && plain {
		w.depth--
		w.newline()
		w.depth++
	}
}

// special writes what no element of its own holds.
func (w *writer) special(path, key string, v any) {
	switch key {
	case "#text":
		w.text(path, v)
	case "#cdata":
		s, ok := schema.ToText(v)
		if !ok || !w.allowed(path, s) {
			w.fail(path, "must be text, got "+schema.Describe(v))
			return
		}
		w.WriteString("<![CDATA[" + strings.ReplaceAll(s, "]]>", "]]]]><![CDATA[>") + "]]>")
	case "#children":
		w.children(path, v)
	}
}

// children writes elements and text in the order of a list.
func (w *writer) children(path string, v any) {
	list, isList := v.([]any)
	if !isList {
		w.fail(path, "must be a list of objects with one key each, got "+schema.Describe(v))
		return
	}
	indent := w.indent
	w.indent = false
	for i, item := range list {
		at := path + "." + strconv.Itoa(i)
		object, _ := item.(map[string]any)
		if len(object) != 1 {
			w.fail(at, "must be an object with one key, the name of the element")
			return
		}
		for key, value := range object {
			switch {
			case key == "#text", key == "#cdata":
				w.special(at+"."+key, key, value)
			default:
				w.element(at+"."+key, key, value)
			}
		}
	}
	w.indent = indent
}

// ordered lists the elements of an object: those whose order was given, then the rest by name.
func (w *writer) ordered(object map[string]any) []string {
	var first, rest []string
	for _, name := range w.order {
		if _, there := object[name]; there && !slices.Contains(first, name) {
			first = append(first, name)
		}
	}
	for key := range object {
		if !strings.HasPrefix(key, "@") && !strings.HasPrefix(key, "#") && !slices.Contains(first, key) {
			rest = append(rest, key)
		}
	}
	slices.Sort(rest)
	return append(first, rest...)
}

func (w *writer) text(path string, v any) { w.escape(path, v, textEscapes) }

// A line break that is escaped comes back as it was: readers make spaces of those in
// attributes, and drop carriage returns everywhere.
var (
	textEscapes      = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "\r", "&#xD;")
	attributeEscapes = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "\r", "&#xD;", "\n", "&#xA;", "\t", "&#x9;")
)

func (w *writer) escape(path string, v any, how *strings.Replacer) {
	s, ok := schema.ToText(v)
	if !ok {
		w.fail(path, "must be text, a number or true/false, got "+schema.Describe(v))
		return
	}
	if w.allowed(path, s) {
		_, _ = how.WriteString(w, s)
	}
}

// allowed reports whether XML can hold the text at all (XML 1.0 section 2.2).
func (w *writer) allowed(path, s string) bool {
	for _, r := range s {
		if r == utf8.RuneError || r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0xFFFE || r == 0xFFFF {
			w.fail(path, fmt.Sprintf("has a character that XML cannot hold: U+%04X", r))
			return false
		}
	}
	return true
}

// validName reports whether s can name an element or an attribute (XML 1.0 section 2.3),
// with one prefix at most.
func validName(s string) bool {
	prefix, local, has := strings.Cut(s, ":")
	if !has {
		return validPart(s)
	}
	return validPart(prefix) && validPart(local)
}

func validPart(s string) bool {
	for i, r := range s {
		letter := r == '_' || unicode.IsLetter(r)
		if !letter && (i == 0 || r != '-' && r != '.' && !unicode.IsDigit(r) && !unicode.In(r, unicode.Mn, unicode.Mc)) {
			return false
		}
	}
	return s != ""
}

func (w *writer) newline() {
	if w.indent {
		w.WriteString("\n" + strings.Repeat("  ", w.depth))
	}
}
