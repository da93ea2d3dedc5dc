package date

import (
	"time"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type constructInput struct {
	Year   int    `json:"year" form:"required" min:"1" max:"9999" help:"The year."`
	Month  int    `json:"month" default:"1" min:"1" max:"12" help:"The month."`
	Day    int    `json:"day" default:"1" min:"1" max:"31" help:"The day of the month."`
	Hour   int    `json:"hour" default:"0" min:"0" max:"23" help:"The hour."`
	Minute int    `json:"minute" default:"0" min:"0" max:"59" help:"The minute."`
	Second int    `json:"second" default:"0" min:"0" max:"59" help:"The second."`
	Zone   string `json:"zone" label:"Time zone" placeholder:"Europe/Berlin" help:"Whose clock shows that. UTC when left blank."`
}

// Construct puts a date together.
var Construct = declare(cards.Spec{
	Name:     "date.construct",
	Title:    "Construct Date",
	Summary:  "Puts a date together from year, month, day and time.",
	Doc:      "Puts out the date that the clock of the time zone shows then.\n\n- A day that the month does not have is refused.\n- A time that the clock skips in spring is moved forward by what is skipped; of a time that comes twice in autumn the first counts.",
	Keywords: []string{"date", "time", "build", "make", "year", "month", "day"},
	Examples: []cards.Example{{
		Title: "A day at nine",
		In:    schema.Values{"year": 2026, "month": 3, "day": 1, "hour": 9, "zone": "Europe/Berlin"},
		Out:   schema.Values{"date": "2026-03-01T09:00:00+01:00"},
	}, {
		Title: "A time that comes twice",
		In:    schema.Values{"year": 2026, "month": 10, "day": 25, "hour": 2, "minute": 30, "zone": "Europe/Berlin"},
		Out:   schema.Values{"date": "2026-10-25T02:30:00+02:00"},
	}, {
		Title: "There is no such day",
		In:    schema.Values{"year": 2026, "month": 2, "day": 29},
		Err:   cards.CodeInvalidInput,
	}},
}, func(_ cards.Env, in constructInput) (output, error) {
	zone, err := zoneOf("zone", in.Zone)
	if err != nil {
		return output{}, err
	}
	if zone == nil {
		zone = time.UTC
	}
	month := time.Month(in.Month)
	if most := daysIn(in.Year, month); in.Day > most {
		return output{}, wrong("day", "must be at most %d in %s %d, got %d", most, month, in.Year, in.Day)
	}
	return put(local(in.Year, month, in.Day, clock{in.Hour, in.Minute, in.Second, 0}, zone))
})
