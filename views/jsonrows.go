package views

import (
	"encoding/json"
	"fmt"
	"hash/crc32"
	"maps"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"

	"flowdeck/cards/schema"
)

// JSONRow is one line of a JSON tree.
type JSONRow struct {
	Depth  int
	Key    string
	Text   string
	Kind   string // s for text, n for numbers and true/false, p for brackets
	Path   string // "body.items[0].id"; empty on closing brackets
	Has    bool   // is already an output
	Hidden bool   // a secret stood here
	ID     string // of the first line of what was asked for later
	Rest   *JSONRest
}

// JSONRest is what a line stands for that is not laid out: the items of a list, the
// keys of an object or the characters of a text from a place on.
type JSONRest struct {
	Path  string // of the list, object or text
	From  int    // index of the next item or key, or byte of the text
	Depth int    // of the lines to come
}

// How much is laid out until more is asked for: a page is no place for megabytes.
const (
	someItems = 200    // of one list or object
	someText  = 2_000  // bytes of one text
	moreText  = 20_000 // bytes of a text at a time
)

// Redacted in a value is shown as dots.
const Redacted = "••••••••"

// JSONRows lays a value out, in about limit lines; root is the path that stands before
// every key ("body"). Keys of objects are sorted. Lines with a Rest stand for what is
// left out: the effort depends on what is shown, not on how large the value is.
func JSONRows(value any, root string, limit int) []JSONRow {
	t := tree{limit: limit, text: someText}
	t.value(0, "", root, value)
	return t.rows
}

// JSONMembers is JSONRows without the outermost braces, which say nothing.
func JSONMembers(object map[string]any, root string, limit int) []JSONRow {
	t := tree{limit: limit, text: someText}
	t.members(0, root, object, 0, someItems)
	return t.rows
}

// JSONMore lays out what a Rest stands for, in about limit lines; value is what is at its path.
func JSONMore(value any, rest JSONRest, limit int) []JSONRow {
	t := tree{limit: limit, text: moreText}
	switch v := value.(type) {
	case map[string]any:
		t.members(rest.Depth, rest.Path, v, rest.From, limit)
	case []any:
		t.items(rest.Depth, rest.Path, v, rest.From, limit)
	case string:
		t.characters(JSONRow{Depth: rest.Depth}, rest.Path, v, min(max(rest.From, 0), len(v)))
	}
	if len(t.rows) > 0 {
		t.rows[0].ID = "more-" + strconv.Itoa(rest.From) + "-" + strconv.FormatUint(uint64(crc32.ChecksumIEEE([]byte(rest.Path))), 36)
	}
	return t.rows
}

type tree struct {
	rows  []JSONRow
	limit int
	text  int // bytes of one text
}

func (t *tree) add(r JSONRow) { t.rows = append(t.rows, r) }

// full reports whether there are enough lines; something small that was begun is finished.
func (t *tree) full(length int) bool {
	return len(t.rows) >= t.limit && (length > 10 || len(t.rows) >= t.limit+t.limit/4)
}

// rest says what is left out, as one line.
func (t *tree) rest(depth, left int, what, path string, from int) {
	t.add(JSONRow{Depth: depth, Text: fmt.Sprintf("… %d more %s", left, what), Kind: "p", Rest: &JSONRest{Path: path, From: from, Depth: depth}})
}

func (t *tree) value(depth int, key, path string, v any) {
	row := JSONRow{Depth: depth, Key: key, Path: path}
	switch v := v.(type) {
	case map[string]any:
		if len(v) == 0 {
			row.Text, row.Kind = "{ }", "p"
			t.add(row)
			return
		}
		row.Text, row.Kind = "{", "p"
		t.add(row)
		t.members(depth+1, path, v, 0, someItems)
		t.add(JSONRow{Depth: depth, Text: "}", Kind: "p"})
	case []any:
		if len(v) == 0 {
			row.Text, row.Kind = "[ ]", "p"
			t.add(row)
			return
		}
		row.Text, row.Kind = "[", "p"
		t.add(row)
		t.items(depth+1, path, v, 0, someItems)
		t.add(JSONRow{Depth: depth, Text: "]", Kind: "p"})
	case string:
		if v == Redacted || v == schema.Redacted {
			row.Hidden, row.Text, row.Kind = true, Redacted, "p"
			t.add(row)
			return
		}
		t.characters(row, path, v, 0)
	default:
		row.Text, row.Kind = scalar(v)
		t.add(row)
	}
}

func (t *tree) members(depth int, path string, m map[string]any, from, most int) {
	keys := slices.Sorted(maps.Keys(m))
	for i := max(from, 0); i < len(keys); i++ {
		if i-from >= most || t.full(len(keys)) {
			t.rest(depth, len(keys)-i, plural(len(keys)-i, "key", "keys"), path, i)
			return
		}
		t.value(depth, keys[i], member(path, keys[i]), m[keys[i]])
	}
}

func (t *tree) items(depth int, path string, list []any, from, most int) {
	for i := max(from, 0); i < len(list); i++ {
		if i-from >= most || t.full(len(list)) {
			t.rest(depth, len(list)-i, plural(len(list)-i, "item", "items"), path, i)
			return
		}
		t.value(depth, strconv.Itoa(i), path+"["+strconv.Itoa(i)+"]", list[i])
	}
}

// characters lays out a text from a byte on, and what is left of it as a line of its own.
func (t *tree) characters(row JSONRow, path, s string, from int) {
	for from < len(s) && !utf8.RuneStart(s[from]) {
		from++
	}
	to := from + t.text
	if len(s)-from <= t.text+t.text/4 { // a little more is not worth a press
		to = len(s)
	}
	for to < len(s) && !utf8.RuneStart(s[to]) {
		to--
	}
	row.Text, row.Kind = strconv.Quote(s[from:to]), "s"
	t.add(row)
	if to < len(s) {
		n := utf8.RuneCountInString(s[to:])
		t.rest(row.Depth, n, plural(n, "character", "characters"), path, to)
	}
}

func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

func scalar(v any) (text, kind string) {
	switch v := v.(type) {
	case nil:
		return "null", "n"
	case json.Number:
		return v.String(), "n"
	case time.Time:
		return strconv.Quote(v.Format(time.RFC3339Nano)), "s"
	}
	if raw, err := json.Marshal(v); err == nil {
		return string(raw), "n"
	}
	return fmt.Sprint(v), "n"
}

// member writes the path of a key, in brackets when it is not a plain name.
func member(path, key string) string {
	if !plainName(key) {
		return path + "[" + strconv.Quote(key) + "]"
	}
	if path == "" {
		return key
	}
	return path + "." + key
}

func plainName(s string) bool {
	for i, c := range []byte(s) {
		letter := c == '_' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
		if !letter && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return s != ""
}
