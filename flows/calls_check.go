package flows

import (
	"strings"

	"flowdeck/cards/schema"
)

// WrongCalls says which steps call a flow that cannot be called, or not like this. Called
// gives the flow that a step calls and its terms; steps for which there is none are left
// alone. Self is the id of the flow itself, which may call itself before it is published.
func WrongCalls(doc Document, self string, called func(Step) (Callee, Terms, bool)) Problems {
	var problems Problems
	for _, step := range doc.All() {
		c, terms, ok := called(step)
		if !ok || step.Off {
			continue
		}
		if why := uncallable(c, terms, self); why != "" {
			problems = append(problems, Problem{Step: step.ID, Field: flowField, Message: why})
			continue
		}
		for _, p := range terms.Inputs.Check(knownOf(step.Inputs["with"])) {
			message := p.Message
			if _, asked := terms.Inputs.Field(p.Field); !asked && !strings.Contains(p.Field, ".") {
				message = "is no input of " + c.Name + " any more; empty it"
			}
			problems = append(problems, Problem{Step: step.ID, Field: "with." + p.Field, Message: message})
		}
	}
	return problems
}

// uncallable says why a flow cannot be called; "" when it can.
func uncallable(c Callee, terms Terms, self string) string {
	switch {
	case !terms.Callable:
		return c.Name + " cannot be called: only flows that begin with Helper or Manual can"
	case c.Version == 0 && c.FlowID != self:
		return c.Name + " has never been published; publish it before this flow"
	case c.Version > 0 && !c.On && c.FlowID != self:
		return c.Name + " is switched off; switch it on, or calls of it fail"
	}
	return ""
}

// knownOf is what can be said of values before a run: what a template gives comes later.
func knownOf(v any) schema.Values {
	given, _ := v.(map[string]any)
	known := make(schema.Values, len(given))
	for name, x := range given {
		switch text, isText := x.(string); {
		case isText && strings.Contains(text, "{{"):
			known[name] = schema.Later
		case isText && text == "":
		default:
			known[name] = x
		}
	}
	return known
}
