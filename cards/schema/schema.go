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
	Date    Type = "date" // text written as RFC 3339, or a day: "2026-03-01"
	Object  Type = "object"
	List    Type = "list"
	File    Type = "file"
	Any     Type = "any"
)

// Values is data as flows carry it: nil, bool, int64, float64, json.Number,
// string, []any and map[string]any. A number is an int64 when it is whole and
// fits, else a float64 when that holds it exactly, else the json.Number it was.
// In the inputs of a card there may be an *Expression.
// Who is handed Values may keep and read them, never change them.
type Values = map[string]any

// Form is what a struct asks for, in the order of its fields.
type Form struct {
	Fields []Field
	Open   bool // names that are not declared are accepted too

	plan *plan // how the struct is filled and read; nil of a form written by hand
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
	Options     []Option // when not empty, the only values allowed, unless Suggested
	Suggested   bool     // the options are suggestions: other text is allowed too
	Required    bool
	Empty       bool   // a required list may have nothing in it
	Secret      bool   // sealed at rest, never shown again
	Advanced    bool   // folded away until asked for
	Fixed       bool   // chosen when the flow is built: never a template
	When        When   // when it is asked for at all
	Group       string // the heading over it and its neighbours of the same group
	Min, Max    *float64
	Vars        []string // of an Inline field: the names that stand for something in it
	Members     Form     // of an Object, or of each element of a List

	standing any // Default as the field holds it; nil of a field written by hand
}

// Formats that a field's text can have. "@name" means the format that the value
// of the sibling field name says: "json" is JSON, "text" is Multiline.
const (
	Plain      = ""
	URL        = "url"         // an absolute URL
	JSON       = "json"        // JSON text, with templates where values go
	Multiline  = "multiline"   // text of several lines
	Names      = "names"       // a list of names separated by spaces or commas
	Zone       = "zone"        // a time zone by its name, such as Europe/Berlin
	Inline     = "inline"      // an expression without braces, over the names in Vars; planned as an *Expression
	Flow       = "flow"        // the id of a flow, chosen among those there are
	Table      = "table"       // the id of a table, likewise
	Column     = "column"      // the key of a column of the table that the same form names
	KeyColumn  = "key_column"  // likewise, of one that is unique
	Columns    = "columns"     // an object of values by such keys
	NewColumns = "new_columns" // likewise, of a row that is made
)

// Chooses reports whether the field's text is the id of something that the server
// keeps, to be chosen among what there is. A template may give it too.
func (f Field) Chooses() bool { return f.Format == Flow || f.Format == Table }

// Option is one of the values of a field that has only a few.
type Option struct{ Value, Label string }

// Field returns the field of that name.
func (f Form) Field(name string) (Field, bool) {
	for _, x := range f.Fields {
		if x.Name == name {
			return x, true
		}
	}
	return Field{}, false
}

// later is the type of Later; Type is what is known of the value.
type later struct{ Type Type }

// Later stands for a value that is known only when the flow runs. Check lets it
// pass wherever a value may be; Decode does not accept it.
var Later any = later{}

// Expected is Later for a value whose type is known.
func Expected(t Type) any { return later{t} }

// ExpectedType returns the type of a value that is known only later, Any when that is
// not known either; false for a value that is there.
func ExpectedType(v any) (Type, bool) {
	x, yes := v.(later)
	if yes && x.Type == "" {
		return Any, true
	}
	return x.Type, yes
}

func isLater(v any) bool { _, yes := v.(later); return yes }
