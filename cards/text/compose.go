// Package text holds the cards that work on text.
//
// They compute and touch nothing.
package text

import (
	"context"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type composeInput struct {
	Text string `json:"text" format:"multiline" placeholder:"Dear {{ customer.name }}, …" help:"Write, and drop outputs of other cards where their values go."`
}

type composeOutput struct {
	Text string `json:"text" help:"The finished text."`
}

// Compose writes text with values in it.
var Compose = cards.NewFunction(cards.Spec{
	Name:     "text.compose",
	Title:    "Compose",
	Category: "Text",
	Family:   cards.FamilyData,
	Icon:     "type",
	Summary:  "Writes text with values from other cards in it.",
	Doc: "Puts out the text that you write, with every dropped output replaced by its value.\n\n" +
		"- Numbers keep their digits; true and false are written as such; nothing becomes empty text.\n" +
		"- Line breaks stay as they are.",
	Keywords: []string{"text", "template", "write", "concatenate", "join", "message", "format"},
	Examples: []cards.Example{{
		Title: "A message",
		In:    schema.Values{"text": "Dear Maya,\nyour order 1207 is on its way."},
		Out:   schema.Values{"text": "Dear Maya,\nyour order 1207 is on its way."},
	}, {
		Title: "One value alone becomes text",
		In:    schema.Values{"text": 19.5},
		Out:   schema.Values{"text": "19.5"},
	}, {
		Title: "Nothing is empty text",
		In:    schema.Values{},
		Out:   schema.Values{"text": ""},
	}, {
		Title: "An object is not text",
		In:    schema.Values{"text": schema.Values{"a": 1}},
		Err:   cards.CodeInvalidInput,
	}},
}, func(_ context.Context, _ cards.Env, in composeInput) (composeOutput, error) {
	return composeOutput(in), nil
})
