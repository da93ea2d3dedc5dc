package text

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/net/html"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type stripInput struct {
	HTML string `json:"html" label:"HTML" format:"multiline" help:"A page or a part of one."`
}

// StripHTML keeps the text of HTML.
var StripHTML = declare(cards.Spec{
	Name:    "text.strip_html",
	Title:   "Strip HTML",
	Icon:    "code",
	Summary: "Leaves out the tags of HTML and keeps its text.",
	Doc: "Puts out the text that a person would read: without tags, scripts, styles and comments.\n\n" +
		"- Paragraphs, headings, list items, table rows and line breaks begin new lines; other white space becomes single blanks. Characters such as `&amp;` become what they stand for.\n" +
		"- HTML that is broken is read as a browser would. The text is not made safe to put into HTML: for that there is Escape HTML.",
	Keywords: []string{"text", "html", "tags", "remove", "plain text", "markup", "email body"},
	Examples: []cards.Example{{
		Title: "The body of a message",
		In:    schema.Values{"html": "<p>Hi&nbsp;<b>Maya</b> &amp; Bob,</p><style>p{}</style><ul><li>one<li>two</ul>see <br>you<script>alert(1)</script>"},
		Out:   schema.Values{"text": "Hi Maya & Bob,\none\ntwo\nsee\nyou"},
	}, {
		Title: "Text without tags",
		In:    schema.Values{"html": "2 < 3,  4 > 1"},
		Out:   schema.Values{"text": "2 < 3, 4 > 1"},
	}, {
		Title: "Nothing is empty text",
		In:    schema.Values{},
		Out:   schema.Values{"text": ""},
	}},
}, func(in stripInput) (textOutput, error) {
	var b strings.Builder
	hidden := ""
	z := html.NewTokenizer(strings.NewReader(in.HTML))
	for {
		switch kind := z.Next(); kind {
		case html.ErrorToken:
			return textOutput{wordsOfLines(b.String())}, nil
		case html.TextToken:
			if hidden == "" {
				flow(&b, html.UnescapeString(string(z.Raw())))
			}
		default:
			name, _ := z.TagName()
			tag := string(name)
			switch {
			case hidden != "":
				if kind == html.EndTagToken && tag == hidden {
					hidden = ""
				}
			case kind == html.StartTagToken && slices.Contains(unread, tag):
				hidden = tag
			case slices.Contains(lines, tag):
				b.WriteByte('\n')
			case tag == "td" || tag == "th":
				b.WriteByte(' ')
			}
		}
	}
})

// unread are elements whose content nobody reads as text.
var unread = []string{"script", "style", "title", "template", "noscript", "iframe", "textarea", "select", "svg", "math"}

// lines are elements that begin and end a line.
var lines = []string{"address", "article", "aside", "blockquote", "br", "dd", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form",
	"h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre", "section", "table", "tr", "ul"}

// flow writes text with every white space as a blank: line ends in HTML are none.
func flow(b *strings.Builder, s string) {
	for _, r := range s {
		if unicode.IsSpace(r) {
			r = ' '
		}
		b.WriteRune(r)
	}
}
