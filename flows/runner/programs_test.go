package runner_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"flowdeck/cards"
	"flowdeck/cards/event"
	"flowdeck/flows"
	"flowdeck/flows/runner"
)

func TestProgramsAreCompiledOnceAndTheOldestIsForgotten(t *testing.T) {
	var loads atomic.Int64
	programs := runner.NewPrograms(2, cards.NewRegistry(event.Manual), func(context.Context, string) (flows.Document, error) {
		loads.Add(1)
		return flows.Document{Format: flows.Format, Trigger: flows.Step{ID: "start", Card: "event.manual"}}, nil
	})
	get := func(id string) *flows.Program {
		t.Helper()
		p, err := programs.Program(t.Context(), id)
		if err != nil {
			t.Fatalf("Program(%s): %v", id, err)
		}
		return p
	}
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() { get("a") })
	}
	all.Wait()
	if n := loads.Load(); n != 1 {
		t.Errorf("twenty at once loaded the document %d times, want once", n)
	}
	a := get("a")
	get("b")
	get("a") // so b is now the one used longest ago
	get("c")
	if n := loads.Load(); n != 3 || get("a") != a || loads.Load() != 3 {
		t.Errorf("a, b, a, c, a loaded %d documents, want 3", loads.Load())
	}
	if get("b"); loads.Load() != 4 {
		t.Errorf("b was not forgotten: %d loads, want 4", loads.Load())
	}
}

func TestAProgramThatCannotBeHadIsAskedForAgain(t *testing.T) {
	answers := []error{fmt.Errorf("read: %w", flows.ErrNotFound), nil}
	programs := runner.NewPrograms(2, cards.NewRegistry(event.Manual), func(context.Context, string) (flows.Document, error) {
		err := answers[0]
		answers = answers[1:]
		return flows.Document{Format: flows.Format, Trigger: flows.Step{ID: "start", Card: "event.manual"}}, err
	})
	if _, err := programs.Program(t.Context(), "a"); !errors.Is(err, flows.ErrNotFound) {
		t.Errorf("first Program = %v, want ErrNotFound", err)
	}
	if p, err := programs.Program(t.Context(), "a"); err != nil || p == nil {
		t.Errorf("second Program = %v, %v; want a program", p, err)
	}
}

func TestADocumentWithProblemsIsNoProgram(t *testing.T) {
	programs := runner.NewPrograms(2, cards.NewRegistry(event.Manual), func(context.Context, string) (flows.Document, error) {
		return flows.Document{Format: flows.Format, Trigger: flows.Step{ID: "start", Card: "no.such"}}, nil
	})
	var problems flows.Problems
	if _, err := programs.Program(t.Context(), "a"); !errors.As(err, &problems) {
		t.Errorf("Program = %v, want problems", err)
	}
}
