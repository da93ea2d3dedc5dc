package flows

import "flowdeck/cards"

// Facts are what follows from a document alone, worked out together. They may be
// shared, so nobody changes them.
type Facts struct {
	Numbers  map[string]string                  // as Number
	Outputs  map[string][]OutputInfo            // as Outputs
	Inside   map[string]map[string][]OutputInfo // as Inside
	Visible  map[string]*Sources                // as AllVisible
	Problems Problems                           // as Compile
	Warnings Problems                           // as Warnings
	Choices  []Choice                           // as Choices
	Named    []Named                            // as NamedIn
}

// FactsOf works out the facts of a document. Visible may be known already: of another
// document whose steps stand in the same places, on and off alike, it is the same.
func FactsOf(doc Document, reg *cards.Registry, visible map[string]*Sources) *Facts {
	_, o, problems := compile(doc, reg)
	f := &Facts{Problems: problems, Warnings: o.warnings(reg), Numbers: o.numbers(), Outputs: o.outputs(), Inside: o.inside(),
		Visible: visible, Choices: Choices(doc, reg), Named: o.named()}
	if visible == nil {
		f.Visible = o.allVisible()
	}
	return f
}
