package enginetest

import (
	"testing"

	"flowdeck/flows"
)

func testBranches(t *testing.T, b Backend) {
	for _, c := range []struct {
		name, is, asked, not string
	}{
		{"then", "orders", "GET /ok/then", "GET /ok/else"},
		{"else", "invoices", "GET /ok/else", "GET /ok/then"},
	} {
		t.Run("if takes "+c.name, func(t *testing.T) {
			x := newBench(t, b)
			x.begin()
			id := x.start(
				choose("choice", c.is, []flows.Step{get("a", x.world.URL+"/ok/then")}, []flows.Step{get("b", x.world.URL+"/ok/else")}),
				get("after", x.world.URL+"/ok/after"))
			if run := x.ended(id); run.Status != flows.Succeeded {
				t.Fatalf("run ended %s, %v", run.Status, run.Error)
			}
			if x.world.Asked(c.asked) != 1 || x.world.Asked(c.not) != 0 || x.world.Asked("GET /ok/after") != 1 {
				t.Errorf("%s asked %d times, %s %d times, after %d times; want 1, 0, 1",
					c.asked, x.world.Asked(c.asked), c.not, x.world.Asked(c.not), x.world.Asked("GET /ok/after"))
			}
			status := map[string]flows.Status{}
			for _, a := range x.attempts(id) {
				status[a.StepID] = a.Status
			}
			taken, left := "a", "b"
			if c.name == "else" {
				taken, left = "b", "a"
			}
			if status[taken] != flows.Succeeded || status[left] == flows.Succeeded || status["choice"] != flows.Succeeded {
				t.Errorf("history says choice %s, %s %s, %s %s", status["choice"], taken, status[taken], left, status[left])
			}
		})
	}
}
