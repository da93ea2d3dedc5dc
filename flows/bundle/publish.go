package bundle

import (
	"context"
	"errors"

	"flowdeck/flows"
	"flowdeck/flows/flowtest"
)

// checkPublish notes what keeps the flow from being published.
func (i *flowItem) checkPublish(ctx context.Context, x *importing) error {
	_, broken := flows.Compile(i.next.Draft, x.Cards)
	var wrong flows.Problems
	if errors.As(broken, &wrong) {
		for _, p := range wrong {
			i.src.note(p)
		}
	}
	for _, step := range i.next.Draft.All() {
		if step.Connection != "" && !x.hasConnection(step.Connection) {
			i.src.note(flows.Problem{Step: step.ID, Field: "connection", Message: "is not on this server; import it too, or make it first"})
		}
	}
	lacking, err := x.lacking(ctx, i.next.Draft)
	for _, p := range lacking {
		i.src.note(p)
	}
	return err
}

// checkTests refuses to publish a flow whose tests fail when it requires that they pass.
func (i *flowItem) checkTests(ctx context.Context, x *importing, f flows.Flow) error {
	if !f.Settings.RequireTests {
		return nil
	}
	tests, err := x.Store.FlowTests(ctx, f.ID)
	if err != nil {
		return err
	}
	failed := 0
	for _, kept := range tests {
		if !flowtest.Try(ctx, f, f.Draft, x.Cards, kept.Body).Passed {
			failed++
		}
	}
	if why := flowtest.Refusal(f.Settings, failed); why != "" {
		return Problems{{i.src.Path, flows.Problem{Message: "is imported, but not published: " + why}}}
	}
	return nil
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
