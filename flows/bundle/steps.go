package bundle

import (
	"maps"
	"slices"
	"strconv"

	"flowdeck/flows"
)

// mostSteps bounds a flow that comes as a file.
const mostSteps = 2000

// checkSteps says why a document could not even be shown: everything less is for its
// author to fix in the builder. The document stands at path.
func (s *source) checkSteps(b *Bundle, doc flows.Document, path []string) {
	if doc.Format != flows.Format {
		s.fail(append(slices.Clone(path), "format"), "is %d; this Flowdeck reads format %d. Update Flowdeck, or export again", doc.Format, flows.Format)
		return
	}
	w := stepWalk{source: s, bundle: b, places: map[string][]string{}}
	trigger := append(slices.Clone(path), "trigger")
	if doc.Trigger.Card != "" { // else a draft that nothing starts yet
		w.step(&doc.Trigger, trigger)
	}
	w.chain(doc.Chain, append(slices.Clone(path), "chain"))
	if w.count > mostSteps {
		s.fail(path, "has %d steps; %d are possible", w.count, mostSteps)
	}
	for _, p := range flows.TypedSecrets(doc, b.Cards) {
		s.fail(append(slices.Clone(w.places[p.Step]), "inputs", p.Field), "%s", p.Message)
	}
}

type stepWalk struct {
	*source
	bundle *Bundle
	count  int
	places map[string][]string // of the steps, by id
}

func (w *stepWalk) chain(chain []flows.Step, path []string) {
	for i := range chain {
		at := append(slices.Clone(path), strconv.Itoa(i))
		w.step(&chain[i], at)
		for _, name := range slices.Sorted(maps.Keys(chain[i].Blocks)) {
			w.chain(chain[i].Blocks[name].Chain, append(slices.Clone(at), "blocks", name, "chain"))
		}
	}
}

func (w *stepWalk) step(step *flows.Step, at []string) {
	w.count++
	if _, ok := w.bundle.Cards.Card(step.Card); !ok {
		w.fail(append(slices.Clone(at), "card"), "is a card that this Flowdeck does not have: %q", step.Card)
	}
	switch _, twice := w.places[step.ID]; {
	case step.ID == "":
		w.fail(at, "has no id")
	case twice:
		w.fail(append(slices.Clone(at), "id"), "is the id of another step too: %q", step.ID)
	default:
		w.places[step.ID] = at
	}
}

// CheckDocument says why a document, whose text is given, could not even be shown.
func (b *Bundle) CheckDocument(text []byte, doc flows.Document) flows.Problems {
	var found Problems
	src := &source{File: File{Text: text}, problems: &found}
	src.checkSteps(b, doc, nil)
	var p flows.Problems
	for _, x := range found {
		p = append(p, x.Problem)
	}
	return p
}
