package web

import (
	"context"
	"strconv"
	"strings"
	"time"

	"flowdeck/cards"
	"flowdeck/flows"
	"flowdeck/views"
)

// card draws what one step got, gave and did.
func (d *runDrawing) card(ctx context.Context, step flows.StepInfo) (*views.RunCard, error) {
	m := &views.RunCard{Number: step.Number, Hue: string(step.Card.Family), Icon: step.Card.Icon, Name: step.Title}
	if d.flow.ID != "" {
		m.Builder = "/flows/" + d.flow.ID + "#card-" + step.ID
	}
	if step.Card.Kind == cards.Event {
		d.event(m, step)
		return m, nil
	}
	tries, err := d.s.Store.AttemptsAt(ctx, d.run.ID, step.Path)
	if err != nil {
		return nil, err
	}
	if len(tries) == 0 || tries[len(tries)-1].Status == flows.Skipped {
		why := d.why(step)
		m.Text = why
		m.Note = &views.NoteModel{Kind: "info", Icon: "minus", Title: why + ".", Text: notRunText(why)}
		return m, nil
	}
	shown := d.shown(tries)
	a := tries[shown]
	m.Text = d.timing(a, len(tries))
	d.explain(m, step, a, len(tries))
	m.Tries = d.tries(step, tries, shown)
	if d.outlined() && a.Status == flows.Succeeded {
		m.Note = outlineNote("")
	} else {
		m.Boxes = d.boxes(step, a)
	}
	m.Waiting = a.Status == flows.Running && !d.run.Status.Done()
	if err := d.waiting(ctx, m, a); err != nil {
		return nil, err
	}
	if t := a.Trace; t != nil {
		if n := len(t.Exchanges); n > 0 {
			x := t.Exchanges[n-1]
			m.Request, m.Answer = headerRows(x.RequestHeaders), headerRows(x.ResponseHeaders)
			m.Headers = count(len(m.Request)+len(m.Answer), "header", "headers")
		}
		m.Bars = wireBars(t)
	}
	if a.Trace != nil {
		account := d.account(ctx, step.ID)
		m.Calls, m.HAR = d.calls(step, a, account)
		if m.Compare, err = d.compare(ctx, step, a, account); err != nil {
			return nil, err
		}
	}
	m.Log = d.log(step, tries)
	if m.Odd, err = d.odd(ctx, step); err != nil {
		return nil, err
	}
	m.Same, err = d.same(ctx, step)
	return m, err
}

// shown is the attempt that the address asks for, else the last.
func (d *runDrawing) shown(tries []flows.Attempt) int {
	if n, err := strconv.Atoi(d.h.try); err == nil {
		for i, a := range tries {
			if a.Number == n {
				return i
			}
		}
	}
	return len(tries) - 1
}

// event draws the trigger: what the run began with.
func (d *runDrawing) event(m *views.RunCard, step flows.StepInfo) {
	m.Text = "Started " + d.clock(d.run.Created) + " · " + d.cause()
	m.Boxes = []views.RunBox{d.box(step, eventBox(d.run), 0)}
	if d.outlined() {
		m.Note, m.Boxes = outlineNote(""), nil
	}
}

func notRunText(why string) string {
	switch why {
	case "Branch not taken":
		return "The card that it stands in went another way."
	case "Switched off":
		return "The card is switched off in the flow."
	case upNext:
		return "The run has not come here yet."
	}
	return "The run ended before it."
}

func (d *runDrawing) timing(a flows.Attempt, tries int) string {
	text := "Started " + d.exactly(a.Started)
	switch {
	case a.Status == flows.Running && !d.run.Status.Done():
		text += " · " + took(max(d.now.Sub(a.Started), 0)) + " so far"
	case !a.Finished.IsZero():
		text += " · " + took(a.Finished.Sub(a.Started))
	}
	return text + " · " + count(tries, "attempt", "attempts")
}

// exactly is a time with its milliseconds.
func (d *runDrawing) exactly(t time.Time) string {
	return d.clock(t) + t.In(d.now.Location()).Format(".000")
}

func (d *runDrawing) tries(step flows.StepInfo, tries []flows.Attempt, shown int) []views.RunTry {
	var list []views.RunTry
	for i, a := range tries {
		t := views.RunTry{Label: "Attempt " + strconv.Itoa(a.Number), Kind: stepKind(a.Status), Current: i == shown,
			Href: d.stepURL(step.Path, "try", strconv.Itoa(a.Number))}
		if a.Error != nil {
			t.Text = strings.TrimPrefix(a.Error.Code, "http_")
		} else if status, ok := a.Output["status_code"]; ok {
			t.Text = literal(status)
		} else if a.Trace != nil && len(a.Trace.Exchanges) > 0 {
			t.Text = strconv.Itoa(a.Trace.Exchanges[len(a.Trace.Exchanges)-1].Status)
		}
		list = append(list, t)
	}
	return list
}

// same says how often the step failed the same way.
func (d *runDrawing) same(ctx context.Context, step flows.StepInfo) (*views.RunSame, error) {
	if d.run.Error == nil || d.run.ErrorPath != step.Path {
		return nil, nil
	}
	n, err := d.s.Store.SameErrors(ctx, d.run.FlowID, step.ID, d.run.Error.Code, d.now.Add(-24*time.Hour))
	if err != nil || n < 2 {
		return nil, err
	}
	h := history{flowID: d.run.FlowID, state: "failed", query: d.run.Error.Code}
	return &views.RunSame{Count: strings.Replace(capped(n), "+", " or more", 1) + " runs",
		Text: "All in “" + step.Title + "” with " + d.run.Error.Code + ".", Href: h.at(h.list())}, nil
}
