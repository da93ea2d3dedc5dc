package web

import (
	"flowdeck/flows"
	"flowdeck/views"
)

// waitKind is how a step looks that waits because the flow says so.
const waitKind = "wait"

// waits says what a step waits for, in a line.
func (d *runDrawing) waits(a flows.Attempt) string {
	if a.NextAt.IsZero() {
		return "Waiting"
	}
	return "Waiting until " + d.clock(a.NextAt)
}

// waiting says what the card waits for, while it does.
func (d *runDrawing) waiting(m *views.RunCard, a flows.Attempt) {
	if a.Status != flows.Waiting || d.run.Status.Done() {
		return
	}
	m.Note = &views.NoteModel{Kind: "info", Icon: "hourglass", Title: d.waits(a) + ".", Text: "The run goes on by itself. Nothing is kept busy meanwhile."}
}
