package flows_test

import (
	"testing"

	"flowdeck/flows"
)

func TestHistoryOfSettings(t *testing.T) {
	for history, outline := range map[string]bool{"": false, "full": false, "outline": true} {
		set := flows.Settings{History: history}
		if p := set.Check(); len(p) > 0 || set.Outline() != outline {
			t.Errorf("history %q: problems %v, outline %t, want none and %t", history, p, set.Outline(), outline)
		}
	}
	if p := (flows.Settings{History: "some"}).Check(); len(p) != 1 || p[0].Field != "history" {
		t.Errorf("history some: problems %v, want one of history", p)
	}
}
