package file

import (
	"context"

	"flowdeck/cards"
	"flowdeck/cards/bounds"
	"flowdeck/cards/schema"
)

type fromTextInput struct {
	Text string `json:"text" format:"multiline" help:"The content."`
	Name string `json:"name" default:"text.txt" help:"The name of the file."`
	Type string `json:"type" label:"Media type" form:"advanced" placeholder:"text/csv; charset=utf-8" help:"Left empty, the one that the name's extension has."`
	BOM  bool   `json:"bom" label:"Byte order mark" form:"advanced,fixed" help:"Begin with the mark by which some spreadsheets know UTF-8."`
}

// FromText makes a file of text.
var FromText = cards.NewFunction(cards.Spec{
	Name:     "file.from_text",
	Title:    "Text to File",
	Category: category,
	Family:   cards.FamilyData,
	Icon:     "file-up",
	Summary:  "Makes a file of text.",
	Doc: "Puts out a file with the text in UTF-8, to be sent by a card that takes files.\n\n" +
		"- The media type follows from the name, such as text/csv from `.csv`.\n" +
		"- The text may be 10 MiB long.",
	Keywords: []string{"file", "create", "write", "text", "upload", "attachment", "csv"},
	Examples: []cards.Example{{
		Title: "A table",
		In:    schema.Values{"text": "id\n1\n", "name": "orders.csv"},
		Out:   schema.Values{"file": schema.Values{"name": "orders.csv", "type": "text/csv; charset=utf-8", "size": 5, "base64": "aWQKMQo="}},
	}, {
		Title: "With a mark",
		In:    schema.Values{"text": "ü", "bom": true, "type": "text/plain"},
		Out:   schema.Values{"file": schema.Values{"name": "text.txt", "type": "text/plain", "size": 5, "base64": "77u/w7w="}},
	}, {
		Title: "An object is not text",
		In:    schema.Values{"text": schema.Values{}},
		Err:   cards.CodeInvalidInput,
	}},
}, func(_ context.Context, _ cards.Env, in fromTextInput) (fileOutput, error) {
	if err := bounds.CheckText("text", len(in.Text)); err != nil {
		return fileOutput{}, err
	}
	text := in.Text
	if in.BOM {
		text = "\ufeff" + text
	}
	return fileOutput{schema.FileValue{Name: in.Name, Type: typeFor(in.Name, in.Type), Data: []byte(text)}.Values()}, nil
})
