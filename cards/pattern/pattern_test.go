package pattern

import (
	"fmt"
	"strings"
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

// A pattern can be slow on a text of any length: repeats make it long, and groups make each
// of its steps dear.
func TestShortTextsMayBeTooMuchToo(t *testing.T) {
	long := strings.Repeat("a", 60_000)
	for _, c := range []struct {
		pattern    string
		text       string
		affordable bool
	}{
		{"(?:" + strings.Repeat("a?", 1000) + "){1000}$b", long, false},
		{"(?:" + strings.Repeat("a?", 1000) + "){1000}$b", long[:100], true},
		{strings.Repeat("(b?)", 1000), long, false},
		{strings.Repeat("(b?)", 1000), long[:100], true},
		{`^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})`, long, true},
		{strings.Repeat("a?", 2000), long, true},
	} {
		re, err := New().Compile(c.pattern)
		if err != nil {
			t.Fatal(err)
		}
		if got := Affordable(re, c.text); got != c.affordable {
			t.Errorf("%.40q on %d letters is affordable: %v, want %v", c.pattern, len(c.text), got, c.affordable)
		}
	}
}

// What is guessed of a program's length without compiling it is never too little.
func TestProgramsAreNotLongerThanGuessed(t *testing.T) {
	for _, p := range []string{"a", "", "(a)", "(a?)", "()*", "a{1000}", "(?i)straße|k{3,9}", `(\pL+|[^a-z])*?`, "((((a{2}){5}){10}){10})", "(a?){1000}", `\bx\B^$`, "(?:a|b|(c))+d{0,500}", "(x{2,}y??){30}", "a**"} {
		if re, err := New().Compile(p); err == nil && guessed(p) < length(re) {
			t.Errorf("%q has %d instructions, guessed %d", p, length(re), guessed(p))
		}
	}
}
