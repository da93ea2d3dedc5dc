package flows

import (
	"errors"
	"math/rand/v2"
	"testing"
)

// TestRestoringEveryStepRestoresTheDocument takes random edits back, step by step.
func TestRestoringEveryStepRestoresTheDocument(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	restored := 0
	for range 25 {
		doc, before := flow(), flow()
		for range 6 {
			e := randomEdit(rng, doc)
			if e.Op == OpReplace || e.Op == OpTrigger {
				continue
			}
			if next, _, _, err := doc.Apply(e, registry); err == nil {
				doc = next
			}
		}
		for _, s := range Compare(before, doc, registry).Steps {
			next, err := doc.Restore(before, s.ID)
			if err != nil {
				if !s.Added { // a step inside of one that has gone already
					t.Fatalf("Restore(%s): %v", s.ID, err)
				}
				continue
			}
			doc = next
			restored++
		}
		for range 3 { // what stood inside of something that was not back yet
			for _, s := range Compare(before, doc, registry).Steps {
				if next, err := doc.Restore(before, s.ID); err == nil {
					doc = next
				}
			}
		}
		if encoded(t, doc) != encoded(t, before) {
			t.Fatalf("restoring every step leaves %q\ngot  %s\nwant %s", said(Compare(before, doc, registry)), encoded(t, doc), encoded(t, before))
		}
	}
	if restored < 25 {
		t.Errorf("only %d steps were restored", restored)
	}
	if _, err := flow().Restore(flow(), "gone"); !errors.Is(err, ErrNotFound) {
		t.Errorf("restoring a step that never was = %v, want ErrNotFound", err)
	}
}
