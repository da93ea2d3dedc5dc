package json

import (
	"bytes"
	"context"
	"encoding/json"

	"flowdeck/cards"
	"flowdeck/cards/bounds"
	"flowdeck/cards/schema"
)

type stringifyInput struct {
	Value  any    `json:"value" help:"Any value. Left empty, the text is null."`
	Indent string `json:"indent" default:"none" options:"none=One line|2=Two spaces|4=Four spaces|tab=Tabs" form:"fixed" help:"How people are to read it."`
}

type textOutput struct {
	Text string `json:"text" help:"The JSON text."`
}

// Stringify writes JSON.
var Stringify = cards.NewFunction(cards.Spec{
	Name:     "json.stringify",
	Title:    "Stringify",
	Category: category,
	Family:   cards.FamilyData,
	Icon:     "file-text",
	Summary:  "Makes JSON text of a value.",
	Doc: "Writes an object, a list or any other value as JSON.\n\n" +
		"- The keys of objects come in the order of the alphabet, numbers keep all of their digits.\n" +
		"- Text becomes JSON text too, with quotes around it. The result may be 10 MiB long.",
	Keywords: []string{"json", "write", "raw output", "text", "serialize", "encode", "pretty"},
	Examples: []cards.Example{{
		Title: "One line",
		In:    schema.Values{"value": schema.Values{"name": "Maya", "id": 7, "tags": []any{}}},
		Out:   schema.Values{"text": `{"id":7,"name":"Maya","tags":[]}`},
	}, {
		Title: "For people",
		In:    schema.Values{"value": schema.Values{"id": 7, "list": []any{1}}, "indent": "2"},
		Out:   schema.Values{"text": "{\n  \"id\": 7,\n  \"list\": [\n    1\n  ]\n}"},
	}, {
		Title: "Text",
		In:    schema.Values{"value": "say \"hi\""},
		Out:   schema.Values{"text": `"say \"hi\""`},
	}, {
		Title: "An indent that there is not",
		In:    schema.Values{"value": 1, "indent": "3"},
		Err:   cards.CodeInvalidInput,
	}},
}, func(_ context.Context, _ cards.Env, in stringifyInput) (textOutput, error) {
	data, err := schema.EncodeJSON(in.Value)
	if err != nil {
		return textOutput{}, schema.Problems{{Field: "value", Message: "cannot be written as JSON: " + err.Error()}}
	}
	if err := bounds.CheckText("text", len(data)); err != nil {
		return textOutput{}, err
	}
	indent := map[string]string{"2": "  ", "4": "    ", "tab": "\t"}[in.Indent]
	if indent == "" {
		return textOutput{string(data)}, nil
	}
	var b bytes.Buffer
	if err := json.Indent(&b, data, "", indent); err != nil {
		return textOutput{}, err
	}
	return textOutput{b.String()}, bounds.CheckText("text", b.Len())
})
