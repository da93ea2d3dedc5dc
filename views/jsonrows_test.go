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

func TestJSONRowsStopAtTheLimit(t *testing.T) {
	many := make([]any, 1000)
	rows := JSONRows(many, "body", 10)
	if len(rows) != 11 {
		t.Fatalf("got %d rows, want 10 and one that says how many more", len(rows))
	}
	if got, want := rows[10].Text, "… 992 more lines"; got != want {
		t.Errorf("last row is %q, want %q", got, want)
	}
}

func TestALongTextIsCutShort(t *testing.T) {
	rows := JSONRows(map[string]any{"body": strings.Repeat("ü", 5_000_000)}, "", 100)
	if text := rows[1].Text; len(text) > longText+100 || !strings.HasSuffix(text, "… 5000000 characters in all") {
		t.Errorf("the line has %d bytes and ends with %q", len(text), text[len(text)-60:])
	}
}
