package csv

import (
	stdcsv "encoding/csv"
	"reflect"
	"strings"
	"testing"

	"flowdeck/cards"
	"flowdeck/cards/bounds"
	"flowdeck/cards/cardtest"
	"flowdeck/cards/schema"
)

func TestExamples(t *testing.T) { cardtest.Run(t, cardtest.World(), Parse, Build) }

func TestTextThatIsNotCSVSaysWhere(t *testing.T) {
	const is = "text: is not CSV that can be read: "
	for _, c := range []struct{ text, want string }{
		{"a,b\n1,\"x\n\n2,y", is + "line 2, column 3: a quote is opened here and never closed"},
		{"a,b\n1,\"x\ny\"z,3", is + "line 3, column 3: there is more after the closing quote"},
		{"a,b\nü,5\" disk", is + "line 2, column 4: a quote inside of a value that does not begin with one"},
		{"a,b\n1,2,3", "text: line 2 has 3 values, and there are 2 names"},
		{"\n\na,b\n\n1,2,3", "text: line 5 has 3 values, and there are 2 names"},
		{"a,a\n", `text: line 1: columns 1 and 2 have the same name "a"`},
		{"a,,b\n", "text: line 1: column 2 has no name"},
		{"a\xff", "text: has bytes that are not UTF-8 text"},
	} {
		_, err := Parse.Call(t.Context(), cards.Env{}, schema.Values{"text": c.text})
		if e := cards.ErrorOf(err); e == nil || e.Code != cards.CodeInvalidInput || !strings.HasPrefix(e.Message, c.want) {
			t.Errorf("Parse(%q) = %v\nwant %s", c.text, err, c.want)
		}
	}
}

func rows(t *testing.T, in schema.Values) any {
	t.Helper()
	in["header"] = false
	out, err := Parse.Call(t.Context(), cards.Env{}, in)
	if err != nil {
		t.Fatalf("Parse(%q) = %v", in["text"], err)
	}
	return out["list"]
}

func TestOtherShapes(t *testing.T) {
	for what, c := range map[string]struct {
		in   schema.Values
		want []any
	}{
		"tabs, found out":          {schema.Values{"text": "a\tb,c\n1\t2"}, []any{[]any{"a", "b,c"}, []any{"1", "2"}}},
		"bars, found out":          {schema.Values{"text": "a|b|c"}, []any{[]any{"a", "b", "c"}}},
		"commas inside of quotes":  {schema.Values{"text": "\"a,b,c\";d"}, []any{[]any{"a,b,c", "d"}}},
		"single quotes":            {schema.Values{"text": "'a,b','it''s'", "quote": "single"}, []any{[]any{"a,b", "it's"}}},
		"no quotes":                {schema.Values{"text": "5\" disk,\"x", "quote": "none"}, []any{[]any{"5\" disk", "\"x"}}},
		"a byte order mark":        {schema.Values{"text": "\ufeffa,b"}, []any{[]any{"a", "b"}}},
		"old line ends":            {schema.Values{"text": "a\rb\r\nc\n"}, []any{[]any{"a"}, []any{"b"}, []any{"c"}}},
		"white space that is kept": {schema.Values{"text": " a , b"}, []any{[]any{" a ", " b"}}},
		"white space left out":     {schema.Values{"text": " a , b", "trim": true}, []any{[]any{"a", "b"}}},
		"empty values":             {schema.Values{"text": ",\n\"\"\n"}, []any{[]any{"", ""}, []any{""}}},
		"lines inside of quotes":   {schema.Values{"text": "\"a\nb\",c"}, []any{[]any{"a\nb", "c"}}},
	} {
		if got := rows(t, c.in); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %v, want %v", what, got, c.want)
		}
	}
}

// FuzzThereAndBack writes what it reads, and holds both against another reader.
func FuzzThereAndBack(f *testing.F) {
	for _, s := range []string{"a,b\n1,2", "\"a\"\"b\",c", "\r\n", " x ,\"\"", "=1,ü😀", "a\rb"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		out, err := Parse.Call(t.Context(), cards.Env{}, schema.Values{"text": text, "header": false, "delimiter": "comma"})
		if err != nil {
			return
		}
		for _, quotes := range []string{"needed", "all"} {
			built, err := Build.Call(t.Context(), cards.Env{}, schema.Values{"list": out["list"], "header": false, "quotes": quotes})
			if err != nil {
				t.Fatal(err)
			}
			written := built["text"].(string)
			if back := rows(t, schema.Values{"text": written, "delimiter": "comma"}); !schema.Equal(back, out["list"]) {
				t.Errorf("%q is %v, written %q, then %v", text, out["list"], written, back)
			}
			if strings.Contains(text, "\r") {
				continue // the other reader drops carriage returns before line feeds
			}
			r := stdcsv.NewReader(strings.NewReader(written))
			r.FieldsPerRecord = -1
			if other, err := r.ReadAll(); err != nil || !schema.Equal(plain(other), out["list"]) {
				t.Errorf("others read %q as %q, %v, want %v", written, other, err, out["list"])
			}
		}
	})
}

func TestLimits(t *testing.T) {
	for _, c := range []struct {
		card cards.Card
		in   schema.Values
		code string
	}{
		{Parse, schema.Values{"text": strings.Repeat("a", bounds.Text+1)}, cards.CodeLimit},
		{Parse, schema.Values{"text": strings.Repeat("a\n", bounds.Items+1)}, cards.CodeLimit},
		{Parse, schema.Values{"text": strings.Repeat(",", 6_000_000), "header": false}, cards.CodeLimit},
		{Build, schema.Values{"list": make([]any, bounds.Items+1)}, cards.CodeLimit},
		{Build, schema.Values{"list": []any{[]any{strings.Repeat("a", bounds.Text)}}}, cards.CodeLimit},
	} {
		_, err := c.card.Call(t.Context(), cards.Env{}, c.in)
		if e := cards.ErrorOf(err); e == nil || e.Code != c.code {
			t.Errorf("%s = %v, want %s", c.card.Name, err, c.code)
		}
	}
}
