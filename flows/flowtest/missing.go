package flowtest

import (
	"slices"

	"flowdeck/flows"
)

// notRecorded are the steps that the recording does not have, each once, also when the
// flow caught their errors.
func (j *journal) notRecorded() (list []Failure) {
	j.mu.Lock()
	defer j.mu.Unlock()
	told := map[string]bool{}
	for _, a := range j.attempts {
		if why := lacking(a); why != "" && !told[a.StepID] {
			told[a.StepID] = true
			list = append(list, Failure{Kind: "run", Text: a.StepID + ": " + why})
		}
	}
	return list
}

// lacking says what the recording has not of a step; "" when it lacks nothing.
func lacking(a flows.Attempt) string {
	e := a.Error
	switch {
	case e != nil && (e.Code == codeNoTable || e.Code == codeNoCall):
		return e.Message
	case a.Status != flows.Succeeded || a.Given != "":
	case slices.Contains(waits, a.Card):
		return "what this card waits for does not come in a test, and the recording has no output of it here; save the test again"
	case slices.Contains(random, a.Card):
		return "this card gives something else every time, and the recording has no output of it here; save the test again"
	}
	return ""
}
