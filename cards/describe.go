package cards

import "flowdeck/cards/schema"

// Description is a card as data: what the catalogue says about it.
type Description struct {
	Name     string        `json:"name"`
	Title    string        `json:"title"`
	Category string        `json:"category"`
	Kind     Kind          `json:"kind"`
	Summary  string        `json:"summary"`
	Keywords []string      `json:"keywords,omitempty"`
	Inputs   []Port        `json:"inputs"`
	Outputs  []Port        `json:"outputs"`
	Blocks   []string      `json:"blocks,omitempty"`
	Examples []ExampleText `json:"examples,omitempty"`
}

// Port is one input or output of a Description.
type Port struct {
	Name     string      `json:"name"`
	Label    string      `json:"label"`
	Type     schema.Type `json:"type"`
	Required bool        `json:"required,omitempty"`
	Default  string      `json:"default,omitempty"`
	Options  []string    `json:"options,omitempty"`
	Help     string      `json:"help,omitempty"`
	When     string      `json:"when,omitempty"` // "sibling=value|value": when it is asked for
	Members  []Port      `json:"members,omitempty"`
	// Open says that its author may add names of their own.
	Open bool `json:"open,omitempty"`
}

// ExampleText is an Example of a Description.
type ExampleText struct {
	Title   string        `json:"title"`
	Inputs  schema.Values `json:"inputs,omitempty"`
	Outputs schema.Values `json:"outputs,omitempty"`
	Error   string        `json:"error,omitempty"`
}

// Describe returns every card of r as data, in the order of the palette.
func Describe(r *Registry) []Description {
	list := make([]Description, 0, len(r.All()))
	for _, c := range r.All() {
		d := Description{Name: c.Name, Title: c.Title, Category: c.Category, Kind: c.Kind, Summary: c.Summary,
			Keywords: c.Keywords, Inputs: ports(c.Inputs), Outputs: ports(c.Outputs)}
		for _, b := range c.Blocks {
			d.Blocks = append(d.Blocks, b.Name)
		}
		for _, x := range c.Examples {
			d.Examples = append(d.Examples, ExampleText{Title: x.Title, Inputs: x.In, Outputs: x.Out, Error: x.Err})
		}
		list = append(list, d)
	}
	return list
}

func ports(f schema.Form) []Port {
	list := make([]Port, 0, len(f.Fields))
	for _, x := range f.Fields {
		p := Port{Name: x.Name, Label: x.Label, Type: x.Type, Required: x.Required, Default: x.Default, Help: x.Help, When: x.When.String(),
			Open: x.Type == schema.Object && x.Members.Open}
		for _, o := range x.Options {
			p.Options = append(p.Options, o.Value)
		}
		if len(x.Members.Fields) > 0 {
			p.Members = ports(x.Members)
		}
		list = append(list, p)
	}
	return list
}
