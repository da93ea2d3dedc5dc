package file

import (
	"context"
	"encoding/base64"
	"strings"

	"flowdeck/cards"
	"flowdeck/cards/bounds"
	"flowdeck/cards/schema"
)

type fromBase64Input struct {
	Base64 string `json:"base64" label:"Base64" form:"required" format:"multiline" help:"The content in Base64, also as a data: URL."`
	Name   string `json:"name" default:"file" help:"The name of the file."`
	Type   string `json:"type" label:"Media type" form:"advanced" placeholder:"application/pdf" help:"Left empty, that of the data: URL, or the one that the name's extension has."`
}

// FromBase64 makes a file of Base64.
var FromBase64 = cards.NewFunction(cards.Spec{
	Name:     "file.from_base64",
	Title:    "Base64 to File",
	Category: category,
	Family:   cards.FamilyData,
	Icon:     "upload",
	Summary:  "Makes a file of content that is written in Base64.",
	Doc: "Puts out a file, to be sent by a card that takes files.\n\n" +
		"- Base64 is read in the standard alphabet or the one for URLs, with or without padding, spaces and line breaks.\n" +
		"- A `data:` URL brings its media type with it. The Base64 may be 10 MiB long.",
	Keywords: []string{"file", "base64", "decode", "binary", "attachment", "data url", "create"},
	Examples: []cards.Example{{
		Title: "A document",
		In:    schema.Values{"base64": "YWJj", "name": "offer.pdf"},
		Out:   schema.Values{"file": schema.Values{"name": "offer.pdf", "type": "application/pdf", "size": 3, "base64": "YWJj"}},
	}, {
		Title: "A data: URL",
		In:    schema.Values{"base64": "data:image/png;base64,iVBORw0KGgo=", "name": "logo"},
		Out:   schema.Values{"file": schema.Values{"name": "logo", "type": "image/png", "size": 8, "base64": "iVBORw0KGgo="}},
	}, {
		Title: "Half of it was lost",
		In:    schema.Values{"base64": "YWJjZ", "name": "a.bin"},
		Err:   cards.CodeInvalidInput,
	}},
}, func(_ context.Context, _ cards.Env, in fromBase64Input) (fileOutput, error) {
	if err := bounds.CheckText("base64", len(in.Base64)); err != nil {
		return fileOutput{}, err
	}
	packed, kind := in.Base64, in.Type
	if rest, isURL := strings.CutPrefix(packed, "data:"); isURL {
		head, body, found := strings.Cut(rest, ",")
		media, coded := strings.CutSuffix(head, ";base64")
		if !found || !coded {
			return fileOutput{}, schema.Problems{{Field: "base64", Message: "is a data: URL that is not in Base64"}}
		}
		if packed = body; kind == "" {
			kind = media
		}
	}
	data, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(compact.Replace(packed), "="))
	if err != nil {
		return fileOutput{}, schema.Problems{{Field: "base64", Message: "is not Base64, or a part of it was lost"}}
	}
	return fileOutput{schema.FileValue{Name: in.Name, Type: typeFor(in.Name, kind), Data: data}.Values()}, nil
})

// compact leaves white space out and knows both alphabets.
var compact = strings.NewReplacer(" ", "", "\n", "", "\r", "", "\t", "", "-", "+", "_", "/")

type base64Output struct {
	Base64 string `json:"base64" label:"Base64" help:"The content in Base64."`
}

// ToBase64 writes a file's content in Base64.
var ToBase64 = cards.NewFunction(cards.Spec{
	Name:     "file.to_base64",
	Title:    "File to Base64",
	Category: category,
	Family:   cards.FamilyData,
	Icon:     "code-xml",
	Summary:  "Writes the content of a file in Base64.",
	Doc: "Puts out the content as text, for services that take files inside of JSON.\n\n" +
		"- It is the standard alphabet with padding (RFC 4648).\n" +
		"- The Base64 is a third longer than the content.",
	Keywords: []string{"file", "base64", "encode", "binary", "attachment", "json"},
	Examples: []cards.Example{{
		Title: "Three bytes",
		In:    schema.Values{"file": schema.Values{"name": "a.txt", "size": 3, "base64": "YWJj"}},
		Out:   schema.Values{"base64": "YWJj"},
	}, {
		Title: "Bytes that were lost on the way",
		In:    schema.Values{"file": schema.Values{"name": "a.txt", "size": 4, "base64": "YWJj"}},
		Err:   cards.CodeInvalidInput,
	}},
}, func(_ context.Context, _ cards.Env, in fileInput) (base64Output, error) {
	f, err := in.value()
	if err != nil {
		return base64Output{}, err
	}
	return base64Output{base64.StdEncoding.EncodeToString(f.Data)}, nil
})
