package since

import (
	"strings"
	"testing"
	"time"
)

// Bodies of ten megabytes, one line or one key long, are compared in a moment, and
// what is shown of them is short.
func TestHugeBodiesAreComparedInShort(t *testing.T) {
	line, key := strings.Repeat("é", 5<<20), strings.Repeat("k", 10<<20)
	deep, other := any("a"), any("b")
	for range 50_000 {
		deep, other = map[string]any{"k": deep}, map[string]any{"k": other}
	}
	began := time.Now()
	for name, sides := range map[string][2]any{
		"one line":    {line + "a", line + "b"},
		"one key":     {map[string]any{key: "a"}, map[string]any{key: "b"}},
		"lines":       {strings.Repeat("a\n", 5<<20), strings.Repeat("b\n", 5<<20)},
		"deep values": {deep, other},
	} {
		d := Compare(Side{ResponseBody: sides[0]}, Side{ResponseBody: sides[1]})
		size := 0
		for _, c := range d.Part(ResponseBody) {
			size += len(c.Path) + len(c.Before) + len(c.After)
		}
		if size == 0 || size > maxChanges*4*4*maxShort {
			t.Errorf("%s: %d bytes are shown", name, size)
		}
	}
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("it took %v", took)
	}
}
