package web

import (
	"context"

	"flowdeck/flows"
	"flowdeck/flows/store"
	"flowdeck/views"
)

// waitKind is how a step looks that waits because the flow says so.
const waitKind = "wait"

// waits says what a step waits for, in a line.
func (d *runDrawing) waits(a flows.Attempt) string {
	what := "Waiting"
	if _, calls := a.Output["run_id"].(string); calls {
		what = "Waiting for " + literal(a.Output["flow"])
	} else if a.Card == callbackCard {
		what = "Waiting for an answer"
	}
	if a.NextAt.IsZero() {
		return what
	}
	return what + " until " + d.clock(a.NextAt)
}

// callbackCard is the card that waits for an answer by a link.
const callbackCard = "control.wait_callback"

// waiting says what the card waits for, while it does, with the link by which it is
// answered and the runs that it began.
func (d *runDrawing) waiting(ctx context.Context, m *views.RunCard, a flows.Attempt) error {
	children, err := d.s.Store.Children(ctx, d.run.ID, a.Path)
	if err != nil {
		return err
	}
	for _, c := range children {
		m.Began = append(m.Began, began(c))
	}
	if a.Status != flows.Waiting || d.run.Status.Done() {
		return nil
	}
	m.Note = &views.NoteModel{Kind: "info", Icon: "hourglass", Title: d.waits(a) + ".", Text: "The run goes on by itself. Nothing is kept busy meanwhile."}
	if a.Card != callbackCard || d.s.Link == nil {
		return nil
	}
	url, hash := d.s.Link(d.run.ID, a.Path)
	cb, err := d.s.Store.Callback(ctx, hash)
	if notFound(err) { // the master key has changed since; the link that was sent works all the same
		return nil
	}
	if err != nil || !cb.Open(d.now) {
		return err
	}
	m.Note.Text = "The run goes on when somebody answers by this link. It works once, for whoever has it."
	m.Ask = &views.RunAsk{URL: url, Page: cb.Page != nil}
	return nil
}

// began is a run that a card began, as a line with a link.
func began(c store.Child) views.RunBegan {
	kind, word := childKind(c.Status)
	name := c.FlowName
	if name == "" {
		name = "A deleted flow"
	}
	return views.RunBegan{Href: "/runs/" + c.ID, Name: name, Kind: kind, Text: join(word, c.ErrorCode), Icon: views.StepIcon(kind)}
}

// childKind is how the state of another run looks, and what it is called.
func childKind(s flows.Status) (kind, word string) {
	switch s {
	case flows.Succeeded:
		return "ok", "Done"
	case flows.Failed:
		return "err", "Failed"
	case flows.Cancelled:
		return "off", "Stopped"
	case flows.Waiting, flows.Queued:
		return waitKind, "Waiting"
	}
	return "run", "Running"
}
