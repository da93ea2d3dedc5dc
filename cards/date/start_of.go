package date

import (
	"time"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type unitInput struct {
	Date moment `json:"date" form:"required" help:"The date to look at."`
	Unit string `json:"unit" form:"required" default:"days" options:"seconds=second|minutes=minute|hours=hour|days=day|weeks=week|months=month|quarters=quarter|years=year" help:"Of what."`
	Week string `json:"week" label:"Weeks begin on" default:"monday" when:"unit=weeks" options:"monday=Monday|sunday=Sunday|saturday=Saturday" form:"fixed" help:"The first day of a week."`
	Zone string `json:"zone" label:"Time zone" placeholder:"Europe/Berlin" help:"Whose clock and calendar count. The date's own offset when left blank."`
}

var weekdays = map[string]time.Weekday{"sunday": time.Sunday, "monday": time.Monday, "tuesday": time.Tuesday, "wednesday": time.Wednesday,
	"thursday": time.Thursday, "friday": time.Friday, "saturday": time.Saturday}

// StartOf finds when a day, week or month began.
var StartOf = declare(cards.Spec{
	Name:     "date.start_of",
	Title:    "Start of",
	Icon:     "move-left",
	Summary:  "Finds when the day, week, month or year of a date began.",
	Doc:      "Puts out the first moment of the unit in which the date is.\n\n- A day begins at midnight, or when the clock is put forward over it.\n" + zoneRule,
	Keywords: []string{"date", "time", "beginning", "midnight", "first day", "week", "month", "truncate", "floor"},
	Examples: []cards.Example{{
		Title: "Midnight in Berlin",
		In:    schema.Values{"date": "2026-03-01T23:30:00Z", "unit": "days", "zone": "Europe/Berlin"},
		Out:   schema.Values{"date": "2026-03-02T00:00:00+01:00"},
	}, {
		Title: "The week that begins on Sunday",
		In:    schema.Values{"date": "2026-03-04T10:00:00Z", "unit": "weeks", "week": "sunday"},
		Out:   schema.Values{"date": "2026-03-01T00:00:00Z"},
	}, {
		Title: "The quarter",
		In:    schema.Values{"date": "2026-05-31", "unit": "quarters"},
		Out:   schema.Values{"date": "2026-04-01T00:00:00Z"},
	}, {
		Title: "No such unit",
		In:    schema.Values{"date": "2026-05-31", "unit": "decades"},
		Err:   cards.CodeInvalidInput,
	}},
}, func(_ cards.Env, in unitInput) (output, error) {
	zone, err := zoneOf("zone", in.Zone)
	if err != nil {
		return output{}, err
	}
	return put(floor(in.Date.in(zone), in.Unit, weekdays[in.Week]))
})
