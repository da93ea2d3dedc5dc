package flows

import (
	"flowdeck/cards/schema"
)

// Names of the triggers of flows that can be called, and of the card that gives back.
const (
	cardHelper = "event.helper"
	cardManual = "event.manual"
	cardReturn = "control.return"
)

// Terms is what a flow asks of those who call it, and what it gives them.
type Terms struct {
	Callable bool // its trigger is one that can be called
	Inputs   schema.Form
	Returns  []schema.Field
}

// TermsOf reads a document's terms. What it returns is what its Helper card
// declares, else what its Return cards give.
func TermsOf(doc Document) Terms {
	trigger := doc.Trigger
	s := Terms{Callable: trigger.Card == cardHelper || trigger.Card == cardManual}
	list, _ := trigger.Inputs["inputs"].([]any)
	s.Inputs, _ = schema.Declared(list)
	returns, _ := trigger.Inputs["returns"].([]any)
	declared, _ := schema.Declared(untyped(returns))
	if s.Returns = declared.Fields; len(s.Returns) > 0 {
		return s
	}
	eachStep(&doc, func(step *Step) {
		if values, ok := step.Inputs["values"].(map[string]any); ok && step.Card == cardReturn && !step.Off {
			for _, name := range step.Keys("values") {
				s.Returns = add(s.Returns, guess(name, values[name]))
			}
		}
	})
	return s
}

// untyped has outputs without a type be of any: inputs without one are text.
func untyped(list []any) []any {
	out := make([]any, len(list))
	for i, x := range list {
		m, ok := x.(map[string]any)
		if typ, _ := m["type"].(string); ok && typ == "" {
			m = map[string]any{"name": m["name"], "help": m["help"], "type": string(schema.Any)}
			x = m
		}
		out[i] = x
	}
	return out
}

// WithReturns adds to what steps offer what the flows that they call return, by flow.
func WithReturns(offers map[string][]OutputInfo, doc Document, known map[string]Terms) {
	for id, flow := range Calls(doc) {
		step, ok := doc.Step(id)
		if !ok || step.Card != cardCall {
			continue
		}
		for _, f := range known[flow].Returns {
			if _, taken := outputAt(offers[id], f.Name); !taken {
				offers[id] = append(offers[id], OutputInfo{Path: f.Name, Label: f.Label, Type: f.Type, Help: f.Help})
			}
		}
	}
}

func outputAt(list []OutputInfo, path string) (OutputInfo, bool) {
	for _, o := range list {
		if o.Path == path {
			return o, true
		}
	}
	return OutputInfo{}, false
}
