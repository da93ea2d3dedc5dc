package file

import (
	"context"
	"path"
	"strings"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type infoOutput struct {
	Filename  string `json:"filename" help:"The name with its extension."`
	Name      string `json:"name" help:"The name without its extension."`
	Extension string `json:"extension" help:"What follows the last dot, in small letters; empty when nothing does."`
	Type      string `json:"type" help:"The media type, such as application/pdf; empty when nobody knows."`
	Size      int    `json:"size" help:"How many bytes the content has."`
}

// Info says what a file is.
var Info = cards.NewFunction(cards.Spec{
	Name:     "file.info",
	Title:    "Info",
	Category: category,
	Family:   cards.FamilyData,
	Icon:     "info",
	Summary:  "Says name, extension, type and size of a file.",
	Whole:    true,
	Doc: "Puts out what is known about a file.\n\n" +
		"- The type is the one that came with the file; its content is not looked at.\n" +
		"- Files are values that runs carry: there is no time at which one was made or changed.",
	Keywords: []string{"file", "size", "name", "extension", "type", "details", "metadata"},
	Examples: []cards.Example{{
		Title: "A document",
		In:    schema.Values{"file": schema.Values{"name": "Offer.2026.PDF", "type": "application/pdf", "size": 3, "base64": "YWJj"}},
		Out:   schema.Values{"filename": "Offer.2026.PDF", "name": "Offer.2026", "extension": "pdf", "type": "application/pdf", "size": 3},
	}, {
		Title: "Without a name",
		In:    schema.Values{"file": schema.Values{"base64": ""}},
		Out:   schema.Values{"filename": "", "name": "", "extension": "", "size": 0},
	}, {
		Title: "Text is no file",
		In:    schema.Values{"file": "offer.pdf"},
		Err:   cards.CodeInvalidInput,
	}},
}, func(_ context.Context, _ cards.Env, in fileInput) (infoOutput, error) {
	f, err := in.value()
	if err != nil {
		return infoOutput{}, err
	}
	extension := path.Ext(f.Name)
	return infoOutput{f.Name, strings.TrimSuffix(f.Name, extension), strings.ToLower(strings.TrimPrefix(extension, ".")), f.Type, len(f.Data)}, nil
})
