package bundle

import (
	"context"
	"errors"
	"maps"
	"slices"

	"flowdeck/flows"
	"flowdeck/flows/flowtest"
)

// checkPublish notes what keeps the flows from being published.
func (x *importing) checkPublish(ctx context.Context, items []work) error {
	if !x.options.Publish {
		return nil
	}
	there, err := x.whatIsThere(ctx, items)
	if err != nil {
		return err
	}
	for n, w := range items {
		if f, isFlow := w.item.(*flowItem); isFlow {
			f.checkPublish(x, there)
		}
		x.tell(Ready, n+1, items)
	}
	return ctx.Err()
}

func (i *flowItem) checkPublish(x *importing, there *surroundings) {
	doc := i.next.Draft
	_, broken := flows.Compile(doc, x.Cards)
	var wrong flows.Problems
	errors.As(broken, &wrong)
	for _, step := range doc.All() {
		if step.Connection != "" && !x.hasConnection(step.Connection) {
			wrong = append(wrong, flows.Problem{Step: step.ID, Field: "connection", Message: "is not on this server; import it too, or make it first"})
		}
	}
	wrong = append(wrong, flows.Gone(flows.Choices(doc, x.Cards), there.names)...)
	wrong = append(wrong, flows.UnknownVariables(flows.NamedIn(doc, x.Cards), there.vars, there.secrets)...)
	wrong = append(wrong, flows.WrongColumns(doc, x.Cards, there.tables)...)
	wrong = append(wrong, flows.WrongCalls(doc, i.next.ID, there.called)...)
	for _, p := range wrong {
		i.src.note(p)
	}
}

// heldByTests tries the tests of the flows that require that they pass, those of the
// bundle instead of those that are here. It notes which flows are not to be published.
func (x *importing) heldByTests(ctx context.Context, items []work) (held Problems, err error) {
	if !x.options.Publish {
		return nil, nil
	}
	coming := map[string]map[string]string{} // texts by flow and id
	for _, w := range items {
		if t, isTest := w.item.(*testItem); isTest && !x.options.Copy {
			if coming[t.file.Flow] == nil {
				coming[t.file.Flow] = map[string]string{}
			}
			coming[t.file.Flow][t.file.ID] = t.body
		}
	}
	for _, w := range items {
		f, isFlow := w.item.(*flowItem)
		if !isFlow || !f.next.Settings.RequireTests {
			continue
		}
		why, err := f.refusal(ctx, x, coming[f.next.ID])
		if err != nil {
			return nil, err
		}
		if f.held = why != ""; f.held {
			held = append(held, Problem{f.src.Path, flows.Problem{Message: "is imported, but not published: " + why}})
		}
	}
	return held, nil
}

// refusal says why tests keep the flow from being published; "" when they do not.
func (i *flowItem) refusal(ctx context.Context, x *importing, coming map[string]string) (string, error) {
	if i.here != nil && i.here.Version > 0 && !i.here.Changed {
		if _, differs, err := x.Replacement(i.here.Draft, i.next.Draft, x.by); err != nil || !differs {
			return "", err
		}
	}
	texts := map[string]string{}
	if i.here != nil {
		tests, err := x.Store.FlowTests(ctx, i.here.ID)
		if err != nil {
			return "", err
		}
		for _, t := range tests {
			texts[t.ID] = t.Body
		}
	}
	maps.Copy(texts, coming)
	failed := 0
	for _, id := range slices.Sorted(maps.Keys(texts)) {
		if !flowtest.Try(ctx, i.next, i.next.Draft, x.Cards, texts[id]).Passed {
			failed++
		}
	}
	return flowtest.Refusal(i.next.Settings, failed), nil
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
