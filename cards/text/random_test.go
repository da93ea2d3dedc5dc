package text

import (
	"strings"
	"testing"

	"flowdeck/cards/schema"
)

func TestRandomIsMadeOfItsAlphabet(t *testing.T) {
	for name, alphabet := range alphabets {
		out, err := call(t, Random, schema.Values{"length": 5000, "from": name})
		if err != nil {
			t.Fatal(err)
		}
		text := out["text"].(string)
		if len(text) != 5000 || strings.Trim(text, alphabet) != "" {
			t.Errorf("%s made %d characters, with %q among them", name, len(text), strings.Trim(text, alphabet))
		}
		for _, r := range alphabet {
			if !strings.ContainsRune(text, r) { // the chance is below 1 in 10^30
				t.Errorf("%s never made %q", name, r)
			}
		}
	}
	a, _ := call(t, Random, schema.Values{"length": 20})
	b, _ := call(t, Random, schema.Values{"length": 20})
	if a["text"] == b["text"] {
		t.Errorf("%q came twice", a["text"])
	}
}

func TestHTMLAsABrowserReadsIt(t *testing.T) {
	for html, want := range map[string]string{
		"<head><title>T</title></head><body>a":     "a",
		"<p>a<p>b":                                 "a\nb",
		"<table><tr><td>1<td>2<tr><td>3</table>":   "1 2\n3",
		"a<!-- <b>no</b> -->b":                     "ab",
		"<script>if (a < b) { '</p>' }</script>ok": "ok",
		"<STYLE>p{}</STYLE>x &lt;b&gt; &copy;":     "x <b> ©",
		"<a href='>'>link</a>":                     "link",
		"a <b":                                     "a",
		"<svg><text>no</text></svg>yes":            "yes",
		"one\n  two<br/>three":                     "one two\nthree",
	} {
		if out, err := call(t, StripHTML, schema.Values{"html": html}); err != nil || out["text"] != want {
			t.Errorf("StripHTML(%q) = %q, %v, want %q", html, out["text"], err, want)
		}
	}
}
