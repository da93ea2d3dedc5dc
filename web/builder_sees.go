package web

import (
	"slices"

	"flowdeck/flows"
)

// seenBy says of every step which outputs it may use, in few words: what it sees
// beyond the step before it, and "^" with that step's id for the rest. Written
// out, the lists of a long flow would be most of its page.
func seenBy(doc flows.Document, by map[string]drawn) map[string][]string {
	seen := map[string][]string{}
	var chain func(before string, steps []flows.Step)
	chain = func(before string, steps []flows.Step) {
		for i := range steps {
			s := &steps[i]
			seen[s.ID] = beyond(by[s.ID].sees, by[before].sees, before)
			before = s.ID
			for _, b := range s.Blocks {
				chain(s.ID, b.Chain)
			}
		}
	}
	seen[doc.Trigger.ID] = beyond(by[doc.Trigger.ID].sees, nil, "")
	chain(doc.Trigger.ID, doc.Chain)
	return seen
}

// lastOf is the last step of a chain; the one around it when it is empty.
func lastOf(chain []flows.Step, around string) string {
	if len(chain) == 0 {
		return around
	}
	return chain[len(chain)-1].ID
}

// beyond is what is seen from a place, the rest named by a step that sees the rest.
func beyond(mine, rest *flows.Sources, base string) []string {
	list, ok := mine.Beyond(rest)
	if !ok {
		return sourceWords(slices.Collect(mine.All()))
	}
	words := sourceWords(list)
	if rest != nil {
		words = append(words, "^"+base)
	}
	return words
}

func sourceWords(list []flows.Source) []string {
	var words []string
	for _, s := range list {
		if s.Maybe {
			words = append(words, s.Step+"?")
		} else {
			words = append(words, s.Step)
		}
	}
	return words
}
