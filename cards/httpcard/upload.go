package httpcard

import (
	"context"
	"maps"
	"slices"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type uploadInput struct {
	target
	Method string         `json:"method" default:"POST" options:"POST|PUT|PATCH" form:"fixed" help:"Most services want POST; storage often wants PUT."`
	As     string         `json:"as" label:"Send as" default:"body" options:"body=The body of the request|form=A form with the file in it" form:"fixed" help:"A form is what a web page sends (multipart)."`
	File   any            `json:"file" form:"required" help:"A file from another card. Text is sent as a text file."`
	Field  string         `json:"field" label:"Field of the file" default:"file" when:"as=form" help:"What the form calls the file."`
	Fields map[string]any `json:"fields" label:"Other fields" when:"as=form" help:"Texts that the form has beside the file."`
	reading
	limits
	repeats
	lists
}

// Upload sends a file.
var Upload = cards.NewFunction(cards.Spec{
	Name:     "http.upload",
	Title:    "Upload",
	Category: category,
	Family:   cards.FamilyHTTP,
	Icon:     "upload",
	Summary:  "Sends a file to a web address.",
	Doc: "Sends a file as the body of a request with the file's own type, or in a form with other fields beside it.\n\n" +
		"- For a form with several files, use **Post** with the body type Form with files.\n" + answers,
	Keywords:  []string{"http", "file", "send", "multipart", "form", "attachment", "post", "put"},
	Connector: "http",
	Asks:      []string{"url"},
	World:     true,
	Examples: []cards.Example{{
		Title: "As the body",
		In: schema.Values{"url": "https://api.example.com/echo", "method": "PUT",
			"file": schema.Values{"name": "logo.svg", "type": "image/svg+xml", "size": 6, "base64": "PHN2Zy8+"}},
		Out: schema.Values{"body": schema.Values{"method": "PUT", "path": "/echo", "query": "", "type": "image/svg+xml", "body": "<svg/>"}},
	}, {
		Title: "In a form",
		In: schema.Values{"url": "https://api.example.com/upload", "as": "form", "field": "logo", "fields": schema.Values{"title": "Our logo"},
			"file": schema.Values{"name": "logo.svg", "type": "image/svg+xml", "size": 6, "base64": "PHN2Zy8+"}},
		Out: schema.Values{"status_code": 200, "body": schema.Values{"title": "Our logo", "logo": "logo.svg, image/svg+xml, 6 bytes"}},
	}, {
		Title: "No file",
		In:    schema.Values{"url": "https://api.example.com/echo"},
		Err:   cards.CodeInvalidInput,
	}},
}, func(ctx context.Context, env cards.Env, in uploadInput) (response, error) {
	r := request{method: in.Method, target: in.target, reading: in.reading, limits: in.limits, repeats: in.repeats, lists: in.lists}
	var err error
	if in.As == "form" {
		var parts []part
		for _, name := range slices.Sorted(maps.Keys(in.Fields)) {
			parts = append(parts, part{Name: name, Kind: "text", Value: in.Fields[name]})
		}
		r.body, r.contentType, err = encodeParts(append(parts, part{Name: in.Field, Kind: "file", Value: in.File}))
	} else {
		r.body, r.contentType, err = encodeFile(in.File)
	}
	if err != nil {
		return response{}, err
	}
	return send(ctx, env, r)
})
