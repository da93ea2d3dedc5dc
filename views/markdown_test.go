package views

import (
	"strings"
	"testing"
)

func TestNotesAreDrawnSafely(t *testing.T) {
	for _, c := range []struct{ source, has, hasNot string }{
		{"**bold** and `code`", "<strong>bold</strong> and <code>code</code>", ""},
		{"# Title", "<h4>Title</h4>", "<h1"},
		{"| a | b |\n|---|---|\n| 1 | 2 |", "<table>", ""},
		{"- [x] done", `type="checkbox"`, ""},
		{"https://x.test", `href="https://x.test" target="_blank" rel="noopener noreferrer"`, ""},
		{"[a](https://x.test)", `href="https://x.test" target="_blank"`, ""},
		{"<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;", "<script"},
		{"<img src=x onerror=alert(1)>", "&lt;img", "<img"},
		{"a <b onclick=x>b</b>", "a &lt;b onclick=x&gt;b&lt;/b&gt;", "<b"},
		{"<div>\nsee\n\n<!-- this -->", "&lt;div&gt;", "<div"},
		{"Put <customer_id> here", "Put &lt;customer_id&gt; here", ""},
		{"[a](javascript:alert(1))", "", "javascript:"},
		{"[a](JaVaScRiPt:alert(1))", "", "alert(1)\""},
		{"<javascript:alert(1)>", "", `href="javascript`},
		{"[a](data:text/html;base64,x)", "", "data:text"},
		{"![picture](https://x.test/p.png)", `<a href="https://x.test/p.png"`, "<img"},
		{"![](javascript:x)", "", `href="javascript`},
	} {
		var b strings.Builder
		if err := Markdown(c.source).Render(t.Context(), &b); err != nil {
			t.Fatal(err)
		}
		if got := b.String(); !strings.Contains(got, c.has) || c.hasNot != "" && strings.Contains(got, c.hasNot) {
			t.Errorf("Markdown(%q) = %s, want %q and not %q", c.source, got, c.has, c.hasNot)
		}
	}
}
