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
		list.Items = append(list.Items, timeOf(t))
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
		list.Items = append(list.Items, timeOf(at.In(when.Zone())))
	}
	return list
}

// timeOf is a time of a schedule in a list.
func timeOf(at time.Time) views.CardListItem {
	return views.CardListItem{Text: at.Format("Mon 2 Jan 2006, " + clockOf(at)), Sub: at.Format("MST"), At: at.Format(time.RFC3339)}
}

// clockOf is the layout of a time of day: most schedules know no seconds.
func clockOf(at time.Time) string {
	if at.Second() != 0 {
		return "15:04:05"
	}
	return "15:04"
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
	next = next.In(when.Zone())
	day := "Mon 2 Jan"
	if next.Year() != now.In(when.Zone()).Year() {
		day += " 2006"
	}
	return upperFirst(when.String()) + " · Next: " + next.Format(day+", "+clockOf(next)+" MST")
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
