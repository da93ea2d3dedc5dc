package views

import "github.com/a-h/templ"

// Edit makes a button post an edit of the flow when it is pressed, for example
// Edit("op", "output_add", "step", "get", "path", "body.id").
func Edit(pairs ...string) templ.Attributes {
	return templ.Attributes{"data-edit": edit(pairs...)}
}
