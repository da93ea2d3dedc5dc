// Package json holds the cards that read and write JSON text.
//
// They compute and touch nothing.
package json

import (
	"context"
	"errors"
	"strings"

	"flowdeck/cards"
	"flowdeck/cards/bounds"
	"flowdeck/cards/schema"
)

const category = "JSON"

type parseInput struct {
	Text string `json:"text" form:"required" format:"multiline" help:"The JSON text."`
}

type valueOutput struct {
	Value any `json:"value" help:"The object, list, text, number, true/false or null that the text holds."`
}

// Parse reads JSON.
var Parse = cards.NewFunction(cards.Spec{
	Name:     "json.parse",
	Title:    "Parse",
	Category: category,
	Family:   cards.FamilyData,
	Icon:     "file-json",
	Summary:  "Makes an object or a list of JSON text.",
	Doc: "Reads JSON and puts out what it holds. Numbers keep all of their digits.\n\n" +
		"- Text that is not JSON fails the card; the message names line and column, and what was expected there.\n" +
		"- When an object repeats a key, the last one counts. The text may be 10 MiB long and 1,000 levels deep.",
	Keywords: []string{"json", "read", "object", "convert", "decode", "deserialize"},
	Examples: []cards.Example{{
		Title: "An object",
		In:    schema.Values{"text": `{"id": 7, "tags": ["a", null]}`},
		Out:   schema.Values{"value": schema.Values{"id": 7, "tags": []any{"a", nil}}},
	}, {
		Title: "A value alone",
		In:    schema.Values{"text": "19.50"},
		Out:   schema.Values{"value": 19.5},
	}, {
		Title: "A comma too many",
		In:    schema.Values{"text": "[1, 2,]"},
		Err:   cards.CodeInvalidInput,
	}},
}, func(_ context.Context, _ cards.Env, in parseInput) (valueOutput, error) {
	v, err := read("text", in.Text)
	return valueOutput{v}, err
})

// read reads JSON text that stands in a field.
func read(field, text string) (any, error) {
	if err := bounds.CheckText(field, len(text)); err != nil {
		return nil, err
	}
	v, err := schema.DecodeJSONText(strings.TrimPrefix(text, "\ufeff"))
	if wrong := (*schema.JSONError)(nil); errors.As(err, &wrong) {
		return nil, schema.Problems{{Field: field, Message: "is not JSON: " + wrong.Error()}}
	}
	return v, err
}
