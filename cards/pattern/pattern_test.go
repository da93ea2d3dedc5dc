package pattern

import (
	"fmt"
	"testing"
)

func TestPatternsAreBounded(t *testing.T) {
	p := New()
	for i := range 3 * maxKept {
		if _, err := p.Compile(fmt.Sprint("^", i, "$")); err != nil {
			t.Fatal(err)
		}
	}
	if len(p.kept) > maxKept {
		t.Errorf("%d patterns are kept, want at most %d", len(p.kept), maxKept)
	}
	a, _ := p.Compile("x")
	if b, _ := p.Compile("x"); a != b {
		t.Error("a pattern was compiled twice")
	}
}
