package file

import (
	"context"

	"flowdeck/cards"
	"flowdeck/cards/bounds"
	"flowdeck/cards/schema"
)

type toTextInput struct {
	fileInput
	Charset string `json:"charset" label:"Character set" default:"auto" options:"auto=Find out|utf-8=UTF-8|windows-1252=Windows-1252 (Western)|iso-8859-15=ISO 8859-15 (Western)|utf-16le=UTF-16 LE|utf-16be=UTF-16 BE|shift_jis=Shift JIS|gb18030=GB 18030" form:"suggested,advanced" help:"What the bytes mean. Found out, it is the one of the file's mark or type, or else UTF-8."`
}

type textOutput struct {
	Text string `json:"text" help:"The content as text."`
}

// ToText reads a file's text.
var ToText = cards.NewFunction(cards.Spec{
	Name:     "file.to_text",
	Title:    "File to Text",
	Category: category,
	Family:   cards.FamilyData,
	Icon:     "file-text",
	Summary:  "Reads the text of a file.",
	Doc: "Puts out the content of a text file, without a byte order mark.\n\n" +
		"- It is for plain text, CSV, JSON, XML and the like; the text inside of a PDF or an office document cannot be read this way.\n" +
		"- Bytes that are not text fail the card. The text may be 10 MiB long.",
	Keywords: []string{"file", "read", "content", "text", "charset", "encoding", "csv"},
	Examples: []cards.Example{{
		Title: "UTF-8 with a mark",
		In:    schema.Values{"file": schema.Values{"name": "a.txt", "base64": "77u/w7w="}},
		Out:   schema.Values{"text": "ü"},
	}, {
		Title: "Windows-1252",
		In:    schema.Values{"file": schema.Values{"name": "a.csv", "base64": "gPw="}, "charset": "windows-1252"},
		Out:   schema.Values{"text": "€ü"},
	}, {
		Title: "UTF-16 by its mark",
		In:    schema.Values{"file": schema.Values{"name": "a.txt", "base64": "//78ACEh"}},
		Out:   schema.Values{"text": "ü℡"},
	}, {
		Title: "A picture",
		In:    schema.Values{"file": schema.Values{"name": "a.png", "type": "image/png", "base64": "iVBORw0KGgo="}},
		Err:   cards.CodeInvalidInput,
	}},
}, func(_ context.Context, _ cards.Env, in toTextInput) (textOutput, error) {
	f, err := in.value()
	if err != nil {
		return textOutput{}, err
	}
	if err := bounds.CheckText("file", len(f.Data)); err != nil {
		return textOutput{}, err
	}
	text, err := decode(f, in.Charset)
	if err != nil {
		return textOutput{}, err
	}
	return textOutput{text}, bounds.CheckText("text", len(text))
})
