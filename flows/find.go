package flows

import "flowdeck/cards"

// Step returns the trigger or the step of that id, wherever it stands.
func (d Document) Step(id string) (Step, bool) {
	var found *Step
	eachStep(&d, func(s *Step) {
		if s.ID == id && found == nil {
			found = s
		}
	})
	if found == nil {
		return Step{}, false
	}
	return *found, true
}

// All returns the trigger and every step, blocks sorted by name.
func (d Document) All() []Step {
	n := 0
	eachStep(&d, func(*Step) { n++ })
	list := make([]Step, 0, n)
	eachStep(&d, func(s *Step) { list = append(list, *s) })
	return list
}

// AllVisible is Visible for every step of a document at once, and for the end of every
// block, by "step/block": what its result may use.
func AllVisible(doc Document, reg *cards.Registry) map[string]*Sources {
	return newOutline(&doc, reg).allVisible()
}
