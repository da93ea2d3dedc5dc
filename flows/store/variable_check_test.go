package store

import (
	"strings"
	"testing"
)

func TestWordsOfVariablesAreMeasuredInLetters(t *testing.T) {
	for _, c := range []struct {
		env, description string
		problems         int
	}{
		{strings.Repeat("ü", 40), strings.Repeat("東", 500), 0},
		{strings.Repeat("ü", 41), strings.Repeat("東", 501), 2},
	} {
		if p := (Variable{Name: "region", Env: c.env, Description: c.description}).Check(); len(p) != c.problems {
			t.Errorf("an environment of %d and a description of %d bytes: %v, want %d problems", len(c.env), len(c.description), p, c.problems)
		}
	}
}
