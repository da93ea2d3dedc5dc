package flows

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestAllVisibleIsWhatEachSees compares what steps share with what is worked out for each
// of them, and for the end of each block, alone.
func TestAllVisibleIsWhatEachSees(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	n := 0
	var chain func(depth int) []Step
	chain = func(depth int) (list []Step) {
		for range random.IntN(5) {
			n++
			s := Step{ID: fmt.Sprint("s", n), Card: "http.get", Off: random.IntN(6) == 0}
			if depth > 0 && random.IntN(2) == 0 {
				kind := []struct {
					card   string
					blocks []string
				}{{"control.if", []string{"then", "else"}}, {"control.each", []string{"each"}}, {"control.try", []string{"try", "catch"}}, {"control.nobody_knows", []string{"a", "b"}}}[random.IntN(4)]
				s.Card, s.Blocks = kind.card, map[string]Block{}
				for _, b := range kind.blocks {
					s.Blocks[b] = Block{Chain: chain(depth - 1)}
				}
			}
			list = append(list, s)
		}
		return list
	}
	for range 300 {
		n = 0
		doc := Document{Trigger: Step{ID: "start", Card: "event.manual"}, Chain: chain(3)}
		if n > 3 && random.IntN(4) == 0 {
			doc.Chain = append(doc.Chain, Step{ID: "s2", Card: "http.get"}) // an id that is there twice
		}
		all := AllVisible(doc, registry)
		for _, s := range doc.All() {
			if got, want := slices.Collect(all[s.ID].All()), Visible(doc, s.ID, registry); !slices.Equal(got, want) {
				t.Fatalf("%s sees %v, want %v, in %+v", s.ID, got, want, doc)
			}
			for name, b := range s.Blocks {
				key := s.ID + "/" + name
				if got, want := slices.Collect(all[key].All()), VisibleAt(doc, key, len(b.Chain), registry); !slices.Equal(got, want) && s.ID != "s2" {
					t.Fatalf("the end of %s sees %v, want %v, in %+v", key, got, want, doc)
				}
			}
		}
	}
}
