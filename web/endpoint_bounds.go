package web

import (
	"fmt"
	"strconv"

	"flowdeck/cards/schema"
	"flowdeck/flows"
	"flowdeck/views"
)

// bounds are what the server lets one run do.
func (s *Server) bounds() flows.Bounds { return s.Config.Bounds.Or(flows.DefaultBounds) }

// boundFields are the limits of a run: the server's is the most that a flow can have, and
// what it has when nothing is said.
func (s *Server) boundFields(field func(name, label, value, hint string) views.FieldModel, form endpointForm) (steps, memory views.FieldModel) {
	most := s.bounds()
	steps = field("steps", flows.StepsLabel, form.steps,
		fmt.Sprintf("All rounds of loops counted. Empty: %s, which is this server's limit.", thousands(int64(most.Steps))))
	memory = field("memory", flows.MemoryLabel, form.memory,
		fmt.Sprintf("What its cards give, as long as it is needed. Empty: %d, which is this server's limit.", most.Memory>>20))
	steps.Placeholder, memory.Placeholder = strconv.Itoa(most.Steps), strconv.FormatInt(most.Memory>>20, 10)
	return steps, memory
}

// overBounds says which limits that a flow is to have are more than the server lets a run
// do. One that it had before may stay: the server counts to its own then.
func (s *Server) overBounds(had, set flows.Settings) (p schema.Problems) {
	most := s.bounds()
	if set.RunSteps != had.RunSteps && set.RunSteps > most.Steps {
		p = append(p, schema.Problem{Field: "run_steps", Message: fmt.Sprintf("must be at most %d, which is this server's limit (--run-steps)", most.Steps)})
	}
	if set.RunMemoryMB != had.RunMemoryMB && int64(set.RunMemoryMB) > most.Memory>>20 {
		p = append(p, schema.Problem{Field: "run_memory_mb", Message: fmt.Sprintf("must be at most %d, which is this server's limit (--run-memory)", most.Memory>>20)})
	}
	return p
}
