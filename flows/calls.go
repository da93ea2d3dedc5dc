package flows

import "strings"

// cardCall is what the names of the cards that call flows begin with.
const cardCall = "control.call"

// flowField is the input that says which flow.
const flowField = "flow"

// IsCall reports whether a step calls another flow.
func IsCall(s Step) bool {
	return s.Card == cardCall || strings.HasPrefix(s.Card, cardCall+"_")
}

// CalledFlow is the id of the flow that a step calls, "" when it calls none or when
// that is known only when the flow runs.
func CalledFlow(s Step) string {
	id, _ := s.Inputs[flowField].(string)
	if !IsCall(s) || strings.Contains(id, "{{") {
		return ""
	}
	return id
}

// Calls returns which flow each calling step of a document calls, by the step's id.
func Calls(doc Document) map[string]string {
	calls := map[string]string{}
	eachStep(&doc, func(s *Step) {
		if id := CalledFlow(*s); id != "" {
			calls[s.ID] = id
		}
	})
	return calls
}
