package httpcard

import (
	"context"
	"net/http"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type downloadInput struct {
	target
	limits
	lists
}

type downloadOutput struct {
	File       any    `json:"file" help:"The file, for other cards: its name, type, size and base64."`
	Filename   string `json:"filename" label:"File name" help:"As the server calls it, else the end of the address."`
	Size       int    `json:"size" help:"In bytes."`
	Type       string `json:"type" help:"Such as application/pdf."`
	StatusCode int    `json:"status_code" label:"Status code" help:"Such as 200."`
}

// Download gets a file.
var Download = cards.NewFunction(cards.Spec{
	Name:     "http.download",
	Title:    "Download",
	Category: category,
	Family:   cards.FamilyHTTP,
	Icon:     "download",
	Summary:  "Gets a file from a web address.",
	Doc: "Sends a GET request and puts out the answer as a file, whatever its type says.\n\n" +
		"- The connection signs the request in; choose **None** for a public file.\n" +
		"- A status other than 200 to 299 fails the card with the code `http_` and the status. A file may have up to 10 MiB, which can be set under **More**.",
	Keywords:   []string{"http", "file", "fetch", "get", "save", "attachment", "binary"},
	Connector:  "http",
	Asks:       []string{"url"},
	World:      true,
	Idempotent: true,
	Examples: []cards.Example{{
		Title: "A picture",
		In:    schema.Values{"url": "https://api.example.com/logo.svg"},
		Out: schema.Values{"filename": "logo.svg", "size": 6, "type": "image/svg+xml",
			"file": schema.Values{"name": "logo.svg", "type": "image/svg+xml", "size": 6, "base64": "PHN2Zy8+"}},
	}, {
		Title: "More than the card is to take",
		In:    schema.Values{"url": "https://api.example.com/export", "max_size": 0.002},
		Err:   cards.CodeTooLarge,
	}, {
		Title: "What is not there",
		In:    schema.Values{"url": "https://api.example.com/nothing.pdf"},
		Err:   "http_404",
	}},
}, func(ctx context.Context, env cards.Env, in downloadInput) (downloadOutput, error) {
	res, err := send(ctx, env, request{method: http.MethodGet, target: in.target, reading: reading{As: "file"}, limits: in.limits, lists: in.lists})
	if err != nil {
		return downloadOutput{}, err
	}
	out := downloadOutput{File: res.Body, StatusCode: res.StatusCode}
	if file, err := schema.FileOf(res.Body); err == nil {
		out.Filename, out.Type, out.Size = file.Name, file.Type, len(file.Data)
	}
	return out, nil
})
