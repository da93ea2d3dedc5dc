package date

import (
	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type differenceInput struct {
	Start moment `json:"start" label:"Start date" form:"required" help:"The date that is counted from."`
	End   moment `json:"end" label:"End date" form:"required" help:"The date that is counted to."`
	Zone  string `json:"zone" label:"Time zone" form:"advanced" placeholder:"Europe/Berlin" help:"Whose calendar counts. The start's own offset when left blank."`
}

// Difference counts the time between two dates.
var Difference = declare(cards.Spec{
	Name:    "date.difference",
	Title:   "Difference",
	Icon:    "timer",
	Summary: "Counts the time between two dates.",
	Whole:   true,
	Doc: "Puts out how much lies between two dates, in every unit, and as an ISO 8601 duration.\n\n" +
		"- Only whole units count: 23 hours are 0 days. When the end comes first, the numbers are negative.\n" +
		"- Days, weeks, months and years are those of the calendar: from 09:00 to 09:00 of the next day is one, however long it was. January 31 to February 28 is a month.\n" + zoneRule,
	Keywords: []string{"date", "time", "between", "days", "age", "elapsed", "duration", "how long"},
	Examples: []cards.Example{{
		Title: "Until the end of a trial",
		In:    schema.Values{"start": "2026-03-01T09:30:00Z", "end": "2026-04-02T12:00:00Z"},
		Out:   schema.Values{"days": 32, "months": 1, "weeks": 4, "hours": 770, "duration": "P1M1DT2H30M"},
	}, {
		Title: "A day of 23 hours",
		In:    schema.Values{"start": "2026-03-28T12:00:00+01:00", "end": "2026-03-29T12:00:00+02:00", "zone": "Europe/Berlin"},
		Out:   schema.Values{"days": 1, "hours": 23},
	}, {
		Title: "The end comes first",
		In:    schema.Values{"start": "2026-03-01", "end": "2025-02-28"},
		Out:   schema.Values{"years": -1, "days": -366, "duration": "-P1Y1D"},
	}, {
		Title: "Not a date",
		In:    schema.Values{"start": "2026-03-01", "end": "tomorrow"},
		Err:   cards.CodeInvalidInput,
	}},
}, func(_ cards.Env, in differenceInput) (span, error) {
	zone, err := zoneOf("zone", in.Zone)
	if err != nil {
		return span{}, err
	}
	start := in.Start.in(zone)
	return between(start, in.End.in(zone).In(start.Location())), nil
})
