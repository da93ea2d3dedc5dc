package flowtest

import (
	"context"
	"fmt"

	"flowdeck/flows"
)

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
