package path

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"flowdeck/cards/schema"
)

// A draft comes to the same as one change after the other, and changes nothing that it was given.
func TestDraftsAreChangesOneByOne(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	paths := []string{"a", "a.b", "a.l[0]", "l[0].c", "l[1]", "l[2].c", "a.c", "l[-1].d", "l.0.c", "s.c", "s.l[0]"}
	for range 5000 {
		const start = `{"a":{"b":1,"l":[1,[2]]},"l":[{"c":1},[],null]}`
		shared := read(t, `{"c":{"d":1},"l":[1,2]}`)
		in, given := read(t, start), write(t, shared)
		var want any = in
		draft := NewDraft(in)
		for range 1 + r.IntN(8) {
			p, _ := Parse(paths[r.IntN(len(paths))])
			if r.IntN(3) == 0 {
				want = p.Remove(want)
				draft.Remove(p)
				continue
			}
			value := any(r.Int64N(9))
			if r.IntN(3) == 0 {
				value = shared
			}
			next, err := p.Set(want, value)
			if err != nil { // a draft is of no use then
				break
			}
			if want = next; draft.Set(p, value) != nil {
				t.Fatalf("Set %s failed in a draft alone", p)
			}
			if write(t, draft.Value()) != write(t, want) {
				t.Fatalf("after %s the draft is %s, want %s", p, write(t, draft.Value()), write(t, want))
			}
		}
		if write(t, in) != start || write(t, shared) != given {
			t.Fatalf("a draft changed what it was given: %s, %s", write(t, in), write(t, shared))
		}
	}
}

func TestManyChangesTakeTimeThatGrowsWithThem(t *testing.T) {
	began, draft := time.Now(), NewDraft(schema.Values{})
	const n = 30_000
	for i := range n {
		for _, text := range []string{"a.k%d", "l[%d].x"} {
			p, _ := Parse(fmt.Sprintf(text, i))
			if err := draft.Set(p, i); err != nil {
				t.Fatal(err)
			}
		}
	}
	for i := range n {
		p, _ := Parse(fmt.Sprintf("a.k%d", i))
		draft.Remove(p)
	}
	got, _ := draft.Value().(map[string]any)
	if a, _ := got["a"].(map[string]any); len(a) != 0 || len(got["l"].([]any)) != n {
		t.Errorf("%d and %d are left, want none and %d", len(a), len(got["l"].([]any)), n)
	}
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("took %v", took)
	}
}
