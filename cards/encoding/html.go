package encoding

import (
	"html"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

// HTMLEscape makes text safe for a page.
var HTMLEscape = declare(cards.Spec{
	Name:    "encoding.html_escape",
	Title:   "HTML Escape",
	Icon:    "shield-check",
	Summary: "Makes text safe to stand in HTML.",
	Doc: "Writes `<`, `>`, `&`, `'` and `\"` in the way that HTML shows them instead of obeying them.\n\n" +
		"- Use it for every value that goes into an HTML page or message and that somebody else wrote.",
	Keywords: []string{"html", "escape", "entities", "encode", "xss", "page"},
	Examples: []cards.Example{{
		Title: "A tag",
		In:    schema.Values{"text": `<b title="x">Maya's & Ada's</b>`},
		Out:   schema.Values{"text": "&lt;b title=&#34;x&#34;&gt;Maya&#39;s &amp; Ada&#39;s&lt;/b&gt;"},
	}, {
		Title: "Other letters stay",
		In:    schema.Values{"text": "Grüße 😀"},
		Out:   schema.Values{"text": "Grüße 😀"},
	}, {
		Title: "An object is not text",
		In:    schema.Values{"text": schema.Values{}},
		Err:   cards.CodeInvalidInput,
	}},
}, func(in textInput) (string, error) { return html.EscapeString(in.Text), nil })

// HTMLUnescape reads the entities of HTML.
var HTMLUnescape = declare(cards.Spec{
	Name:    "encoding.html_unescape",
	Title:   "HTML Unescape",
	Icon:    "code",
	Summary: "Makes plain text of HTML's entities.",
	Doc: "Writes `&amp;`, `&eacute;`, `&#8364;` and all other entities of HTML as the characters that they stand for.\n\n" +
		"- Tags stay as they are, and what is no entity too.",
	Keywords: []string{"html", "unescape", "entities", "decode", "plain"},
	Examples: []cards.Example{{
		Title: "Named and numbered",
		In:    schema.Values{"text": "Caf&eacute; &amp; Tea, 5&#8364;&#x21;"},
		Out:   schema.Values{"text": "Café & Tea, 5€!"},
	}, {
		Title: "Once, not twice",
		In:    schema.Values{"text": "&amp;lt;"},
		Out:   schema.Values{"text": "&lt;"},
	}, {
		Title: "A list is not text",
		In:    schema.Values{"text": []any{}},
		Err:   cards.CodeInvalidInput,
	}},
}, func(in textInput) (string, error) { return html.UnescapeString(in.Text), nil })
