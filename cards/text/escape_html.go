package text

import (
	"html"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

// EscapeHTML makes text safe to put into HTML.
var EscapeHTML = declare(cards.Spec{
	Name:    "text.escape_html",
	Title:   "Escape HTML",
	Icon:    "code",
	Summary: "Makes text safe to stand in HTML.",
	Doc: "Writes `<`, `>`, `&`, `'` and `\"` so that they stand for themselves in HTML.\n\n" +
		"- That is enough between tags and in quoted attributes; it is not within a script or a style.",
	Keywords: []string{"text", "html", "escape", "encode", "entities", "safe"},
	Examples: []cards.Example{{
		Title: "A tag as text",
		In:    schema.Values{"text": `<b class="x">Tom & 'Jerry'</b>`},
		Out:   schema.Values{"text": "&lt;b class=&#34;x&#34;&gt;Tom &amp; &#39;Jerry&#39;&lt;/b&gt;"},
	}, {
		Title: "Nothing to escape",
		In:    schema.Values{"text": "Grüße 🎈"},
		Out:   schema.Values{"text": "Grüße 🎈"},
	}},
}, func(in htmlInput) (textOutput, error) { return textOutput{html.EscapeString(in.Text)}, nil })

type htmlInput struct {
	Text string `json:"text" format:"multiline" help:"The text to change."`
}

// UnescapeHTML is the inverse of EscapeHTML, for every name that HTML has.
var UnescapeHTML = declare(cards.Spec{
	Name:    "text.unescape_html",
	Title:   "Unescape HTML",
	Icon:    "code",
	Summary: "Turns the character references of HTML into the characters.",
	Doc: "Reads `&lt;`, `&eacute;`, `&#8364;` and the other character references of HTML.\n\n" +
		"- What is no reference stays as it is. Tags stay: to leave them out there is Strip HTML.",
	Keywords: []string{"text", "html", "unescape", "decode", "entities"},
	Examples: []cards.Example{{
		Title: "Names and numbers",
		In:    schema.Values{"text": "caf&eacute; &lt;5&nbsp;&#8364;&gt; &#x1F388;"},
		Out:   schema.Values{"text": "café <5\u00a0€> 🎈"},
	}, {
		Title: "No reference",
		In:    schema.Values{"text": "Tom & Jerry; &nosuch;"},
		Out:   schema.Values{"text": "Tom & Jerry; &nosuch;"},
	}},
}, func(in htmlInput) (textOutput, error) { return textOutput{html.UnescapeString(in.Text)}, nil })
