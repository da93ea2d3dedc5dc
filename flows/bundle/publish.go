package bundle

import (
	"context"
	"errors"
	"fmt"

	"flowdeck/flows"
	"flowdeck/flows/flowtest"
)

// checkPublish notes what keeps the flow from being published.
func (i *flowItem) checkPublish(x *importing) {
	_, err := flows.Compile(i.next.Draft, x.Cards)
	var wrong flows.Problems
	if errors.As(err, &wrong) {
		for _, p := range wrong {
			i.src.note(p)
		}
	}
	for _, step := range i.next.Draft.All() {
		if step.Connection != "" && !x.hasConnection(step.Connection) {
			i.src.note(flows.Problem{Step: step.ID, Field: "connection", Message: "is not on this server; import it too, or make it first"})
		}
	}
}

// checkTests refuses to publish a flow whose tests fail when it requires that they pass.
func (i *flowItem) checkTests(ctx context.Context, x *importing, f flows.Flow) error {
	if !f.Settings.RequireTests {
		return nil
	}
	program, err := flows.Compile(f.Draft, x.Cards)
	if err != nil {
		return err
	}
	tests, err := x.Store.FlowTests(ctx, f.ID)
	if err != nil {
		return err
	}
	failed := 0
	for _, kept := range tests {
		t, err := flowtest.Parse([]byte(kept.Body))
		if err != nil || !flowtest.Run(ctx, flowtest.Flow{ID: f.ID, Name: f.Name, Alias: f.Alias, Program: program}, t).Passed {
			failed++
		}
	}
	if failed == 0 {
		return nil
	}
	return Problems{{i.src.Path, flows.Problem{Message: fmt.Sprintf("is imported, but not published: %d of its %d tests fail, and this flow requires that all pass", failed, len(tests))}}}
}

// publish makes the draft the version that answers, when it is not that already.
func (i *flowItem) publish(ctx context.Context, x *importing, c *Change) error {
	f, err := x.Store.Flow(ctx, i.next.ID)
	if err != nil {
		return err
	}
	if f.Version > 0 && !f.Changed && f.On {
		return nil
	}
	if f.Version == 0 || f.Changed {
		if err := i.checkTests(ctx, x, f); err != nil {
			return err
		}
		if c.Version, err = x.Store.Publish(ctx, f.ID, f.Revision, f.Draft, "Import", x.by.Name); err != nil {
			return err
		}
	}
	return x.Store.UpdateFlow(ctx, f.ID, func(f *flows.Flow) error {
		f.On, f.UpdatedBy = true, x.by.Name
		return nil
	})
}
