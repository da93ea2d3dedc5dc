package flows

import (
	"flowdeck/cards"
	"flowdeck/cards/schema"
)

// OutputInfo is one thing that a step offers to the steps after it.
type OutputInfo struct {
	Path     string // below the step: "body.email"
	Label    string
	Type     schema.Type
	Help     string
	Declared bool // by the author
	Depth    int  // 0 at the top
}

// Source is a step whose outputs another step may use.
type Source struct {
	Step  string
	Maybe bool // it may not have run: its outputs may be empty
}

// Number returns the number of every step, as people see it: the trigger is
// "1", the first step inside step 3 is "3.1".
func Number(doc Document, reg *cards.Registry) map[string]string { return nil }

// Outputs returns what each step offers, in the order it is shown.
func Outputs(doc Document, reg *cards.Registry) map[string][]OutputInfo { return nil }

// Visible returns the steps whose outputs stepID may use, nearest first.
func Visible(doc Document, stepID string, reg *cards.Registry) []Source { return nil }

// VisibleAt is Visible for a place where no step is yet: Parent and Index as in an Edit.
func VisibleAt(doc Document, parent string, index int, reg *cards.Registry) []Source { return nil }
