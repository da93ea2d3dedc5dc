package views

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// TestTheManualHasEveryShortcut holds docs/builder.md against the list.
func TestTheManualHasEveryShortcut(t *testing.T) {
	page, err := os.ReadFile("../docs/builder.md")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]string{}
	for _, g := range Shortcuts {
		for _, s := range g.Keys {
			if line := "| " + s.Label + " | " + s.Text() + " |"; !strings.Contains(string(page), line) {
				t.Errorf("docs/builder.md does not have the line\n%s", line)
			}
			for i, key := range s.Keys {
				if other := seen[s.Where+key]; other != "" {
					t.Errorf("%s is both %q and %q", key, other, s.Label)
				}
				seen[s.Where+key] = s.Label
				if len(s.Does) != 1 && len(s.Does) != len(s.Keys) {
					t.Errorf("%s: %d deeds for %d keys", s.Label, len(s.Does), i)
				}
			}
		}
	}
}

// TestEveryShortcutIsWired looks for each deed where the browser side does them.
func TestEveryShortcutIsWired(t *testing.T) {
	var code strings.Builder
	for _, name := range []string{"keys", "cards"} {
		text, err := os.ReadFile("../static/src/js/" + name + ".ts")
		if err != nil {
			t.Fatal(err)
		}
		code.Write(text)
	}
	for _, g := range Shortcuts {
		for _, s := range g.Keys {
			for _, does := range s.Does {
				if !regexp.MustCompile(`(case )?'?\b` + regexp.QuoteMeta(does) + `'?:`).MatchString(code.String()) {
					t.Errorf("nothing does %q (%s)", does, s.Label)
				}
			}
		}
	}
}
