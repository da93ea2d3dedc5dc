package bundle

import (
	"context"
	"errors"

	"flowdeck/flows"
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
		if c.Version, err = x.Store.Publish(ctx, f.ID, f.Revision, f.Draft, "Import", x.by.Name); err != nil {
			return err
		}
	}
	return x.Store.UpdateFlow(ctx, f.ID, func(f *flows.Flow) error {
		f.On, f.UpdatedBy = true, x.by.Name
		return nil
	})
}
