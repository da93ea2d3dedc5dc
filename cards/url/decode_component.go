package url

import (
	"context"
	"unicode/utf8"

	"flowdeck/cards"
	"flowdeck/cards/bounds"
	"flowdeck/cards/schema"
)

// DecodeComponent reads what Encode Component wrote.
var DecodeComponent = cards.NewFunction(cards.Spec{
	Name:     "url.decode_component",
	Title:    "Decode Component",
	Category: category,
	Family:   cards.FamilyData,
	Icon:     "unplug",
	Summary:  "Decodes text that was encoded for a URL.",
	Doc: "Makes the characters again that were written as `%` and two digits.\n\n" +
		"- `+` stays a plus, unless **Spaces as +** says that it is a space, as HTML forms have it.\n" +
		"- A percent sign without two digits, and bytes that are not UTF-8 text, fail the card.",
	Keywords: []string{"url", "percent", "unescape", "query", "uri", "decode"},
	Examples: []cards.Example{{
		Title: "Signs and letters",
		In:    schema.Values{"text": "a%2Fb%20c%26d%3d%C3%BC+"},
		Out:   schema.Values{"text": "a/b c&d=ü+"},
	}, {
		Title: "From a form",
		In:    schema.Values{"text": "a+b%2Bc", "plus": true},
		Out:   schema.Values{"text": "a b+c"},
	}, {
		Title: "A percent sign alone",
		In:    schema.Values{"text": "100% sure"},
		Err:   cards.CodeInvalidInput,
	}},
}, func(_ context.Context, _ cards.Env, in componentInput) (textOutput, error) {
	if err := bounds.CheckText("text", len(in.Text)); err != nil {
		return textOutput{}, err
	}
	text, err := decode(in.Text, in.Plus)
	if err == nil && !utf8.ValidString(text) {
		err = schema.Problems{{Field: "text", Message: "decodes to bytes that are not UTF-8 text"}}
	}
	return textOutput{text}, err
})
