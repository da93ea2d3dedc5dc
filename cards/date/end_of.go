package date

import (
	"time"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

// EndOf finds when a day, week or month ends.
var EndOf = declare(cards.Spec{
	Name:     "date.end_of",
	Title:    "End of",
	Icon:     "move-right",
	Summary:  "Finds when the day, week, month or year of a date ends.",
	Doc:      "Puts out the last millisecond of the unit in which the date is.\n\n- To compare with “before the next one”, take Start of and Add.\n" + zoneRule,
	Keywords: []string{"date", "time", "last day", "end of month", "deadline", "ceiling"},
	Examples: []cards.Example{{
		Title: "The end of February",
		In:    schema.Values{"date": "2024-02-10T08:00:00Z", "unit": "months"},
		Out:   schema.Values{"date": "2024-02-29T23:59:59.999Z"},
	}, {
		Title: "A day of 25 hours",
		In:    schema.Values{"date": "2026-10-25T01:00:00+02:00", "unit": "days", "zone": "Europe/Berlin"},
		Out:   schema.Values{"date": "2026-10-25T23:59:59.999+01:00"},
	}, {
		Title: "A date is needed",
		In:    schema.Values{"unit": "days"},
		Err:   cards.CodeInvalidInput,
	}},
}, func(_ cards.Env, in unitInput) (output, error) {
	zone, err := zoneOf("zone", in.Zone)
	if err != nil {
		return output{}, err
	}
	return put(next(in.Date.in(zone), in.Unit, weekdays[in.Week]).Add(-time.Millisecond))
})
