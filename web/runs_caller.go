package web

import (
	"context"
	"strconv"
	"strings"

	"flowdeck/flows"
)

// findAnswer looks when the flow answered. The round in which it did may be another
// than the one that is shown.
func (d *runDrawing) findAnswer(ctx context.Context) error {
	if d.run.Response == nil || d.run.Trigger != endpointCard {
		return nil
	}
	at := func(list []flows.Attempt) (found bool) {
		for _, a := range list {
			if a.Path == d.run.ResponsePath {
				d.answered, found = a.Finished, true
			}
		}
		return found
	}
	for _, list := range d.attempts {
		if at(list) {
			return nil
		}
	}
	list, err := d.s.Store.AttemptsAt(ctx, d.run.ID, d.run.ResponsePath)
	at(list)
	return err
}

// callerGot is the status that the caller of the endpoint was answered with, as far as
// that can be known: how long callers wait is read from the settings of now.
func (d *runDrawing) callerGot() string {
	run, later := d.run, d.acceptance()
	if d.isAgain() {
		if run.Response != nil {
			return strconv.Itoa(run.Response.Status) + ", sent to nobody: it is a re-run"
		}
		return "nothing: it is a re-run"
	}
	switch {
	case later != "" && run.Response != nil:
		return later + "; later the flow answered " + strconv.Itoa(run.Response.Status)
	case later != "" && !run.Status.Done():
		return later + "; the run goes on"
	case later != "":
		return later
	case run.Response != nil:
		return strconv.Itoa(run.Response.Status)
	case !run.Status.Done():
		return "nothing yet"
	case run.Status == flows.Succeeded:
		return "200"
	}
	return strconv.Itoa(failedRun(run.ID, &flows.Outcome{Status: run.Status, Error: run.Error}).Status)
}

// replied is what became of the answer of the flow, in the words of the card that gave it.
func (d *runDrawing) replied() string {
	words := statusWords(strconv.Itoa(d.run.Response.Status))
	switch {
	case d.isAgain():
		return "Answered " + words + ", to nobody: it is a re-run"
	case d.run.Trigger == endpointCard && d.acceptance() != "":
		return "Answered " + words + "; the caller had a 202 before"
	}
	return "Sent " + words
}

// isAgain reports whether nobody called for the run: a person had it run again.
func (d *runDrawing) isAgain() bool {
	return strings.HasSuffix(d.run.Source, " (re-run)") || d.run.RerunOf != ""
}

// acceptance is the 202 of a caller that did not wait for what the flow says; "" when it did.
func (d *runDrawing) acceptance() string {
	run, ep := d.run, withSettings(d.flow.Settings)
	if run.Version == 0 {
		return "" // a draft: whoever tried it called no endpoint
	}
	var prefer []string
	if headers, ok := run.Event["headers"].(map[string]any); ok {
		if said, ok := headers["prefer"].(string); ok {
			prefer = []string{said}
		}
	}
	m, until := ep.asks(prefer), d.now
	switch {
	case !d.answered.IsZero():
		until = d.answered
	case run.Status.Done():
		until = run.Finished
	}
	switch waits := ep.patience(m); {
	case m.atOnce():
		return "202 at once"
	case until.Sub(run.Created) > waits:
		return "202 after " + durationText(waits)
	}
	return ""
}
