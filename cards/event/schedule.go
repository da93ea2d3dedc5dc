package event

import (
	"time"

	"flowdeck/cards"
	"flowdeck/cards/schema"
	"flowdeck/flows/schedule"
)

type scheduleOutput struct {
	Scheduled time.Time `json:"scheduled" help:"The time that the run is for, as the schedule says it; good for naming what belongs to it."`
	Started   time.Time `json:"started" help:"When it really began."`
	Zone      string    `json:"zone" label:"Time zone" help:"The schedule's time zone."`
	Number    int       `json:"number" help:"1 for the first run that the schedule began, then 2 and so on; 0 when it was run by hand."`
}

// Schedule begins a flow at its times.
var Schedule = cards.NewEvent[schedule.Rule, scheduleOutput](cards.Spec{
	Name:     schedule.Card,
	Title:    "Schedule",
	Category: category,
	Family:   cards.FamilyEvent,
	Icon:     "calendar-clock",
	Summary:  "Runs by itself, at times that you choose.",
	Doc: "Begins the flow every few minutes or hours, on days, or by a cron expression. It counts from the moment the flow is published and on.\n\n" +
		"- Times are those of the time zone. A time that clocks skip in spring is due when they skip it; one that they show twice in autumn is due once.\n" +
		"- Each time begins one run, also when several servers work on one database.\n" +
		"- **Missed times** are those that passed while no server ran. What passed while the flow was off was not missed.\n" +
		"- The Run button runs it now, beside its times.",
	Keywords: []string{"schedule", "cron", "timer", "daily", "hourly", "weekly", "monthly", "interval", "every", "clock", "trigger", "start", "recurring"},
	Check:    schedule.Check,
	Examples: []cards.Example{{
		Title: "Every working day at half past eight",
		In:    schema.Values{"every": "weeks", "days": "mon tue wed thu fri", "at": "08:30", "zone": "Europe/Berlin"},
		Out:   schema.Values{"scheduled": "2026-03-02T08:30:00+01:00", "started": "2026-03-02T08:30:00.004+01:00", "zone": "Europe/Berlin", "number": 12},
	}, {
		Title: "By a cron expression",
		In:    schema.Values{"every": "cron", "cron": "0 6 1 * *"},
		Out:   schema.Values{"scheduled": "2026-03-01T06:00:00Z", "started": "2026-03-01T06:00:00.002Z", "zone": "UTC", "number": 3},
	}, {
		Title: "A count must be a number",
		In:    schema.Values{"every": "minutes", "count": "often"},
		Err:   cards.CodeInvalidInput,
	}},
})
