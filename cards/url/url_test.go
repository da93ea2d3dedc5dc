package url

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"flowdeck/cards"
	"flowdeck/cards/cardtest"
	"flowdeck/cards/schema"
)

func TestExamples(t *testing.T) {
	cardtest.Run(t, cardtest.World(), EncodeComponent, DecodeComponent, Parse, Build)
}

func FuzzComponents(f *testing.F) {
	for _, s := range []string{"a/b c", "ü😀", "100%", "%41", "\xff", "a+b"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, plus := range []bool{false, true} {
			coded := encode(s, plus)
			if back, err := decode(coded, plus); err != nil || back != s {
				t.Errorf("%q became %q, then %q, %v", s, coded, back, err)
			}
			if back, err := url.QueryUnescape(coded); plus && (err != nil || back != s) {
				t.Errorf("%q is %q for others, %v", coded, back, err)
			}
		}
		if back, err := decode(s, true); err == nil {
			if want, err := url.QueryUnescape(s); err != nil || back != want {
				t.Errorf("%q is %q, and %q for others, %v", s, back, want, err)
			}
		}
	})
}

func TestMessages(t *testing.T) {
	for _, c := range []struct {
		card cards.Card
		in   schema.Values
		want string
	}{
		{DecodeComponent, schema.Values{"text": "ü100%"}, "text: has a % at character 5 that no two hexadecimal digits follow; a percent sign itself is written %25"},
		{DecodeComponent, schema.Values{"text": "%ff"}, "text: decodes to bytes that are not UTF-8 text"},
		{Parse, schema.Values{"url": "https://maya:hunter2@a b/"}, "url: is not a URL: invalid character"},
		{Parse, schema.Values{"url": "https://a:99999/"}, "url: has a port that is none: 99999"},
		{Build, schema.Values{"base": "http://[::1"}, "base: is not a URL"},
		{Build, schema.Values{"base": "/", "query": schema.Values{"a": []any{1, []any{}}}}, "query.a.1: must be text, a number or true/false, got a list of 0"},
	} {
		_, err := c.card.Call(t.Context(), cards.Env{}, c.in)
		if e := cards.ErrorOf(err); e == nil || e.Code != cards.CodeInvalidInput || !strings.HasPrefix(e.Message, c.want) || strings.Contains(e.Message, "hunter2") {
			t.Errorf("%s = %v\nwant %s", c.card.Name, err, c.want)
		}
	}
}

// A semicolon in a query separates nothing (RFC 3986 section 3.4, and as browsers read it).
func TestQueriesWithSemicolons(t *testing.T) {
	for query, want := range map[string]schema.Values{
		"a=1;b=2&c=3":   {"a": "1;b=2", "c": "3"},
		"a+b=c+d&&e":    {"a b": "c d", "e": ""},
		"a=1&a=2;3&a=4": {"a": []any{"1", "2;3", "4"}},
	} {
		out, err := Parse.Call(t.Context(), cards.Env{}, schema.Values{"url": "https://example.com/?" + query})
		if err != nil || !schema.Equal(out["query"], want) {
			t.Errorf("%s = %v, %v, want %v", query, out["query"], err, want)
		}
	}
}

func TestManySegments(t *testing.T) {
	began, many := time.Now(), make([]any, 400_000)
	for i := range many {
		many[i] = "ab"
	}
	for n, want := range map[int]string{100_000: "", 400_000: cards.CodeLimit} {
		out, err := Build.Call(t.Context(), cards.Env{}, schema.Values{"base": "https://example.com/", "path": many[:n]})
		if e := cards.ErrorOf(err); (want == "") != (err == nil) || e != nil && e.Code != want || want == "" && len(out["url"].(string)) != 19+3*n {
			t.Errorf("%d segments = %.40v, %.80v, want %q", n, out, err, want)
		}
	}
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("took %v", took)
	}
	for _, c := range []struct {
		path []any
		want string
	}{
		{nil, "https://x.io/a/?q=1"}, {[]any{"b"}, "https://x.io/a/b?q=1"}, {[]any{"b/", "c"}, "https://x.io/a/b%2F/c?q=1"},
		{[]any{"", ""}, "https://x.io/a/?q=1"}, {[]any{"b", "", "c"}, "https://x.io/a/b/c?q=1"}, {[]any{"b", ""}, "https://x.io/a/b/?q=1"},
	} {
		out, err := Build.Call(t.Context(), cards.Env{}, schema.Values{"base": "https://x.io/a/?q=1", "path": c.path})
		if err != nil || out["url"] != c.want {
			t.Errorf("with %q = %v, %v, want %s", c.path, out["url"], err, c.want)
		}
	}
}
