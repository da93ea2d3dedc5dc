package flows

import (
	"fmt"

	"flowdeck/cards"
)

// Bounds are limits of one run. A part that is 0 is not limited by them.
type Bounds struct {
	Steps  int   // cards that it goes through, all rounds counted
	Memory int64 // bytes of outputs that it holds at a time, about
}

// DefaultBounds are those of a server whose operator says nothing else.
var DefaultBounds = Bounds{Steps: 100_000, Memory: 256 << 20}

// What the settings of a run's flow are called on the screen.
const (
	StepsLabel  = "Cards in a run at most"
	MemoryLabel = "Outputs of a run at most, in MiB"
)

// Or returns b with the parts of another where it has none.
func (b Bounds) Or(other Bounds) Bounds {
	if b.Steps <= 0 {
		b.Steps = other.Steps
	}
	if b.Memory <= 0 {
		b.Memory = other.Memory
	}
	return b
}

// limits are the bounds that count for one run.
type limits struct {
	steps     int64
	memory    int64
	results   int64 // of one loop
	ownSteps  bool  // the flow says so, not the server
	ownMemory bool
}

// limits returns what counts: the flow's bounds where they are less than the server's.
func (s *Start) limits() limits {
	server := s.Server.Or(DefaultBounds)
	l := limits{steps: int64(server.Steps), memory: server.Memory, results: server.Memory / 4}
	if own := int64(s.Own.Steps); own > 0 && own < l.steps {
		l.steps, l.ownSteps = own, true
	}
	if own := s.Own.Memory; own > 0 && own < l.memory {
		l.memory, l.results, l.ownMemory = own, min(own, l.results), true
	}
	return l
}

func (l *limits) tooManySteps() error {
	return &cards.Error{Code: cards.CodeLimit, Message: fmt.Sprintf("the run went through more than %d cards, %s",
		l.steps, whose(l.ownSteps, StepsLabel, "run-steps"))}
}

func (l *limits) tooMuchHeld(step string) error {
	return &cards.Error{Code: cards.CodeLimit, Message: fmt.Sprintf("the run holds more than %d MiB of outputs, %s; those of %s are too much. Work on fewer items at a time",
		l.memory>>20, whose(l.ownMemory, MemoryLabel, "run-memory"), step)}
}

func (l *limits) tooManyResults() error {
	of := "a quarter of what this server lets a run hold (--run-memory)"
	if l.ownMemory && l.results == l.memory {
		of = whose(true, MemoryLabel, "")
	}
	return &cards.Error{Code: cards.CodeLimit, Message: fmt.Sprintf("the results of the loop are more than %d MiB, %s. Let each round result in less, or work on fewer items",
		l.results>>20, of)}
}

// whose says who set a limit, and where it can be changed.
func whose(own bool, label, flag string) string {
	if own {
		return "the limit of this flow (“" + label + "” in its settings)"
	}
	return "the limit of this server (--" + flag + ")"
}
