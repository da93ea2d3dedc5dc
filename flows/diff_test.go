package flows

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// said is a difference in a few words, a line per step.
func said(d Diff) string {
	var lines []string
	for _, s := range d.Steps {
		line := s.ID
		if s.Added {
			line += " added"
		}
		if s.Removed {
			line += " removed"
		}
		if s.Moved {
			line += " moved"
		}
		for _, f := range s.Fields {
			line += fmt.Sprintf(" %s:%v>%v", f.Path, f.Before, f.After)
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

func TestCompareNamesWhatAnEditDid(t *testing.T) {
	for _, c := range []struct {
		edits   []Edit
		want    string
		summary string
	}{
		{nil, "", "nothing changed"},
		{[]Edit{{Op: OpSet, Step: "get", Field: "url", Value: "https://x.test"}}, "get inputs.url:https://api.test/c/{{ call.customer }}>https://x.test", "1 card changed"},
		{[]Edit{{Op: OpSet, Step: "get", Field: "headers.X", Value: "1"}}, "get inputs.headers.X:<nil>>1", "1 card changed"},
		{[]Edit{{Op: OpSet, Step: "check", Field: "conditions.0.right", Value: "9"}}, "check inputs.conditions.0.right:200>9", "1 card changed"},
		{[]Edit{{Op: OpRename, Step: "get", Title: "Read"}, {Op: OpConnect, Step: "get", Value: "c_1"}, {Op: OpToggle, Step: "get"}}, "get connection:<nil>>c_1 off:<nil>>true title:<nil>>Read", "1 card changed"},
		{[]Edit{{Op: OpPolicy, Step: "get", Value: map[string]any{"timeout": "5s"}}}, "get policy.timeout:<nil>>5s", "1 card changed"},
		{[]Edit{{Op: OpResultSet, Parent: "check/then", Field: "who", Value: "x"}}, "check blocks.then.who:{{ post.body.note }}>x", "1 card changed"},
		{[]Edit{{Op: OpOutputDrop, Step: "get", Field: "body.url"}}, `get outputs.body\.url:text><nil>`, "1 card changed"},
		{[]Edit{{Op: OpMove, Step: "close", Parent: "check/then"}}, "close moved", "1 card moved"},
		{[]Edit{{Op: OpRemove, Step: "close"}, {Op: OpInsert, Card: "http.post", Index: 0}}, "post_2 added\nclose removed", "1 card added, 1 removed"},
		{[]Edit{{Op: OpWrap, Step: "get", Card: "control.if", Index: 1}}, "if_else added\nget moved", "1 card added, 1 moved"},
	} {
		doc := flow()
		for _, e := range c.edits {
			var err error
			if doc, _, _, err = doc.Apply(e, registry); err != nil {
				t.Fatal(err)
			}
		}
		d := Compare(flow(), doc, registry)
		if got := said(d); got != c.want || d.Summary() != c.summary {
			t.Errorf("%+v:\ngot  %s (%s)\nwant %s (%s)", c.edits, got, d.Summary(), c.want, c.summary)
		}
	}
}

// TestCompareListsCardsAsTheyAreDrawn has lanes whose names sort another way than they are drawn.
func TestCompareListsCardsAsTheyAreDrawn(t *testing.T) {
	doc := flow()
	check := slices.IndexFunc(doc.Chain, func(s Step) bool { return s.ID == "check" })
	doc.Chain[check].Blocks = map[string]Block{
		"else": {Chain: []Step{{ID: "second", Card: "http.get"}}},
		"then": {Chain: []Step{{ID: "first", Card: "http.get"}}},
	}
	after := doc.clone()
	after.Chain[check].Blocks["else"].Chain[0].Title = "Other"
	after.Chain[check].Blocks["then"].Chain[0].Title = "Other"
	if got, want := said(Compare(doc, after, registry)), "first title:<nil>>Other\nsecond title:<nil>>Other"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// TestCompareShowsExactlyTheTouchedSteps makes random edits to random documents.
func TestCompareShowsExactlyTheTouchedSteps(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	compared := 0
	for range 12 {
		doc := flow()
		for range 40 {
			e := randomEdit(rng, doc)
			next, _, _, err := doc.Apply(e, registry)
			if err != nil {
				continue
			}
			if d := Compare(next, next, registry); !d.Empty() {
				t.Fatalf("a document differs from itself: %s", said(d))
			}
			d := Compare(doc, next, registry)
			if changed := encoded(t, doc) != encoded(t, next); changed == d.Empty() {
				t.Fatalf("%+v: changed %v, the difference is %q\n%s\n%s", e, changed, said(d), encoded(t, doc), encoded(t, next))
			}
			checkTouched(t, e, doc, next, d)
			compared++
			doc = next
		}
	}
	if compared < 300 {
		t.Errorf("only %d edits were compared", compared)
	}
}

// checkTouched holds a difference against what the edit can have touched.
func checkTouched(t *testing.T, e Edit, doc, next Document, d Diff) {
	t.Helper()
	was, is := spotsOf(doc, nil), spotsOf(next, nil)
	for _, s := range d.Steps {
		_, before := was.steps[s.ID]
		_, after := is.steps[s.ID]
		if s.Added != (!before && after) || s.Removed != (before && !after) {
			t.Fatalf("%+v: %s is said to be added %v, removed %v", e, s.ID, s.Added, s.Removed)
		}
	}
	for id := range maps.Keys(union(was.steps, is.steps)) {
		_, before := was.steps[id]
		_, after := is.steps[id]
		listed := slices.ContainsFunc(d.Steps, func(s StepDiff) bool { return s.ID == id })
		if before != after && !listed {
			t.Fatalf("%+v: %s came or went unseen", e, id)
		}
	}
	switch e.Op {
	case OpSet, OpUnset, OpRenameKey, OpAddItem, OpRemoveItem, OpRename, OpNote, OpToggle, OpConnect, OpPolicy, OpOutputAdd, OpOutputDrop, OpOutputs, OpResultSet, OpResultUnset:
		target := e.Step
		switch e.Op {
		case OpSet, OpUnset, OpRenameKey, OpAddItem, OpRemoveItem, OpResultSet, OpResultUnset:
			if e.Parent == "" {
				break
			}
			target, _ = splitChain(e.Parent)
		}
		for _, s := range d.Steps {
			if e.Op == OpRemoveItem && s.Removed {
				continue // an item may declare a block, which goes with it
			}
			if s.ID != target || s.Added || s.Removed || s.Moved {
				t.Fatalf("%+v touches %s alone, and the difference is %q", e, target, said(d))
			}
		}
	case OpMove:
		if len(d.Steps) > 1 || len(d.Steps) == 1 && !d.Steps[0].Moved {
			t.Fatalf("%+v moves one step, and the difference is %q", e, said(d))
		}
		if was.steps[e.Step].chain != is.steps[e.Step].chain && d.Steps[0].ID != e.Step {
			t.Fatalf("%+v: it is %s that is said to have moved", e, d.Steps[0].ID)
		}
	case OpInsert, OpDuplicate:
		for _, s := range d.Steps {
			if !s.Added {
				t.Fatalf("%+v adds, and the difference is %q", e, said(d))
			}
		}
	case OpRemove:
		for _, s := range d.Steps {
			if !s.Removed {
				t.Fatalf("%+v removes, and the difference is %q", e, said(d))
			}
		}
	}
}
