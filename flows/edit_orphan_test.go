package flows

import (
	"encoding/json"
	"testing"
)

// What stands in a lane that the card has no longer is moved, deleted and cleared, and all
// of that is taken back.
func TestEditsInALaneThatIsGoneAreUndone(t *testing.T) {
	doc := chainOf(Step{ID: "a", Card: "text.compose", Blocks: map[string]Block{BlockOnError: {Chain: []Step{say("b", "1")}}}},
		Step{ID: "c", Card: "text.compose", Blocks: map[string]Block{BlockOnError: {Result: map[string]any{"text": "none"}}}})
	for _, e := range []Edit{
		{Op: OpRemove, Step: "b"},
		{Op: OpRemoveAll, Steps: []string{"b"}},
		{Op: OpMove, Step: "b", Index: 0},
		{Op: OpMoveAll, Steps: []string{"b"}, Index: 2},
		{Op: OpResultUnset, Parent: "c/" + BlockOnError, Field: "text"},
	} {
		next, inverse, _, err := doc.Apply(e, registry)
		if err != nil {
			t.Errorf("%s: %v", e.Op, err)
			continue
		}
		inverse = throughJSON(t, inverse)
		back, again, _, err := next.Apply(inverse, registry)
		if same, _ := back.same(doc); err != nil || !same {
			t.Errorf("%s taken back: %v, %v", e.Op, err, back)
			continue
		}
		redone, _, _, err := back.Apply(throughJSON(t, again), registry)
		if same, _ := redone.same(next); err != nil || !same {
			t.Errorf("%s done again: %v, %v", e.Op, err, redone)
		}
	}
	if _, _, _, err := doc.Apply(Edit{Op: OpMove, Step: "c", Parent: "b/then"}, registry); err == nil {
		t.Error("a card can be moved into a lane that the other card never had")
	}
}

// throughJSON is an edit as the list for undo keeps it.
func throughJSON(t *testing.T, e Edit) (kept Edit) {
	t.Helper()
	data, err := json.Marshal(e)
	if err == nil {
		err = json.Unmarshal(data, &kept)
	}
	if err != nil {
		t.Fatal(err)
	}
	return kept
}
