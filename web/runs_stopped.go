package web

import (
	"strconv"

	"flowdeck/cards"
	"flowdeck/flows"
)

const stoppedState = "Stopped"

// wasStopped reports whether the end of its run ended an attempt, which is no failure of the card.
func wasStopped(a flows.Attempt) bool {
	return a.Status == flows.Cancelled || a.Status == flows.Failed && a.Error != nil && a.Error.Code == cards.CodeCancelled
}

// statusShown is the status of an attempt as people are shown it.
func statusShown(a flows.Attempt) flows.Status {
	if wasStopped(a) {
		return flows.Cancelled
	}
	return a.Status
}

// stoppedIn says how far a card came that was running others when the run ended: such a
// card is written down when they are done. It is "" of any other.
func (d *runDrawing) stoppedIn(step flows.StepInfo) string {
	if !d.run.Status.Done() {
		return ""
	}
	if l := d.loops[step.ID]; l != nil {
		if l.newest < 0 {
			return ""
		}
		return "Stopped in round " + strconv.Itoa(l.newest+1)
	}
	if d.begunIn(step) {
		return "Stopped before its cards were done"
	}
	return ""
}
