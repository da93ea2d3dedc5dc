package web

import (
	"time"

	"flowdeck/cards/schema"
	"flowdeck/flows"
	"flowdeck/flows/schedule"
	"flowdeck/flows/store"
	"flowdeck/views"
)

// timesShown is how many of a schedule's next times its card shows.
const timesShown = 5

// nextTimes shows when the schedule on the canvas is due next.
func (d *drawing) nextTimes(x drawn) []views.CardList {
	when, err := schedule.Read(x.step.Inputs)
	if err != nil {
		return nil // the fields say why
	}
	list := views.CardList{Title: "Next times", Aux: when.Zone().String()}
	t := d.server.Now()
	for range timesShown {
		if t = when.Next(t); t.IsZero() {
			break
		}
		list.Items = append(list.Items, views.CardListItem{Text: t.Format("Mon 2 Jan 2006, 15:04"), Sub: t.Format("MST"), At: t.Format(time.RFC3339)})
	}
	switch {
	case !d.flow.On && d.flow.Version > 0:
		list.Hint = "It is paused: nothing runs by itself until it is on again."
	case d.flow.Version == 0:
		list.Hint = "Nothing starts it yet: it counts once it is published and on."
	case d.flow.Changed:
		list.Hint = "Of the draft: what is live counts until this is published."
	}
	lists := []views.CardList{list}
	if skipped := d.skippedTimes(when); len(skipped.Items) > 0 {
		lists = append(lists, skipped)
	}
	return lists
}

// skippedTimes shows the times that had no run because the one before was still going.
func (d *drawing) skippedTimes(when *schedule.Schedule) views.CardList {
	list := views.CardList{Title: "Skipped times", Hint: "The run before was still going. Remembered for a week."}
	for _, at := range d.skipped {
		at = at.In(when.Zone())
		list.Items = append(list.Items, views.CardListItem{Text: at.Format("Mon 2 Jan 2006, 15:04"), Sub: at.Format("MST"), At: at.Format(time.RFC3339)})
	}
	return list
}

// nextRun says how often a flow with a schedule runs, and when next.
func nextRun(r store.FlowRow, now time.Time) string {
	switch {
	case !r.On && r.Version > 0:
		return "Paused: not before it is on again"
	case !r.On || r.Version == 0 || r.Rule == nil:
		return "Not before it is published and on"
	}
	when, err := schedule.Read(r.Rule)
	if err != nil {
		return "Its schedule cannot be read"
	}
	next := r.Due
	if next.IsZero() || next.Before(now) {
		next = when.Next(now)
	}
	if next.IsZero() {
		return upperFirst(when.String()) + " · Never again"
	}
	return upperFirst(when.String()) + " · Next: " + next.In(when.Zone()).Format("Mon 2 Jan, 15:04 MST")
}

// scheduleByHand is what a flow with a schedule is given when somebody runs it now.
func scheduleByHand(step flows.Step, now time.Time) (schema.Values, schema.Problems) {
	when, err := schedule.Read(step.Inputs)
	if err != nil {
		problems, _ := err.(schema.Problems)
		return nil, problems
	}
	return schedule.Event(when.Zone(), now, now, 0), nil
}
