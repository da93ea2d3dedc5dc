package web

import (
	"context"
	"fmt"

	"flowdeck/flows"
	"flowdeck/flows/shape"
)

const (
	oddSize  = 1 << 20 // bytes of an output that is compared
	oddSteps = 200     // outputs of a run that are compared
)

// odd says which values that the step referred to were not as earlier answers
// had them: the likely cause when a card fails that did not change.
func (d *runDrawing) odd(ctx context.Context, step flows.StepInfo) ([]string, error) {
	if d.program == nil || d.flow.ID == "" {
		return nil, nil
	}
	if d.outlined() {
		return nil, nil
	}
	refs := d.program.References(step.ID)
	if len(refs) == 0 {
		return nil, nil
	}
	shapes, err := d.s.Store.Shapes(ctx, d.flow.ID)
	if err != nil || len(shapes) == 0 {
		return nil, err
	}
	outputs, err := d.s.Store.RunOutputs(ctx, d.run.ID, oddSize, oddSteps)
	if err != nil {
		return nil, err
	}
	doc := d.program.Document()
	outputs[doc.Trigger.ID] = d.run.Event
	var list []string
	told := map[string]bool{}
	for _, ref := range refs {
		from, ok := d.stepInfo(ref.Step)
		known, answer := shapes[ref.Step], outputs[ref.Step]
		if !ok || known == nil || answer == nil || told[ref.String()] {
			continue
		}
		told[ref.String()] = true
		if asked, there := doc.Step(ref.Step); !there || flows.Asks(asked, from.Card) != known.Asks {
			continue
		}
		if o, odd := known.Against(answer, ref.PathString()); odd {
			list = append(list, oddWords(o, ref.PathString(), from.Title))
		}
	}
	return list, nil
}

func (d *runDrawing) stepInfo(id string) (flows.StepInfo, bool) {
	for _, s := range d.steps {
		if s.ID == id {
			return s, true
		}
	}
	return flows.StepInfo{}, false
}

func oddWords(o shape.Oddity, path, from string) string {
	usual := fmt.Sprintf("%d of %s", o.Having, count(int(o.Answers), "answer", "answers"))
	switch {
	case o.Missing:
		return fmt.Sprintf("%s gave no %s; in %s it is %s.", from, path, usual, some(o.Usual))
	case o.Usual == shape.Null:
		return fmt.Sprintf("%s of %s was %s; in %s it is empty.", upperFirst(path), from, some(o.Is), usual)
	}
	return fmt.Sprintf("%s of %s was %s; in %s it is %s.", upperFirst(path), from, some(o.Is), usual, some(o.Usual))
}
