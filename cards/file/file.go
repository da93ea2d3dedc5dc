// Package file holds the cards that make and read files.
//
// A file is a value like any other: a flow carries it from card to card, and nothing
// is stored on a disk.
package file

import (
	"mime"
	"path"
	"strings"

	"flowdeck/cards/schema"
)

const category = "File"

type fileInput struct {
	File any `json:"file" form:"required" help:"A file from another card, such as Get with Response as File."`
}

// value returns the file. Its problem says what is missing.
func (in fileInput) value() (schema.FileValue, error) {
	f, err := schema.FileOf(in.File)
	if err != nil {
		return f, schema.Problems{{Field: "file", Message: err.Error()}}
	}
	return f, nil
}

type fileOutput struct {
	File map[string]any `json:"file" help:"The file: an object of name, type, size and base64."`
}

// typeFor returns the media type that a file of this name usually has.
func typeFor(name, said string) string {
	if said != "" {
		return said
	}
	if known, ok := types[strings.ToLower(path.Ext(name))]; ok {
		return known
	}
	if known := mime.TypeByExtension(path.Ext(name)); known != "" {
		return known
	}
	return "application/octet-stream"
}

// types are those that must be the same on every system.
var types = map[string]string{".txt": "text/plain; charset=utf-8", ".csv": "text/csv; charset=utf-8", ".json": "application/json", ".xml": "application/xml",
	".html": "text/html; charset=utf-8", ".md": "text/markdown; charset=utf-8", ".pdf": "application/pdf", ".zip": "application/zip", ".png": "image/png", ".jpg": "image/jpeg"}
