package httpcard

import (
	"net/url"
	"strings"
	"testing"

	"flowdeck/cards/schema"
)

func TestListsAreWrittenAsTheServiceWantsThem(t *testing.T) {
	query := schema.Values{"ids": []any{int64(1), nil, "b,c"}, "at": schema.Values{"from": "x", "to": schema.Values{"day": true}}, "none": nil, "empty": []any{}}
	for style, want := range map[string]string{
		"":         "at[from]=x&at[to][day]=true&ids=1&ids=b,c",
		"repeat":   "at[from]=x&at[to][day]=true&ids=1&ids=b,c",
		"brackets": "at[from]=x&at[to][day]=true&ids[]=1&ids[]=b,c",
		"indices":  "at[from]=x&at[to][day]=true&ids[0]=1&ids[1]=b,c",
		"commas":   "at[from]=x&at[to][day]=true&ids=1,b,c",
	} {
		got, err := encodePairs("query", style, query)
		plain, _ := url.QueryUnescape(got)
		if err != nil || plain != want {
			t.Errorf("%s = %s, %v, want %s", style, plain, err, want)
		}
		if style == "commas" && !strings.HasSuffix(got, "ids=1,b%2Cc") {
			t.Errorf("%s: a comma inside of a value must be escaped, got %s", style, got)
		}
	}
	got, err := encodePairs("query", "indices", schema.Values{"a": []any{schema.Values{"b": []any{int64(1), int64(2)}}}})
	if plain, _ := url.QueryUnescape(got); err != nil || plain != "a[0][b][0]=1&a[0][b][1]=2" {
		t.Errorf("a list of objects = %s, %v", plain, err)
	}
}

func TestQueriesHaveABottom(t *testing.T) {
	deep := any("x")
	for range 100 {
		deep = schema.Values{"a": deep}
	}
	if _, err := encodePairs("form", "repeat", deep.(schema.Values)); err == nil || !strings.Contains(err.Error(), "nested more than 16 deep") {
		t.Errorf("an endless object gave %v", err)
	}
	deep = any("x")
	for range 100 {
		deep = []any{deep}
	}
	if _, err := encodePairs("form", "indices", schema.Values{"a": deep}); err == nil || !strings.Contains(err.Error(), "nested more than 16 deep") {
		t.Errorf("an endless list gave %v", err)
	}
}
