package views

import (
	"fmt"
	"strings"
	"testing"
)

func TestJSONRowsNameEveryValueByItsPath(t *testing.T) {
	rows := JSONRows(map[string]any{"items": []any{map[string]any{"id": int64(7)}}, "content-type": "json", "n": nil}, "body", 100)
	var got []string
	for _, r := range rows {
		got = append(got, fmt.Sprintf("%s%s=%s @%s", strings.Repeat(" ", r.Depth), r.Key, r.Text, r.Path))
	}
	want := []string{
		"={ @body",
		` content-type="json" @body["content-type"]`,
		" items=[ @body.items",
		"  0={ @body.items[0]",
		"   id=7 @body.items[0].id",
		"  =} @",
		" =] @",
		" n=null @body.n",
		"=} @",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// TestJSONRowsLeaveOutAndGoOn walks a value in parts and finds every line of it once.
func TestJSONRowsLeaveOutAndGoOn(t *testing.T) {
	var items []any
	for i := range 1000 {
		items = append(items, map[string]any{"id": int64(i), "tags": []any{"a", "b"}})
	}
	at := map[string]any{"body.items": items, "body.text": strings.Repeat("ü", 30_000), "body": nil}
	at["body"] = map[string]any{"items": items, "text": at["body.text"]}
	rows := JSONRows(at["body"], "body", 50)
	if len(rows) > 70 {
		t.Errorf("the first part has %d lines, want about 50", len(rows))
	}
	seen, parts := map[string]int{}, 0
	var length int
	var take func(rows []JSONRow)
	take = func(rows []JSONRow) {
		if parts++; parts > 500 {
			t.Fatal("the parts do not end")
		}
		for _, r := range rows {
			switch {
			case r.Rest != nil:
				value, known := at[r.Rest.Path]
				if !known {
					t.Fatalf("a rest at %q, want one of a list, object or text that is long", r.Rest.Path)
				}
				more := JSONMore(value, *r.Rest, 200)
				if len(more) == 0 || more[0].ID == "" || more[0].Depth != r.Rest.Depth {
					t.Fatalf("nothing, or no name for it, after %+v", *r.Rest)
				}
				take(more)
			case r.Path == "body.text" || r.Kind == "s" && r.Path == "":
				length += strings.Count(r.Text, "ü")
			case r.Path != "":
				seen[r.Path]++
			}
		}
	}
	take(rows)
	for i := range items {
		if path := fmt.Sprintf("body.items[%d].tags[1]", i); seen[path] != 1 {
			t.Fatalf("%s was shown %d times, want once", path, seen[path])
		}
	}
	if length != 30_000 {
		t.Errorf("%d letters of the text, want 30000: none twice, none cut in two", length)
	}
}

func TestALongTextIsCutShort(t *testing.T) {
	rows := JSONRows(map[string]any{"body": strings.Repeat("ü", 5_000_000)}, "", 100)
	if text := rows[1].Text; len(text) > 2*someText || rows[2].Rest == nil || rows[2].Text != "… 4999000 more characters" {
		t.Errorf("the line has %d bytes, after it comes %q", len(text), rows[2].Text)
	}
}
