package flowtest

import (
	"context"
	"fmt"

	"flowdeck/cards"
	"flowdeck/cards/schema"
	"flowdeck/flows"
)

// recordNamed keeps the values of the variables that the flow mentions, and returns the
// steps that mention a secret: no test knows it, so what they made of it is kept.
func (t *Test) recordNamed(x Recorded, reg *cards.Registry) (withSecret map[string]bool) {
	withSecret = map[string]bool{}
	for _, n := range flows.NamedIn(x.Document, reg) {
		if n.Secret {
			withSecret[n.Step] = true
			continue
		}
		if v, there := x.Vars[n.Name]; there {
			if t.Vars == nil {
				t.Vars = schema.Values{}
			}
			t.Vars[n.Name] = v
		}
	}
	return withSecret
}

// lackingVars are the variables that the flow mentions and the test has no value of.
func (t Test) lackingVars(p *flows.Program) (list []Failure) {
	for _, name := range p.Vars() {
		if _, there := t.Vars[name]; !there {
			list = append(list, Failure{Kind: "run", Text: fmt.Sprintf("The flow mentions the variable %s, which this test has no value of; add it to the variables of the test, or save the test again", name)})
		}
	}
	return list
}

// fakeSecret stands for a secret: the real one is nothing that a test may see.
func fakeSecret(_ context.Context, name string) (string, error) { return "secret-" + name, nil }
