// Package schema reads a Go struct as the form a person fills in.
//
// A card's inputs, a card's outputs and an auth type's settings are each one
// struct. Its json names are what flows store, its tags are what people read.
// The package knows no card, no flow and no connection, and does no I/O.
package schema

// Type is what a field holds.
type Type string

// The types that a field can have. Their names are stored in flows.
const (
	Text    Type = "text"
	Number  Type = "number"
	Boolean Type = "boolean"
	Date    Type = "date"
	Object  Type = "object"
	List    Type = "list"
	File    Type = "file"
	Any     Type = "any"
)

// Values is data as flows carry it: nil, bool, int64, float64, json.Number,
// string, []any and map[string]any. A number is an int64 when it is whole and
// fits, else a float64 when that holds it exactly, else the json.Number it was.
type Values = map[string]any

// Form is what a struct asks for, in the order of its fields.
type Form struct {
	Fields []Field
	Open   bool // names that are not declared are accepted too
}

// Field is one labelled blank.
type Field struct {
	Name        string // stored, so never renamed
	Label       string
	Help        string // one sentence
	Placeholder string
	Type        Type
	Format      string // how the text is written: see the Format constants
	Default     string
	Options     []Option // when not empty, the only values allowed
	Required    bool
	Secret      bool // sealed at rest, never shown again
	Advanced    bool // folded away until asked for
	Fixed       bool // chosen when the flow is built: never a template
	Min, Max    *float64
	Members     Form // of an Object, or of each element of a List
}

// Formats that a field's text can have.
const (
	Plain     = ""
	URL       = "url"       // an absolute URL
	JSON      = "json"      // JSON text, with templates where values go
	Multiline = "multiline" // text of several lines
	Names     = "names"     // a list of names separated by spaces or commas
)

// Option is one of the values of a field that has only a few.
type Option struct{ Value, Label string }

// Problem says what is wrong with one field, in words for the person who filled it in.
type Problem struct {
	Field   string // "url", "conditions.0.left"
	Message string // "is required"
}

// Problems is every problem found; it is an error when there is at least one.
type Problems []Problem

// Field returns the field of that name.
func (f Form) Field(name string) (Field, bool) {
	for _, x := range f.Fields {
		if x.Name == name {
			return x, true
		}
	}
	return Field{}, false
}
