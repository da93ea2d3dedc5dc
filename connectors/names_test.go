package connectors

import (
	"strings"
	"testing"
)

func TestNamesAreAsLongAsTheyAreInLetters(t *testing.T) {
	for _, c := range []struct {
		name, description string
		problems          int
	}{
		{strings.Repeat("ß", 120), strings.Repeat("東", 2000), 0},
		{strings.Repeat("ß", 121), "", 1},
		{"x", strings.Repeat("東", 2001), 1},
		{"", "", 1},
	} {
		if p := CheckNames(c.name, c.description); len(p) != c.problems {
			t.Errorf("a name of %d and a description of %d bytes: %v, want %d problems", len(c.name), len(c.description), p, c.problems)
		}
	}
}
