package date

import (
	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type toZoneInput struct {
	Date moment `json:"date" form:"required" help:"The date to show there."`
	Zone string `json:"zone" label:"Time zone" form:"required" placeholder:"America/New_York" help:"A name such as America/New_York, or an offset such as +02:00."`
}

// ToZone shows a date in another time zone.
var ToZone = declare(cards.Spec{
	Name:     "date.to_zone",
	Title:    "Convert Time Zone",
	Icon:     "globe",
	Summary:  "Shows a date as the clock of another time zone does.",
	Doc:      "Puts out the same instant with the offset that the time zone has then.\n\n- A day without a time becomes its midnight there. Names are those of the IANA database.",
	Keywords: []string{"date", "time", "zone", "utc", "local", "offset", "shift"},
	Examples: []cards.Example{{
		Title: "In New York it is summer already",
		In:    schema.Values{"date": "2026-03-15T12:00:00Z", "zone": "America/New_York"},
		Out:   schema.Values{"date": "2026-03-15T08:00:00-04:00"},
	}, {
		Title: "A day",
		In:    schema.Values{"date": "2026-07-01", "zone": "Europe/Berlin"},
		Out:   schema.Values{"date": "2026-07-01T00:00:00+02:00"},
	}, {
		Title: "Short names are not unique",
		In:    schema.Values{"date": "2026-03-15T12:00:00Z", "zone": "IST"},
		Err:   cards.CodeInvalidInput,
	}},
}, func(_ cards.Env, in toZoneInput) (output, error) {
	zone, err := zoneOf("zone", in.Zone)
	if err != nil {
		return output{}, err
	}
	return put(in.Date.in(zone))
})
