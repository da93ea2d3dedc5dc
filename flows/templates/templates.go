// Package templates holds flows to begin with: finished ones, with the tables that they
// need. They are files of the format in which flows are exported, and use addresses of
// example.com, which whoever takes one replaces with their own.
package templates

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"flowdeck/flows/bundle"
)

//go:embed gallery
var gallery embed.FS

// Template is a flow to begin with, perhaps with helpers and tables.
type Template struct {
	Slug     string `json:"-"` // its name in URLs
	Name     string `json:"name"`
	Category string `json:"category"`
	Summary  string `json:"summary"` // one sentence
	Doc      string `json:"doc"`     // what else there is to know
	Main     string `json:"main"`    // the alias of the flow that is called, or run by hand
}

// All returns the templates, by category and name. It panics when one of the files in the
// program cannot be read.
func All() []Template {
	folders, err := fs.ReadDir(gallery, "gallery")
	if err != nil {
		panic(err)
	}
	var list []Template
	for _, f := range folders {
		t := Template{Slug: f.Name()}
		text, err := gallery.ReadFile(path.Join("gallery", f.Name(), "template.json"))
		if err == nil {
			err = json.Unmarshal(text, &t)
		}
		if err != nil {
			panic(fmt.Sprintf("templates: %s: %v", f.Name(), err))
		}
		list = append(list, t)
	}
	slices.SortFunc(list, func(a, b Template) int {
		if n := strings.Compare(a.Category, b.Category); n != 0 {
			return n
		}
		return strings.Compare(a.Name, b.Name)
	})
	return list
}

// Find returns the template of that slug.
func Find(slug string) (Template, bool) {
	list := All()
	i := slices.IndexFunc(list, func(t Template) bool { return t.Slug == slug })
	if i < 0 {
		return Template{}, false
	}
	return list[i], true
}

// Files returns the files of a template, as they are imported.
func (t Template) Files() (files []bundle.File) {
	root := path.Join("gallery", t.Slug)
	err := fs.WalkDir(gallery, root, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Base(name) == "template.json" {
			return err
		}
		text, err := gallery.ReadFile(name)
		files = append(files, bundle.File{Path: strings.TrimPrefix(name, root+"/"), Text: text})
		return err
	})
	if err != nil {
		panic(fmt.Sprintf("templates: %s: %v", t.Slug, err))
	}
	return files
}
