package url

import (
	"context"

	"flowdeck/cards"
	"flowdeck/cards/bounds"
	"flowdeck/cards/schema"
)

type componentInput struct {
	Text string `json:"text" format:"multiline" help:"The text."`
	Plus bool   `json:"plus" label:"Spaces as +" form:"advanced,fixed" help:"As HTML forms have it, instead of %20."`
}

// EncodeComponent encodes text for a place in an address.
var EncodeComponent = cards.NewFunction(cards.Spec{
	Name:     "url.encode_component",
	Title:    "Encode Component",
	Category: category,
	Family:   cards.FamilyData,
	Icon:     "link",
	Summary:  "Encodes text for use within a URL's path or query.",
	Doc: "Writes all characters that have a meaning in a URL, and all beyond ASCII, as `%` and two digits (RFC 3986).\n\n" +
		"- Letters, digits and `-`, `_`, `.`, `~` stay as they are.\n" +
		"- It is for one part of a URL, such as a value in the query; a whole URL would lose its slashes. The Query of HTTP cards is encoded by itself.",
	Keywords: []string{"url", "percent", "escape", "query", "uri", "encode"},
	Examples: []cards.Example{{
		Title: "Signs and letters",
		In:    schema.Values{"text": "a/b c&d=ü"},
		Out:   schema.Values{"text": "a%2Fb%20c%26d%3D%C3%BC"},
	}, {
		Title: "For a form",
		In:    schema.Values{"text": "a b+c", "plus": true},
		Out:   schema.Values{"text": "a+b%2Bc"},
	}, {
		Title: "A list is not text",
		In:    schema.Values{"text": []any{"a"}},
		Err:   cards.CodeInvalidInput,
	}},
}, func(_ context.Context, _ cards.Env, in componentInput) (textOutput, error) {
	if err := bounds.CheckText("text", len(in.Text)); err != nil {
		return textOutput{}, err
	}
	text := encode(in.Text, in.Plus)
	return textOutput{text}, bounds.CheckText("text", len(text))
})
