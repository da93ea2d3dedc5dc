package views

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
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
}

// longText is how much of one text a line shows, in bytes: a page is no place for megabytes.
const longText = 10_000

// Redacted in a value is shown as dots.
const Redacted = "••••••••"

// JSONRows lays a value out as lines, at most limit of them; root is the path
// that stands before every key ("body"). Keys of objects are sorted.
func JSONRows(value any, root string, limit int) []JSONRow {
	t := tree{limit: limit}
	t.value(0, "", root, value)
	if t.left > 0 {
		t.rows = append(t.rows, JSONRow{Text: fmt.Sprintf("… %d more lines", t.left), Kind: "p"})
	}
	return t.rows
}

type tree struct {
	rows        []JSONRow
	limit, left int
}

func (t *tree) add(r JSONRow) {
	if len(t.rows) >= t.limit {
		t.left++
		return
	}
	t.rows = append(t.rows, r)
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
		for _, k := range slices.Sorted(maps.Keys(v)) {
			t.value(depth+1, k, member(path, k), v[k])
		}
		t.add(JSONRow{Depth: depth, Text: "}", Kind: "p"})
	case []any:
		if len(v) == 0 {
			row.Text, row.Kind = "[ ]", "p"
			t.add(row)
			return
		}
		row.Text, row.Kind = "[", "p"
		t.add(row)
		for i, e := range v {
			t.value(depth+1, strconv.Itoa(i), path+"["+strconv.Itoa(i)+"]", e)
		}
		t.add(JSONRow{Depth: depth, Text: "]", Kind: "p"})
	default:
		row.Text, row.Kind = scalar(v)
		row.Hidden = v == Redacted
		t.add(row)
	}
}

func scalar(v any) (text, kind string) {
	switch v := v.(type) {
	case nil:
		return "null", "n"
	case string:
		if len(v) > longText {
			head := strings.ToValidUTF8(v[:longText], "")
			return strconv.Quote(head) + fmt.Sprintf(" … %d characters in all", utf8.RuneCountInString(v)), "s"
		}
		return strconv.Quote(v), "s"
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
