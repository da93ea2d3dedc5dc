package web

import (
	"reflect"
	"slices"
	"sync"

	"flowdeck/cards"
	"flowdeck/flows"
)

// study is what a drawing needs of a document and what follows from that alone.
// Drawings share it, so nobody changes it.
type study struct {
	flow  string
	doc   flows.Document
	facts *flows.Facts
	steps map[string]drawn
	used  map[string]bool     // references that some template makes
	seen  map[string][]string // what steps see: see seenBy
}

// mostStudies is how many documents are remembered: of a few people who edit, what their
// flow is and what it was. Those of a flow of 500 cards take some megabytes.
const mostStudies = 8

// studies are those of the documents that were drawn last, the latest first. Every edit
// needs what the flow was, which the edit before it, or opening it, has worked out.
type studies struct {
	mu   sync.Mutex
	list []*study
}

// of returns the study of a document of a flow. Sees may be known already: see flows.FactsOf.
func (s *studies) of(flowID string, doc flows.Document, reg *cards.Registry, sees map[string]*flows.Sources) *study {
	if known := s.find(flowID, doc); known != nil {
		return known
	}
	st := newStudy(flowID, doc, reg, sees)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.list = slices.Insert(s.list, 0, st)
	if len(s.list) > mostStudies {
		s.list = slices.Delete(s.list, mostStudies, len(s.list))
	}
	return st
}

// like works out the study of a document whose steps stand where they did before.
func (s *studies) like(flowID string, before, doc flows.Document, reg *cards.Registry) {
	s.of(flowID, doc, reg, s.of(flowID, before, reg, nil).facts.Visible)
}

func (s *studies) find(flowID string, doc flows.Document) *study {
	s.mu.Lock()
	mine := slices.Clone(s.list)
	s.mu.Unlock()
	for _, st := range mine {
		if st.flow != flowID || !reflect.DeepEqual(st.doc, doc) {
			continue
		}
		s.mu.Lock()
		if i := slices.Index(s.list, st); i > 0 {
			s.list = slices.Insert(slices.Delete(s.list, i, i+1), 0, st)
		}
		s.mu.Unlock()
		return st
	}
	return nil
}

func newStudy(flowID string, doc flows.Document, reg *cards.Registry, sees map[string]*flows.Sources) *study {
	st := &study{flow: flowID, doc: doc, facts: flows.FactsOf(doc, reg, sees), steps: map[string]drawn{}, used: map[string]bool{}}
	problems, doubts := byStep(st.facts.Problems), byStep(st.facts.Warnings)
	for _, step := range doc.All() {
		card, known := reg.Card(step.Card)
		st.steps[step.ID] = drawn{step: step, card: card, known: known, sees: st.facts.Visible[step.ID], problem: problems[step.ID], doubts: doubts[step.ID]}
		st.use(step.Inputs)
		for _, b := range step.Blocks {
			st.use(b.Result)
		}
	}
	st.seen = seenBy(doc, st.steps)
	return st
}

// byStep sorts problems by step; each list is clipped, so that what is added to one is
// added to a copy.
func byStep(list flows.Problems) map[string]flows.Problems {
	by := map[string]flows.Problems{}
	for _, p := range list {
		by[p.Step] = append(by[p.Step], p)
	}
	for id := range by {
		by[id] = slices.Clip(by[id])
	}
	return by
}

// use notes which outputs templates mention.
func (st *study) use(v any) {
	switch v := v.(type) {
	case string:
		for _, ref := range mentioned(v) {
			st.used[ref.String()] = true
		}
	case map[string]any:
		for _, x := range v {
			st.use(x)
		}
	case []any:
		for _, x := range v {
			st.use(x)
		}
	}
}
