package xml

import (
	"context"
	"fmt"
	"html"
	"regexp"
	"strings"

	"flowdeck/cards"
	"flowdeck/cards/bounds"
	"flowdeck/cards/schema"
)

type escapeInput struct {
	Text string `json:"text" format:"multiline" help:"The text to change."`
}

type escapeOutput struct {
	Text string `json:"text" help:"The changed text."`
}

// Escape makes text safe to stand in XML.
var Escape = cards.NewFunction(cards.Spec{
	Name:     "xml.escape",
	Title:    "XML Escape",
	Category: category,
	Family:   cards.FamilyData,
	Icon:     "code",
	Summary:  "Makes text safe to stand in XML.",
	Doc: "Writes `<`, `>`, `&`, `'` and `\"` so that they stand for themselves, in text and in quoted attributes.\n\n" +
		"- Characters that XML 1.0 cannot have, such as most control characters, fail the card.\n" +
		"- **XML Build** escapes by itself. A text may be 10 MiB long.",
	Keywords: []string{"xml", "escape", "encode", "entities", "soap", "safe"},
	Examples: []cards.Example{{
		Title: "Every character that has a meaning",
		In:    schema.Values{"text": `Tom & "Jerry" <'s>`},
		Out:   schema.Values{"text": "Tom &amp; &quot;Jerry&quot; &lt;&apos;s&gt;"},
	}, {
		Title: "A character that XML cannot have",
		In:    schema.Values{"text": "a\u0000b"},
		Err:   cards.CodeInvalidInput,
	}},
}, func(_ context.Context, _ cards.Env, in escapeInput) (escapeOutput, error) {
	if at := strings.IndexFunc(in.Text, func(r rune) bool { return !character(r) }); at >= 0 {
		return escapeOutput{}, schema.Problems{{Field: "text", Message: fmt.Sprintf("has a character that XML cannot have, behind %q", in.Text[max(0, at-20):at])}}
	}
	text := escapes.Replace(in.Text)
	return escapeOutput{text}, bounds.CheckText("text", len(text))
})

var escapes = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", "&apos;")

// character reports whether XML 1.0 has it.
func character(r rune) bool {
	return r == '\t' || r == '\n' || r == '\r' || r >= 0x20 && r <= 0xd7ff || r >= 0xe000 && r <= 0xfffd && r != 0xfffe || r >= 0x10000
}

var references = regexp.MustCompile(`&(lt|gt|amp|quot|apos|#[0-9]{1,7}|#x[0-9A-Fa-f]{1,6});`)

// Unescape is the inverse of Escape.
var Unescape = cards.NewFunction(cards.Spec{
	Name:     "xml.unescape",
	Title:    "XML Unescape",
	Category: category,
	Family:   cards.FamilyData,
	Icon:     "code",
	Summary:  "Turns the character references of XML into the characters.",
	Doc: "Reads `&lt;`, `&gt;`, `&amp;`, `&quot;`, `&apos;` and numbers such as `&#8364;`.\n\n" +
		"- What is no reference stays as it is, and so do names that only HTML has. A text may be 10 MiB long.",
	Keywords: []string{"xml", "unescape", "decode", "entities"},
	Examples: []cards.Example{{
		Title: "Names and numbers",
		In:    schema.Values{"text": "&lt;a&gt; &#8364;&#x41; &apos;&quot; &amp;lt;"},
		Out:   schema.Values{"text": `<a> €A '" &lt;`},
	}, {
		Title: "No reference",
		In:    schema.Values{"text": "Tom & Jerry &eacute;"},
		Out:   schema.Values{"text": "Tom & Jerry &eacute;"},
	}},
}, func(_ context.Context, _ cards.Env, in escapeInput) (escapeOutput, error) {
	return escapeOutput{references.ReplaceAllStringFunc(in.Text, html.UnescapeString)}, nil
})
